import pytest

from tests import factories


@pytest.fixture
def administrator(client):
    """Return an administrator who is signed in."""
    user = factories.create_user("administrator", administrator=True)
    client.force_login(user)
    return user

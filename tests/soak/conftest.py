"""Real servers on the test run's database, for as long as a test lasts."""

import pytest

from tests.soak.servers import MailServer, Servers


@pytest.fixture
def mail_server():
    server = MailServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def servers(transactional_db, mail_server, tmp_path):
    with (tmp_path / "log").open("w") as log:
        started = Servers(mail_port=mail_server.server_address[1], log=log)
        try:
            started.start()
            yield started
        finally:
            started.stop()

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from frameworks import definition, services
from frameworks.models import Framework, FrameworkVersion, Node, Publication
from partnership import audit
from partnership.models import AuditEvent, User
from tests.unit.frameworks.definitions import garden

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def draft(**changes):
    data = garden(**changes)
    framework = Framework.objects.create(code="garden", name=data["name"])
    text = definition.canonical_text(data)
    return FrameworkVersion.objects.create(
        framework=framework, number="1.0", definition=text, digest=definition.digest(text)
    )


def test_publishing_lays_out_every_node_in_document_order():
    version = draft()

    publication = services.publish_version(version=version, by=None, at=AT)

    nodes = Node.objects.filter(version=version).order_by("position").select_related("parent")
    assert [(node.code, node.tier, node.parent and node.parent.code, node.is_criterion) for node in nodes] == [
        ("SO", 1, None, False),
        ("SO1", 2, "SO", True),
        ("SO2", 2, "SO", True),
        ("SO3", 2, "SO", True),
        ("PE", 1, None, False),
        ("PE1", 2, "PE", True),
        ("PE2", 2, "PE", False),
        ("PE2a", 3, "PE2", True),
        ("PE2b", 3, "PE2", True),
        ("PE3", 2, "PE", True),
    ]
    assert publication.digest == version.digest
    assert AuditEvent.objects.get().type == audit.Type.VERSION_PUBLISHED


def test_a_version_is_published_once():
    version = draft()
    services.publish_version(version=version, by=None, at=AT)

    with pytest.raises(services.AlreadyPublished):
        services.publish_version(version=version, by=None, at=AT)

    assert Publication.objects.count() == 1


def test_a_published_definition_cannot_be_changed():
    version = draft()
    services.publish_version(version=version, by=None, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        FrameworkVersion.objects.filter(pk=version.pk).update(definition="{}")


def test_only_an_administrator_publishes():
    chair = User.objects.create_user(email="chair@example.org", name="A chair")

    with pytest.raises(PermissionDenied):
        services.publish_version(version=draft(), by=chair, at=AT)

    assert not Publication.objects.exists()


@pytest.mark.parametrize("field, value", [("digest", "0" * 64), ("number", "2.0")])
def test_a_definition_that_is_not_the_rows_own_is_refused(field, value):
    version = draft()
    FrameworkVersion.objects.filter(pk=version.pk).update(**{field: value})

    with pytest.raises(services.WrongDefinition):
        services.publish_version(version=version, by=None, at=AT)

    assert not Node.objects.exists()


def test_an_unsound_definition_is_refused():
    with pytest.raises(definition.DefinitionError):
        services.publish_version(version=draft(nodes=[]), by=None, at=AT)


def test_a_version_whose_golden_cases_fail_is_refused():
    cases = garden()["golden"]
    cases[0]["expect"]["claimed"]["SO1"] = 4

    with pytest.raises(services.GoldenCasesFail) as refusal:
        services.publish_version(version=draft(golden=cases), by=None, at=AT)

    assert [failure.where for failure in refusal.value.failures] == ["claimed SO1"]
    assert not Publication.objects.exists()


def test_a_version_without_golden_cases_is_refused():
    with pytest.raises(services.NoGoldenCases, match="There are no golden cases"):
        services.publish_version(version=draft(golden=[]), by=None, at=AT)

    assert not Publication.objects.exists()

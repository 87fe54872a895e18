"""The triggers that keep rows as they were written, on whichever database the tests run."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from frameworks.models import FrameworkVersion, Publication
from partnership import append_only
from partnership.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    factories.create_system()
    return AuditEvent.objects.get()


def refused():
    """The database refuses; what it says names the table."""
    return pytest.raises(DatabaseError, match="keeps its rows as they were written")


def problems():
    return [error.msg for error in append_only.check_guards(None, databases=["default"])]


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_append_only_row_cannot_be_changed(event):
    with refused(), transaction.atomic():
        AuditEvent.objects.update(actor="somebody else")

    assert AuditEvent.objects.get().actor == "portal"


def test_an_append_only_row_cannot_be_deleted(event):
    with refused(), transaction.atomic():
        AuditEvent.objects.all().delete()

    assert AuditEvent.objects.exists()


def test_an_append_only_table_cannot_be_emptied_or_replaced_in_other_ways(event):
    ways = {
        "sqlite": "INSERT OR REPLACE INTO partnership_auditevent SELECT * FROM partnership_auditevent",
        "postgresql": "TRUNCATE partnership_auditevent",
    }

    with refused(), transaction.atomic():
        run(ways[connection.vendor])


@pytest.fixture
def version():
    from frameworks.models import Framework

    framework = Framework.objects.create(code="made-up", name="Made up")
    return FrameworkVersion.objects.create(framework=framework, number="1.0", definition="{}", digest="0" * 64)


def test_a_draft_may_be_changed_and_deleted(version):
    FrameworkVersion.objects.filter(pk=version.pk).update(definition="{ }")

    assert FrameworkVersion.objects.filter(pk=version.pk).delete()[0] == 1


@pytest.mark.parametrize("column, value", [("definition", "{ }"), ("number", "1.1"), ("digest", "1" * 64)])
def test_a_published_version_cannot_be_changed(version, column, value):
    Publication.objects.create(version=version, digest=version.digest, published_at=factories.AT)

    with refused(), transaction.atomic():
        FrameworkVersion.objects.filter(pk=version.pk).update(**{column: value})


def test_every_guard_is_in_place():
    assert problems() == []
    assert len(append_only.wanted(connection)) > 10


def test_a_dropped_guard_is_reported_and_put_back_by_migrate():
    on = " ON partnership_auditevent" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER keep_partnership_auditevent_delete{on}")

    [problem] = problems()
    assert "keep_partnership_auditevent_delete" in problem

    call_command("migrate", verbosity=0)
    assert problems() == []


def test_a_weakened_guard_is_reported_and_put_back():
    if connection.vendor == "sqlite":
        run("DROP TRIGGER keep_partnership_auditevent_update")
        run(
            "CREATE TRIGGER keep_partnership_auditevent_update BEFORE UPDATE ON partnership_auditevent "
            "WHEN 1 = 0 BEGIN SELECT 1; END"
        )
    else:
        run("ALTER TABLE partnership_auditevent DISABLE TRIGGER keep_partnership_auditevent_update")

    [problem] = problems()
    assert "keep_partnership_auditevent_update" in problem

    append_only.install(connection)
    assert problems() == []


def test_a_guard_that_no_model_asks_for_any_more_is_dropped():
    body = {
        "sqlite": ["CREATE TRIGGER keep_old BEFORE DELETE ON partnership_system BEGIN SELECT RAISE(ABORT, 'no'); END"],
        "postgresql": [
            "CREATE FUNCTION keep_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            "CREATE TRIGGER keep_old BEFORE DELETE ON partnership_system FOR EACH ROW EXECUTE FUNCTION keep_old()",
        ],
    }
    for statement in body[connection.vendor]:
        run(statement)

    append_only.install(connection)

    assert ("keep_old", "partnership_system") not in append_only.present(connection)


@pytest.mark.django_db(transaction=True)
def test_a_migration_may_alter_a_table_that_a_guard_reads():
    constraint = models.CheckConstraint(condition=~models.Q(digest="never"), name="made_up_for_a_test")
    append_only.lift_before_migrate(None, using="default", plan=["a migration"])
    try:
        with connection.schema_editor() as editor:
            editor.add_constraint(Publication, constraint)
        with connection.schema_editor() as editor:
            editor.remove_constraint(Publication, constraint)
    finally:
        append_only.install_after_migrate(None, using="default")

    assert problems() == []

"""The triggers that keep rows as they were written, on whichever database the tests run."""

import uuid

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from frameworks.models import FrameworkVersion, Publication
from partnership import append_only
from partnership.models import AuditEvent
from tests import factories
from tests.kept import undone

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


# What is written once. A table that leaves this list, or joins it, does so by somebody's decision.
WRITTEN_ONCE = {
    "partnership": "AuditEvent EndedByClosing HelpText InvitationEvent PlaceChange StoredFile",
    "frameworks": "FrameworkVersion Node Publication Retirement",
    "assessments": "ArtefactReview Condition ConditionClosure CriterionReview DatesChange Decision Delegation Dissent "
    "DissentWithdrawal Extension PathwayDate PathwayDecision Presence Question Reply Seal Signature Snapshot StandIn "
    "StateChange Step Target TargetSet",
    "improvement": "ActionChange HelpChange",
    "reports": "ApiToken Paper Reminder Report RoundOrder",
}


def test_no_table_stops_being_kept_unnoticed():
    kept = {(model._meta.app_label, model.__name__) for model in append_only.guarded_models()}

    assert kept == {(room, name) for room, names in WRITTEN_ONCE.items() for name in names.split()}


KEPT = [model for model in append_only.guarded_models() if getattr(model, "frozen_once", ("TRUE",))[0] == "TRUE"]


def insert_made_up_row(model):
    """Put a row of nonsense into a table, past its checks; where its keys lead to is never looked at."""
    table, fields = model._meta.db_table, [field for field in model._meta.concrete_fields if not field.primary_key]
    if connection.vendor == "sqlite":
        run("PRAGMA ignore_check_constraints = ON")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(field.column for field in fields)}) "
            f"VALUES ({', '.join('%s' for _ in fields)}) RETURNING id",
            [made_up(field) for field in fields],
        )
        return cursor.fetchone()[0]


def made_up(field):
    kind = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    if kind in {"CharField", "TextField", "SlugField", "URLField", "EmailField", "FileField"}:
        return "x"
    if kind == "UUIDField":
        return field.get_db_prep_value(uuid.uuid4(), connection)
    if kind == "DateTimeField":
        return "2026-01-01 00:00:00+00:00"
    if kind == "DateField":
        return "2026-01-01"
    return kind == "BooleanField" if kind == "BooleanField" else 1


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_every_kept_row_refuses_plain_sql(model):
    table, columns = model._meta.db_table, getattr(model, "frozen_once", ("", ["id"]))[1]
    changes = [f"UPDATE {table} SET {each} = {'id + 1' if each == 'id' else 'NULL'}" for each in columns]
    with undone():
        if connection.vendor == "postgresql":
            with refused(), transaction.atomic():
                run(f"TRUNCATE {table} CASCADE")
        key = insert_made_up_row(model)
        for way in (*changes, f"DELETE FROM {table} WHERE id = {key}"):
            with refused(), transaction.atomic():
                run(way)
        if connection.vendor == "sqlite":
            run("PRAGMA ignore_check_constraints = OFF")


def test_every_lifted_guard_is_reported_and_put_back():
    append_only.lift(connection)
    reported = " ".join(problems())
    for model in append_only.guarded_models():
        for guard in append_only.guards_of(model, connection.vendor):
            assert guard.name in reported

    append_only.install(connection)
    assert problems() == []


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

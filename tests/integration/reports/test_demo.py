"""The demo, loaded once for this module through the services."""

import io
import json
import subprocess
import zipfile
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments import documents
from assessments.models import (
    Artefact,
    ArtefactLink,
    Assessment,
    Condition,
    Decision,
    EvidenceItem,
    Round,
    Score,
    Snapshot,
)
from assessments.workflow import State
from partnership import audit
from partnership.models import AuditChain, OutgoingMail, User
from reports import figures, printing, services
from reports.demo.dates import WRITTEN_FOR, Dates
from reports.sealed import of_seal

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=io.StringIO())
        if connection.vendor == "postgresql":
            # Nothing else counts the rows of a transaction, and plans made without counts take minutes.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


def assessment_of(place, round_index):
    return Assessment.objects.filter(place__name=place).order_by("round__opens_on")[round_index]


def frozen(place, round_index):
    return documents.stored(Snapshot.objects.get(assessment=assessment_of(place, round_index)))


def test_st_helens_comes_with_its_whole_case():
    items = EvidenceItem.objects.filter(assessment=assessment_of("St Helens", 1))

    assert items.count() == 50
    assert Artefact.objects.filter(place__name="St Helens").count() == 13
    assert ArtefactLink.objects.filter(item__in=items).count() == 17
    assert items.filter(artefact_links=None).count() == 35


def test_halton_has_held_a_workshop_and_can_open_another(client):
    (held,) = assessment_of("Halton", 1).workshops.all()
    client.force_login(User.objects.get(email="chair@halton.example"))

    record = client.get(reverse("assessments:workshop_record", args=[held.public_id])).text

    assert "5 on the screen, 5 settled" in record
    assert "Board member, Halton council" in record
    assert "Open a workshop" in client.get(reverse("assessments:workshop", args=[held.assessment.public_id])).text


def test_the_earlier_round_reads_as_the_place_would_expect():
    document = frozen("St Helens", 0)

    verdicts = {pathway["code"]: pathway["verdict"] for pathway in document["improvement"]["pathways"]}
    full = next(pathway for pathway in document["improvement"]["pathways"] if pathway["code"] == "full-delegation")

    assert verdicts == {"shadow-committee": "READY_WITH_CONDITIONS", "full-delegation": "NOT_READY"}
    assert all(gate["remedy"] for gate in full["gates"] if gate["status"] != "pass")


def test_the_member_who_tries_the_demo_finds_their_own_scoring_still_to_do():
    scores = Score.objects.filter(item__assessment=assessment_of("St Helens", 1))

    assert scores.filter(membership__user__email="member@sthelens.example").count() == 32
    assert scores.exclude(membership__user__email="member@sthelens.example").count() == 11 * 50


def test_the_places_stand_at_different_points_of_the_round():
    # By order, not by day: the demo's days move with the day on which it is loaded.
    newest = Round.objects.latest("opens_on")
    states = dict(Assessment.objects.filter(round=newest).values_list("place__name", "state"))

    assert len(states) == 9
    assert set(states.values()) == {"PREPARING", "SCORING", "AGREEING", "SIGNING", "SIGNED"}


def test_items_of_the_second_round_continue_those_of_the_first():
    def lineages(index):
        return set(assessment_of("St Helens", index).items.values_list("lineage", flat=True))

    assert lineages(0) == lineages(1)


def test_the_audit_record_is_whole():
    assert [fault for chain in AuditChain.objects.all() for fault in audit.faults(chain.key)] == []


def test_demo_people_sign_in_with_the_printed_password(client, settings):
    settings.AUTHENTICATION_BACKENDS = ["partnership.backends.PasswordBackend"]

    assert client.login(username="member@sthelens.example", password=settings.DEMO_PASSWORD)
    assert not User.objects.exclude(email__endswith=".example").exists()


def test_loading_again_changes_nothing(capsys):
    before = Score.objects.count()

    call_command("load_demo")

    assert Score.objects.count() == before
    assert "loaded already" in capsys.readouterr().out


def test_the_demo_is_refused_outside_demo_mode(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="PORTAL_DEMO"):
        call_command("load_demo")


def test_the_demo_moves_by_whole_weeks_so_that_it_is_never_out_of_date():
    deadline = date(2026, 12, 4)

    assert Dates.as_of(WRITTEN_FOR + timedelta(days=6)).day(deadline) == deadline
    assert Dates.as_of(WRITTEN_FOR + timedelta(days=400)).day(deadline) == deadline + timedelta(days=399)
    assert Dates.as_of(date(2026, 1, 1)).day(deadline) == deadline
    assert Dates(weeks=26).season(date(2026, 9, 14)) == "Spring 2027"


def test_the_earlier_round_was_reviewed_and_decided_as_its_gates_say():
    decision = Decision.objects.select_related("seal__snapshot").get()
    told = json.loads(decision.text)

    assert {each["code"]: each["outcome"] for each in told["pathways"]} == {
        "shadow-committee": "CONDITIONS",
        "full-delegation": "NOT_YET",
    }
    assert told["snapshot"]["digest"] == decision.seal.snapshot.digest
    assert [row["criterion"] for row in told["review"] if row["level"] != row["claimed"]] == ["LC4", "DD1", "DD2"]
    assert len(told["review"]) == 12
    assert [len(question["replies"]) for question in told["questions"]] == [1, 1]
    assert Condition.objects.count() == 2
    assert Condition.objects.still_open().count() == 1


def test_one_place_is_in_review_and_one_is_waited_for():
    earlier = Round.objects.earliest("opens_on")
    states = dict(Assessment.objects.filter(round=earlier).values_list("place__name", "state"))

    assert (states["St Helens"], states["Wirral"], states["Sefton"]) == ("DECIDED", "IN_REVIEW", "CLARIFY")


def test_the_made_up_past_sends_nobody_an_e_mail():
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


# What the screen, the report's PDF, the downloads and the API say of St Helens


@pytest.fixture
def st_helens():
    found = Assessment.objects.select_related("seal__snapshot", "place", "system", "round")
    return found.get(place__name="St Helens", state=State.DECIDED)


@pytest.fixture
def office(client):
    person = User.objects.get(email="office@icb.example")
    client.force_login(person)
    return person


def api(client, assessment, office, name):
    """Return the rows that the API gives of the assessment."""
    _, secret = services.make_token(
        system=assessment.system,
        name=f"Tool for {name}",
        expires_on=timezone.localdate() + timedelta(days=1),
        by=office,
        at=timezone.now(),
    )
    query = {"round": assessment.round.public_id, "place": assessment.place.public_id}
    response = client.get(reverse(f"reports:api_{name}"), query, headers={"Authorization": f"Bearer {secret}"})
    return response.json()["data"]


def download(client, assessment, kind):
    return client.get(reverse("reports:data_file", args=[assessment.public_id, kind])).content


def in_workbook(content, name):
    heading, *rows = load_workbook(io.BytesIO(content))[name].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def words_of_pdf(document):
    pdf, _ = printing.print_report(document.document, identity=document.identity, seal=document.seal)
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(text.decode().split())


def test_screen_pdf_downloads_and_api_agree(client, st_helens, office):
    sealed = of_seal(st_helens.seal)
    profile = figures.profile(sealed.document)
    workbook = download(client, st_helens, "xlsx")
    tables = json.loads(download(client, st_helens, "json"))["tables"]
    csv = zipfile.ZipFile(io.BytesIO(download(client, st_helens, "csv")))
    place = client.get(reverse("reports:place", args=[st_helens.place.public_id]), {"round": str(st_helens.public_id)})
    screen = {row.code: row for row in place.context["profile"].rows}
    paper = words_of_pdf(sealed)
    rows = {row["node"]: row for row in tables["results"] if row["is_criterion"]}

    assert rows.keys() == screen.keys() == {row.code for row in profile.rows}
    for code, row in rows.items():
        shown = screen[code]
        assert (row["claimed_level"], row["supported_level"]) == (shown.claimed.level, shown.supported.level)
        assert (row["in_date"], row["applicable"]) == (shown.in_date, shown.applicable)
        assert (row["reviewed_level"], row["target_level"]) == (
            shown.reviewed and shown.reviewed.level,
            shown.target and shown.target.level,
        )
        assert row["split"] == (", ".join(shown.split) or None)
        assert f"{shown.in_date} of {shown.applicable}" in paper
    # What the files and the API say is the same row by row.
    given = {"results": "levels", "items": "items", "gates": "gates", "pathways": "verdicts", "coverage": "coverage"}
    given |= {"actions_now": "actions", "pathway_decisions": "decisions", "conditions": "conditions"}
    for table, name in given.items():
        assert api(client, st_helens, office, name) == tables[table], name
        assert csv.read(f"{table}.csv").decode().count(str(st_helens.public_id)) >= len(tables[table])
    for table in ("results", "gates", "pathways", "coverage"):
        assert in_workbook(workbook, table) == tables[table]
    # Gates, verdicts and the decision.
    shown_gates = {
        (pathway["code"], gate["code"]): (gate["status"], str(gate["value"]), str(gate["threshold"]))
        for pathway in place.context["pathways"]
        for gate in pathway["gates"]
    }
    told = {(row["pathway"], row["gate"]): (row["status"], row["value"], row["threshold"]) for row in tables["gates"]}

    assert told == shown_gates
    assert {row["pathway"]: row["verdict"] for row in tables["pathways"]} == {
        pathway["code"]: pathway["verdict"] for pathway in place.context["pathways"]
    }
    for row in tables["gates"]:
        assert " ".join(row["name"].split()) in paper
    for row in tables["pathways"]:
        assert row["name"] in paper
    decided = json.loads(Decision.objects.get(assessment=st_helens).text)
    assert {(row["pathway"], row["outcome"]) for row in tables["pathway_decisions"]} == {
        (pathway["code"], pathway["outcome"]) for pathway in decided["pathways"]
    }
    page = client.get(reverse("assessments:decision", args=[st_helens.public_id])).text
    assert all(row["text"] in page for row in tables["conditions"])


def test_the_systems_page_shows_the_levels_that_the_api_gives(client, st_helens, office):
    page = client.get(
        reverse("reports:system", args=[st_helens.system.public_id]), {"round": str(st_helens.round.public_id)}
    )
    (row,) = [row for row in page.context["matrix"].rows if row.place == "St Helens"]
    shown = {cell.code: (cell.supported.level, list(cell.split)) for cell in row.cells}
    given = {
        row["node"]: (row["supported_level"], row["split"].split(", ") if row["split"] else [])
        for row in api(client, st_helens, office, "levels")
        if row["is_criterion"]
    }

    assert given == shown

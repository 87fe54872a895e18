"""The demo, loaded once for this module through the services."""

import io
import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import resolve, reverse
from django.utils import timezone

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
from partnership.models import AuditChain, OutgoingMail, Place, User
from reports import printing, services
from reports.demo import cases
from reports.demo.dates import WRITTEN_FOR, Dates
from reports.sealed import of_seal
from tests import said

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


def test_a_tenth_place_has_become_part_of_one_of_the_nine_which_reads_what_it_did(client):
    (former,) = Place.objects.exclude(ended_on=None)
    (earlier,) = former.assessments.all()
    assert Place.objects.filter(ended_on=None).count() == 9
    assert former.part_of.name == "Warrington"
    assert earlier.round not in Round.objects.filter(assessments__place=former.part_of)

    client.force_login(User.objects.get(email="lead@warrington.example"))
    page = client.get(reverse("reports:place", args=[former.public_id])).text
    assert "now part of" in page
    assert "In 2 of 12 criteria the evidence supports less than the board agreed" in page
    client.force_login(User.objects.get(email="lead@wirral.example"))
    assert client.get(reverse("reports:place", args=[former.public_id])).status_code == 404
    client.logout()
    assert former.name not in client.get(reverse("partnership:sign_in")).text


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
    assert {Dates(weeks=each).season(date(2026, 9, 14)) for each in (13, 17)} == {"Winter 2026 to 2027"}


def test_the_rounds_have_names_of_their_own_whenever_the_demo_is_loaded():
    told = cases.read("system.yaml")
    opened = [each["opens_on"] for each in (*told["rounds"], told["closed"]["round"])]

    for week in range(60):
        assert len({Dates(weeks=week).season(day) for day in opened}) == len(opened) == 3


def test_the_earlier_round_was_reviewed_and_decided_as_its_gates_say():
    decision = Decision.objects.select_related("seal__snapshot").get(assessment=assessment_of("St Helens", 0))
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
    earlier = assessment_of("St Helens", 0).round
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


NODES = frozenset({"claimed", "supported", "evidence", "verdict", "outcome", "found", "asked"})
SCREEN, PAPER = NODES | {"split", "scores"}, NODES | {"agreed", "proven"}
FILES = NODES | {"split", "scores", "agreed"}


def unlike(told, expected, kinds):
    """Return what a medium says otherwise than the document, and what it leaves out of what it is to say."""
    wrong = {key: (value, expected.get(key)) for key, value in told.items() if value != expected.get(key)}
    return wrong, {key for key in expected if key[0] in kinds} - told.keys()


def files_of(client, assessment):
    return {
        "xlsx": said.tables_of_workbook(download(client, assessment, "xlsx")),
        "csv": said.tables_of_csv(download(client, assessment, "csv")),
        "json": said.tables_of_json(download(client, assessment, "json")),
    }


def pages_of(client, assessment):
    place = reverse("reports:place", args=[assessment.place.public_id])
    report = reverse("reports:report", args=[assessment.public_id])
    return client.get(place, {"round": str(assessment.public_id)}).text, client.get(report).text


def test_screen_report_pdf_downloads_and_api_say_the_same_numbers(client, st_helens, office):
    sealed = of_seal(st_helens.seal)
    document = sealed.document
    found = json.loads(Decision.objects.get(assessment=st_helens).text)["review"]
    expected = said.by_document(document, reviewed={row["criterion"]: row["level"] for row in found})
    place, report = pages_of(client, st_helens)
    pdf, _ = printing.print_report(document, identity=sealed.identity, seal=sealed.seal)
    files = files_of(client, st_helens)
    named = {"results": "levels", "pathways": "verdicts"}
    given = {name: api(client, st_helens, office, named.get(name, name)) for name in said.TABLES}

    assert unlike(said.by_place_page(place, document), expected, SCREEN | {"reviewed"}) == ({}, set())
    assert unlike(said.by_report_page(report, document), expected, PAPER) == ({}, set())
    assert unlike(said.by_pdf(said.words_of_pdf(pdf), document), expected, NODES) == ({}, set())
    for name, tables in (*files.items(), ("api", given)):
        assert unlike(said.by_rows(tables), expected, FILES | {"reviewed"}) == ({}, set()), name
    # What programs read is the same row by row, in what no page tells, too.
    also = {"coverage": "coverage", "actions_now": "actions", "pathway_decisions": "decisions"}
    for table, name in (also | {"conditions": "conditions"}).items():
        assert api(client, st_helens, office, name) == files["json"][table], name
    assert all(given[name] == files["json"][name] for name in said.TABLES)


def test_an_unfinished_place_says_the_same_numbers_everywhere(client):
    halton = assessment_of("Halton", 1)
    client.force_login(User.objects.get(email="chair@halton.example"))
    document = documents.document(assessment=halton, on=timezone.localdate())
    expected = said.by_document(document)
    place, report = pages_of(client, halton)

    assert "Incomplete" in expected.values()
    assert unlike(said.by_place_page(place, document), expected, SCREEN) == ({}, set())
    assert unlike(said.by_report_page(report, document), expected, PAPER) == ({}, set())
    for name, tables in files_of(client, halton).items():
        assert unlike(said.by_rows(tables), expected, FILES) == ({}, set()), name


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


def rows_that_lead_nowhere(page):
    """Return the words of the rows of a page's tables in which nothing is a link."""
    bare = [
        row
        for row in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
        if "<td" in row and not re.search("href=|colgroup", row)
    ]
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in bare]


def test_every_row_of_the_dashboards_leads_to_what_is_behind_it(client, st_helens, office):
    round = {"round": str(st_helens.round.public_id)}
    place = client.get(
        reverse("reports:place", args=[st_helens.place.public_id]), {"round": str(st_helens.public_id)}
    ).text
    system = client.get(reverse("reports:system", args=[st_helens.system.public_id]), round).text

    # But for the sum of the rows above it, and strengths of which there is no artefact.
    bare = [row for row in rows_that_lead_nowhere(place) if not row.endswith(" 0")]
    assert [row.partition(" 15 ")[0] for row in bare] == ["All criteria"]
    assert rows_that_lead_nowhere(system) == []
    for page in (place, system):
        anchors, addresses = {}, {}
        for address in re.findall(r'<a\b[^>]* href="([^"]+)"', page):
            path, _, anchor = unescape(address).partition("#")
            anchors |= {anchor: address} if anchor and not path else {}
            addresses.setdefault(resolve(path.partition("?")[0]).view_name if path.startswith("/") else path, path)
        assert [each for each in anchors if f'id="{each}"' not in page] == []
        assert [each for name, each in addresses.items() if name and client.get(each).status_code != 200] == []

"""What people take along: the same as on the pages, for the same people, in files that other programs read."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, datetime

import pytest
from django.db import transaction
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker
from openpyxl import load_workbook

from assessments.models import StateChange
from assessments.workflow import Move, State
from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM, Role
from reports.exports import as_json, gathering
from reports.exports.csv_files import COLUMNS, MANIFEST, README
from reports.exports.gathering import SHEETS
from reports.exports.row_sheet import programme_office, readers
from reports.exports.xlsx import READ_ME
from reports.tables import BYTE_ORDER_MARK
from tests import factories

pytestmark = pytest.mark.django_db
OF_BOARD = {"scores", "ballots_agreed", "ballots_dissents", "facilitators", "workshops"}


class World:
    """Two places that submitted in one round, one of them decided on, and one assessment in each other state."""

    def __init__(self):
        system = factories.create_system("Vale")
        self.place, other = (factories.create_place(name, system=system) for name in ("Mossley", "Amber"))
        self.opened = factories.create_round(places=[self.place, other], name="Autumn")
        mine = self.opened.assessments.get(place=self.place)
        factories.create_artefact(self.place, item=factories.create_item(mine, statement="We meet."), strength=2)
        factories.create_action(mine, title="Write it down")
        self.decided = factories.decided(mine)
        factories.submitted(self.opened.assessments.get(place=other))
        live = (State.PREPARING, State.SCORING, State.AGREEING, State.SIGNING, State.SIGNED)
        self.live = {state: factories.create_assessment(place=self.place, state=state) for state in live}
        self.people = {role: factories.holder(role, self.place) for role in Role}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.conf.settings.ON_SEALED", [])
            yield World()
        transaction.set_rollback(True)


def take(client, person, assessment, kind="json"):
    client.force_login(person)
    return client.get(reverse("reports:data_file", args=[assessment.public_id, kind]))


def tables(response):
    assert response.status_code == 200, response.text
    return json.loads(response.content)["tables"]


def take_round(client, person, opened, kind="json"):
    client.force_login(person)
    return client.get(reverse("reports:round_data_file", args=[opened.public_id, kind]))


# The files


def test_the_json_meets_its_published_schema_and_its_sealed_texts_have_their_hashes(client, world):
    schema = client.get(reverse("reports:data_schema")).json()
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema, format_checker=FormatChecker())
    for person, assessment in ((Role.CHAIR, world.decided), (Role.CONTRIBUTOR, world.live[State.SCORING])):
        check.validate(json.loads(take(client, world.people[person], assessment).content))
    check.validate(json.loads(take_round(client, world.people[Role.PROGRAMME_OFFICE], world.opened).content))

    (sealed,) = json.loads(take(client, world.people[Role.CHAIR], world.decided).content)["sealed"]
    for name in ("content", "sign_off", "decision"):
        assert hashlib.sha256(sealed[name]["text"].encode()).hexdigest() == sealed[name]["sha256"]
    assert sealed["content"]["sha256"] == world.decided.seal.snapshot.digest


def test_the_schema_bites(client, world):
    data = json.loads(take(client, world.people[Role.CHAIR], world.decided).content)
    data["tables"]["items"][0]["number"] = "1"

    assert not Draft202012Validator(as_json.schema()).is_valid(data)


def test_the_workbook_has_a_sheet_for_each_table_with_typed_cells_and_frozen_headings(client, world):
    response = take(client, world.people[Role.CHAIR], world.decided, "xlsx")
    book = load_workbook(io.BytesIO(response.content))
    written = tables(take(client, world.people[Role.CHAIR], world.decided))

    assert response["Content-Disposition"] == 'attachment; filename="mossley-autumn-data.xlsx"'
    assert book.sheetnames == [READ_ME, *written]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    for name, rows in written.items():
        heading, *cells = book[name].iter_rows(values_only=True)
        assert [dict(zip(heading, map(as_json_has_it, row), strict=True)) for row in cells] == rows, name
    heading, cells = book["assessments"].iter_rows(values_only=True)
    row = dict(zip(heading, cells, strict=True))
    assert isinstance(row["opens_on"], date)
    assert isinstance(row["sealed_at"], datetime)
    assert isinstance(row["applicable"], int)


def as_json_has_it(value):
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if is_day else f"{value.isoformat()}+00:00"
    return value


def test_the_csv_files_say_the_same_and_the_manifest_has_their_hashes(client, world):
    package = zipfile.ZipFile(io.BytesIO(take(client, world.people[Role.CHAIR], world.decided, "csv").content))
    manifest = json.loads(package.read(MANIFEST))
    written = tables(take(client, world.people[Role.CHAIR], world.decided))

    assert package.namelist() == [README, MANIFEST, *(f"{name}.csv" for name in written), COLUMNS]
    for entry in manifest["files"]:
        assert hashlib.sha256(package.read(entry["name"])).hexdigest() == entry["sha256"]
    for name, rows in written.items():
        read = list(csv.DictReader(io.StringIO(package.read(f"{name}.csv").decode().removeprefix(BYTE_ORDER_MARK))))
        assert read == [{key: as_csv_has_it(value) for key, value in row.items()} for row in rows], name
    assert "scores.csv: One member's score of an item" in package.read(README).decode()


def as_csv_has_it(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# Who sees what


# A member at this place has still to score in another round, which a test of its own is about.
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MEMBER}))
def test_single_scores_are_for_the_board_alone(client, world, role):
    written = tables(take(client, world.people[role], world.decided))

    assert OF_BOARD & written.keys() == (OF_BOARD if role in BOARD else set())
    assert ("peer_reviewers" in written) == (role == Role.PROGRAMME_OFFICE)
    assert {row["reviewed_by"] for row in written["reviews"]} == {world.people[Role.REVIEWER].name}
    if role in BOARD:
        assert len(written["scores"]) == 3


@pytest.mark.parametrize("role", sorted(OF_SYSTEM | {Role.OBSERVER}))
def test_before_it_is_submitted_others_get_nothing(client, world, role):
    for assessment in world.live.values():
        assert take(client, world.people[role], assessment).status_code == 403
        assert take(client, world.people[role], assessment, "evidence").status_code == 403


@pytest.mark.parametrize("role", sorted(AT_PLACE - {Role.OBSERVER, Role.MEMBER}))
def test_while_the_board_scores_there_are_no_levels_and_no_scores(client, world, role):
    for state in (State.PREPARING, State.SCORING):
        written = tables(take(client, world.people[role], world.live[state]))

        assert not written.keys() & (OF_BOARD | {"results", "counts", "dissents", "gates", "pathways", "reviews"})
        assert all(row["level"] is row["rationale"] is row["scores"] is None for row in written["items"])


def test_how_scores_lie_is_for_the_board_while_it_agrees(client, world):
    contributor, chair = (
        tables(take(client, world.people[role], world.live[State.AGREEING])) for role in (Role.CONTRIBUTOR, Role.CHAIR)
    )

    assert "counts" not in contributor
    assert "dissents" not in contributor
    assert contributor["items"][0]["scores"] is contributor["assessments"][0]["assessors"] is None
    assert [row["scores"] for row in chair["counts"]] == [0, 3, 0, 0]
    assert chair["items"][0]["scores"] == 3


def test_a_review_that_is_not_shared_yet_is_for_reviewers(client, world):
    place = factories.create_place()
    assessment = factories.create_assessment(place=place, state=State.IN_REVIEW)
    factories.create_finding(assessment, words="Not for the place yet")

    assert "reviews" not in tables(take(client, factories.holder(Role.CHAIR, place), assessment))
    (row,) = tables(take(client, factories.holder(Role.REVIEWER, place), assessment))["reviews"]
    assert row["words"] == "Not for the place yet"


def test_a_member_who_has_still_to_score_gets_no_earlier_levels(client, world):
    member = factories.board(world.place, 1)[0]

    assert take(client, member, world.decided).status_code == 403
    assert "Not before you have scored" in client.get(reverse("reports:data", args=[world.decided.public_id])).text


def test_a_round_that_keeps_its_results_at_the_places_gives_the_icb_nothing(client):
    assessment = factories.create_assessment(state=State.SUBMITTED, visibility="PLACE")
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)

    assert take(client, office, assessment).status_code == 403
    assert tables(take_round(client, office, assessment.round))["assessments"] == []
    assert "stay at the places" in client.get(reverse("reports:round_data", args=[assessment.round.public_id])).text


def test_what_was_said_of_content_that_was_taken_back_is_not_told_as_signed(client, settings):
    settings.ON_SEALED = []
    assessment = factories.put_up(factories.create_assessment())
    signatory = factories.create_signatory(assessment.place)
    factories.create_signature(assessment, by=signatory, kind="RESERVED", words="A figure is wrong")
    factories.move(assessment, Move.TAKE_BACK, reason="To mend the figure")
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(assessment, by=signatory)
    factories.move(assessment, Move.SEAL, meeting_on=factories.AT.date(), minute_reference="PB/26/1")
    assessment = factories.move(assessment, Move.SUBMIT)
    written = tables(take(client, factories.holder(Role.PROGRAMME_OFFICE, assessment.place), assessment))

    assert [(row["kind"], row["words"]) for row in written["signatures"]] == [("SIGNED", None)]
    assert [row["number"] for row in written["snapshots"]] == [1, 2]
    assert len(written["states"]) == StateChange.objects.filter(assessment=assessment).count()


# A round


def test_a_round_has_what_its_places_submitted_by_name(client, world):
    factories.create_assessment(place=world.place, state=State.AGREEING)
    written = tables(take_round(client, world.people[Role.PROGRAMME_OFFICE], world.opened))

    assert [row["place"] for row in written["assessments"]] == ["Amber", "Mossley"]
    assert {row["round"] for rows in written.values() for row in rows} == {"Autumn"}
    assert not OF_BOARD & written.keys()


def test_a_round_is_of_the_versions_that_count(client):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    later = factories.reopened(assessment)

    (row,) = tables(take_round(client, office, assessment.round))["assessments"]
    assert (row["number"], row["superseded_by"]) == (1, str(later.public_id))


@pytest.mark.parametrize("places", [1, 3])
def test_a_round_takes_as_many_queries_for_many_places_as_for_one(client, places, settings, django_assert_num_queries):
    settings.ON_SEALED = []
    opened = factories.create_round(
        places=[factories.create_place(system=system) for system in [factories.create_system()] for _ in range(places)]
    )
    for assessment in opened.assessments.select_related("place__system", "round", "framework_version"):
        factories.submitted(assessment)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))

    # Session, user, round and capacity; assessments, seals and decisions; each table of rows that the ICB sees.
    seen = [each for each in gathering.BESIDE.values() if each.seen_by in (readers, programme_office)]
    with django_assert_num_queries(4 + 3 + len(seen)):
        client.get(reverse("reports:round_data_file", args=[opened.public_id, "json"]))


def test_the_pages_take_few_queries(client, world, django_assert_num_queries):
    client.force_login(world.people[Role.CHAIR])
    with django_assert_num_queries(7):
        client.get(reverse("reports:data", args=[world.decided.public_id]))
    client.force_login(world.people[Role.PROGRAMME_OFFICE])
    with django_assert_num_queries(5):
        client.get(reverse("reports:round_data", args=[world.opened.public_id]))


def test_the_pages_lead_to_what_they_offer(client, world):
    client.force_login(world.people[Role.CHAIR])
    text = client.get(reverse("reports:data", args=[world.decided.public_id])).text
    for kind in ("xlsx", "csv", "json", "evidence"):
        assert f'href="{reverse("reports:data_file", args=[world.decided.public_id, kind])}"' in text
    assert all(sheet.title in text for sheet in SHEETS)
    assert (
        reverse("reports:data", args=[world.decided.public_id])
        in client.get(reverse("assessments:assessment", args=[world.decided.public_id])).text
    )
    client.force_login(world.people[Role.REVIEWER])
    assert (
        reverse("reports:round_data", args=[world.opened.public_id])
        in client.get(reverse("assessments:round", args=[world.opened.public_id])).text
    )


def test_there_is_no_other_kind_of_file(client, world):
    assert take(client, world.people[Role.CHAIR], world.decided, "pdf").status_code == 404
    assert take_round(client, world.people[Role.REVIEWER], world.opened, "evidence").status_code == 404


def test_a_row_says_nothing_that_has_no_column():
    with pytest.raises(ValueError, match="no columns"):
        gathering.ASSESSMENTS.table([{"colour": "blue"}])

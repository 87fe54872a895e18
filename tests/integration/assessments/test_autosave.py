"""Saves that a scoring page's script sends while the person goes on: what is stored, and what the page is told."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.forms.scoring import fingerprint, stored_values
from assessments.models import Score
from assessments.workflow import Move
from partnership.roles import Role
from tests import factories, whole_round
from tests.integration.assessments.checklist_frameworks import checklist

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    made = factories.create_assessment()
    for _ in range(2):
        factories.create_item(made)
    return factories.in_scoring(made)


@pytest.fixture
def autosave(client, assessment, member):
    """Sign the member in and return what sends values of items as the page's script does; it answers (status, JSON)."""
    client.force_login(member)

    def send(*, person=member, code="SO1", **items):
        data = {"person": str(person.public_id)}
        for prefix, values in items.items():
            values = {"choice": "3", "based_on": 0, "shown": fingerprint(stored_values(None))} | values
            data |= {f"{prefix}-{name}": value for name, value in values.items()}
        response = client.post(address(assessment, code), data, headers={"Accept": "application/json"})
        return response.status_code, response.json() if response["Content-Type"] == "application/json" else None

    return send


def address(assessment, code="SO1"):
    return reverse("assessments:score", args=[assessment.public_id, code])


def test_every_field_of_an_item_is_saved_and_the_answer_is_what_the_next_save_is_based_on(autosave):
    status, answer = autosave(item1={"choice": "NOT_APPLICABLE", "reason": "None here", "confidence": "SURE"})
    first = answer["items"]["item1"]
    again, answer = autosave(item1={"choice": "2", "comment": "Seen", "based_on": first["version"]})

    assert (status, again) == (200, 200)
    stored = Score.objects.get()
    assert (stored.level, stored.comment, stored.confidence, stored.reason) == (2, "Seen", "", "")
    assert answer["items"]["item1"]["version"] == stored.version == 2
    assert answer["items"]["item1"]["shown"] == fingerprint(stored_values(stored))
    assert answer["items"]["item1"]["saved"] == timezone.localtime(stored.scored_at).strftime("%H:%M")
    assert answer["progress"] == {"here": [1, 2], "all": [1, 2]}


def test_items_that_were_not_sent_are_left_alone(autosave, assessment, member):
    kept = factories.create_score(assessment.items.get(number=2), by=member, comment="Mine")

    _, answer = autosave(item1={})

    assert set(answer["items"]) == {"item1"}
    kept.refresh_from_db()
    assert (kept.version, kept.comment) == (1, "Mine")


def test_a_save_whose_answer_was_lost_is_sent_again_without_doubling(autosave):
    versions = [autosave(item1={"comment": "Once"})[1]["items"]["item1"]["version"] for _ in range(2)]

    assert versions == [1, 1]
    assert Score.objects.get().version == 1


def test_a_stale_save_overwrites_nothing_and_is_told_what_is_stored(autosave, assessment, member):
    factories.create_score(assessment.items.get(number=1), by=member, level=4, comment="From my phone")

    status, answer = autosave(item1={"choice": "1", "comment": "From my desk"}, item2={})

    assert status == 200
    told = answer["items"]["item1"]
    assert told["problem"] == "it was changed in another tab or on another device"
    assert told["stored"]["values"] == {"choice": "4", "reason": "", "confidence": "", "comment": "From my phone"}
    assert told["stored"]["version"] == 1
    assert "version" in answer["items"]["item2"]
    assert dict(Score.objects.values_list("item__number", "level")) == {1: 4, 2: 3}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"choice": "", "comment": "Let us talk"}, "choose a level, or “cannot judge”, so that the rest can be saved"),
        ({"choice": "NOT_APPLICABLE"}, "say why it is not applicable"),
        ({"choice": "9"}, "choose one of the levels"),
        ({"comment": "x" * 4001}, "the comment must be 4,000 characters or fewer"),
    ],
)
def test_what_cannot_be_saved_says_how_to_mend_it_and_the_rest_is_saved(autosave, values, problem):
    _, answer = autosave(item1=values, item2={})

    assert answer["items"]["item1"]["problem"].startswith(problem)
    assert list(Score.objects.values_list("item__number", flat=True)) == [2]


def test_after_scoring_has_closed_nothing_is_saved_and_the_answer_says_so(autosave, assessment):
    factories.move(assessment, Move.CLOSE_SCORING)

    status, answer = autosave(item1={})

    assert status == 409
    assert answer["problem"].startswith("Scoring is not open")
    assert not Score.objects.exists()


def test_somebody_who_is_no_longer_signed_in_is_told_so_and_not_led_away(autosave, client):
    client.logout()

    assert autosave(item1={}) == (401, {"problem": "You are no longer signed in"})


def test_a_page_that_was_left_open_saves_nothing_for_whoever_signed_in_after(autosave, client, assessment, member):
    other = factories.create_membership(role=Role.MEMBER, place=assessment.place).user
    client.force_login(other)

    status, answer = autosave(person=member, item1={})

    assert (status, answer["problem"]) == (401, "Somebody else has signed in here since")
    assert not Score.objects.exists()


def test_nobody_else_saves_by_script_what_they_could_not_by_form(autosave, client, assessment):
    statuses = {}
    for name, place in {"lead": assessment.place, "outsider": factories.create_place()}.items():
        person = factories.holder(Role.LEAD, place)
        client.force_login(person)
        statuses[name], _ = autosave(person=person, item1={})

    assert statuses == {"lead": 403, "outsider": 404}


def test_an_unknown_criterion_is_not_found(autosave):
    assert autosave(code="XX9", item1={})[0] == 404


def test_an_answer_to_a_statement_of_a_checklist_is_saved_like_a_level(client):
    assessment = factories.in_scoring(whole_round.opened(whole_round.published(checklist())))
    member = factories.holder(Role.MEMBER, assessment.place)
    client.force_login(member)
    data = {"person": str(member.public_id)}
    for number, choice in enumerate(["2", "9"], start=1):
        data |= {f"item{number}-choice": choice, f"item{number}-shown": fingerprint(stored_values(None))}

    answer = client.post(address(assessment, "CH"), data, headers={"Accept": "application/json"}).json()

    assert answer["items"]["item1"]["version"] == 1
    assert answer["items"]["item2"] == {"problem": "choose one of the answers"}
    assert answer["progress"] == {"here": [1, 3], "all": [1, 3]}


def test_the_page_gives_its_script_what_is_stored(client, assessment, member):
    score = factories.create_score(assessment.items.get(number=1), by=member, level=2, comment="“Yes” & <no>")
    client.force_login(member)

    rows = client.get(address(assessment)).context["rows"]

    told = json.loads(rows[0].stored)
    assert told["values"]["comment"] == "“Yes” & <no>"
    assert (told["version"], told["shown"]) == (score.version, fingerprint(stored_values(score)))
    assert json.loads(rows[1].stored)["version"] == 0


@pytest.mark.parametrize("size", [1, 12])
def test_a_save_takes_the_same_few_queries_for_few_items_and_many(client, django_assert_num_queries, size):
    assessment = factories.create_assessment()
    for _ in range(size):
        factories.create_item(assessment)
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    client.force_login(member)
    shown = fingerprint(stored_values(None))
    sent = {f"item{n}-{name}": value for n in range(1, size + 1) for name, value in (("choice", "3"), ("shown", shown))}

    # Session, user, assessment, its items; in a savepoint (2) the lock (2), capacity, items, own scores, the insert and
    # the record (3); then last round, and progress.
    with django_assert_num_queries(17):
        client.post(
            address(assessment),
            sent | {"person": str(member.public_id)},
            headers={"Accept": "application/json"},
        )

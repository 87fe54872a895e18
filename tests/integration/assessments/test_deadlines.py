"""Last days: of a round, moved for all its places, and of one place that is given more time."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import DatesChange, Extension, TimeRequest
from assessments.permissions import WrongState
from assessments.round_table import load_rows
from assessments.services import deadlines, rounds
from assessments.services.moves import make_move
from assessments.workflow import DEADLINES, Move, State
from partnership import audit
from partnership.models import Stale
from partnership.roles import Role
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db
AT = factories.AT
SCORING, SIGNING = date(2026, 12, 4), date(2026, 12, 18)
LATER = date(2026, 12, 11)
ASKERS, GIVERS = {Role.LEAD, Role.CHAIR}, {Role.PROGRAMME_OFFICE}
FAR = {"opens_on": date(2026, 10, 1), "scoring_closes_on": date(2096, 12, 4), "signing_closes_on": date(2096, 12, 18)}


@kept
def place():
    return factories.create_place("Ashby")


@kept
def assessment(place):
    return factories.create_assessment(place=place)


def ask(assessment, *, until=LATER, role=Role.LEAD, **values):
    by = factories.holder(role, assessment.place)
    return deadlines.ask_for_time(assessment=assessment, until=until, reason="Floods", by=by, at=AT, **values)


def give(assessment, *, until=LATER, role=Role.PROGRAMME_OFFICE, based_on=None):
    assessment.refresh_from_db()
    return deadlines.give_time(
        assessment=assessment,
        until=until,
        reason="The floods",
        based_on=based_on or assessment.version,
        by=factories.holder(role, assessment.place),
        at=AT,
    )


def decline(assessment, *, role=Role.PROGRAMME_OFFICE):
    by = factories.holder(role, assessment.place)
    deadlines.decline_time(assessment=assessment, reason="The board meets anyway", by=by, at=AT)


def change_dates(round, *, role=Role.PROGRAMME_OFFICE, based_on=None, **days):
    days = {"scoring_closes_on": SCORING, "signing_closes_on": SIGNING} | days
    by = factories.holder(role, round.assessments.first().place)
    return deadlines.change_dates(
        round=round, reason="Elections", based_on=based_on or round.version, by=by, at=AT, **days
    )


def typed_day(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def url(assessment):
    return reverse("assessments:deadlines", args=[assessment.public_id])


def change(assessment, *, role):
    change_dates(assessment.round, role=role, signing_closes_on=date(2026, 12, 21))


@pytest.mark.parametrize("role", sorted(Role))
@pytest.mark.parametrize("roles, act", [(ASKERS, ask), (GIVERS, decline), (GIVERS, give), (GIVERS, change)])
def test_who_asks_for_time_who_answers_and_who_moves_the_dates(assessment, role, roles, act):
    if act is decline:
        ask(assessment)
    if role in roles:
        act(assessment, role=role)
    else:
        with pytest.raises(PermissionDenied):
            act(assessment, role=role)


@pytest.mark.parametrize("state", sorted(State))
def test_time_is_asked_and_given_while_something_is_due(place, state):
    assessment = factories.create_assessment(place=place, state=state)
    far = date(2027, 3, 1)
    if state in DEADLINES:
        ask(assessment, until=far)
        give(assessment, until=far)
        assessment.refresh_from_db()
        assert assessment.deadline == far
    else:
        assert assessment.deadline is None
        for act in (ask, give, decline):
            with pytest.raises(WrongState):
                act(assessment)


def test_a_place_that_asks_is_answered_and_both_stay_on_record(client, assessment):
    asked = ask(assessment)
    give(assessment)

    asked.refresh_from_db()
    extension = Extension.objects.get()
    assert (asked.is_granted, asked.answered_by) == (True, factories.holder(Role.PROGRAMME_OFFICE, assessment.place))
    assert (extension.was, extension.until, extension.reason) == (SCORING, LATER, "The floods")
    chain = audit.AuditEvent.objects.filter(chain=audit.chain_key(assessment)).order_by("sequence")
    assert list(chain.values_list("type", flat=True))[-2:] == ["TIME_ASKED", "TIME_GIVEN"]
    assert "Floods" not in "".join(chain.values_list("details", flat=True))
    client.force_login(factories.holder(Role.OBSERVER, assessment.place))
    text = client.get(url(assessment)).text
    for words in ("asked for more time, until 11 December 2026", "until 11 December 2026 instead of 4", "Floods"):
        assert words in text


def test_a_request_that_is_declined_moves_nothing_and_another_may_follow(assessment):
    ask(assessment)
    with pytest.raises(deadlines.AskedAlready):
        ask(assessment)
    decline(assessment)
    with pytest.raises(deadlines.NotAsked):
        decline(assessment)

    assessment.refresh_from_db()
    assert assessment.scoring_closes_on == SCORING
    assert TimeRequest.objects.get().answer == "The board meets anyway"
    ask(assessment)


@pytest.mark.parametrize("until", [SCORING, SCORING - timedelta(days=1)])
def test_more_time_must_be_later_than_the_day_that_holds(assessment, until):
    for act in (ask, give):
        with pytest.raises(deadlines.NotLater, match="after 4 December 2026"):
            act(assessment, until=until)


def test_a_day_that_has_passed_gives_no_time(place):
    assessment = factories.create_assessment(
        place=place, opens_on=date(2026, 1, 1), scoring_closes_on=date(2026, 2, 1), signing_closes_on=date(2026, 3, 1)
    )

    with pytest.raises(deadlines.NotLater, match="not passed"):
        give(assessment, until=date(2026, 9, 30))


def test_a_later_day_for_scoring_pushes_signing_back_where_it_must(assessment):
    give(assessment, until=date(2027, 1, 8))

    assessment.refresh_from_db()
    assert assessment.scoring_closes_on == assessment.signing_closes_on == date(2027, 1, 8)


def test_an_answer_from_a_stale_page_gives_nothing(assessment):
    seen = assessment.version
    give(assessment)

    with pytest.raises(Stale):
        give(assessment, until=date(2026, 12, 14), based_on=seen)

    assessment.refresh_from_db()
    assert assessment.scoring_closes_on == LATER
    assert Extension.objects.count() == 1


def test_moving_a_rounds_days_moves_every_place_but_one_with_a_later_day(place):
    other = factories.create_place("Birling", system=place.system)
    opened = factories.create_round(places=[place, other])
    extended, plain = opened.assessments.get(place=place), opened.assessments.get(place=other)
    give(extended, until=date(2026, 12, 31))

    change_dates(opened, scoring_closes_on=LATER, signing_closes_on=date(2026, 12, 21))

    days = [(row.assessment.place.name, row.deadline, row.is_extended) for row in load_rows(opened=opened, day=LATER)]
    assert days == [("Ashby", date(2026, 12, 31), True), ("Birling", LATER, False)]
    plain.refresh_from_db()
    change = DatesChange.objects.get()
    assert (change.scoring_was, change.scoring_closes_on, change.reason) == (SCORING, LATER, "Elections")
    assert not list(audit.faults(audit.chain_key(place.system)))


@pytest.mark.parametrize(
    "error, days",
    [
        (rounds.DatesOutOfOrder, {"signing_closes_on": date(2026, 12, 3)}),
        (rounds.DatesOutOfOrder, {"scoring_closes_on": date(2026, 9, 3)}),
        (deadlines.NothingChanged, {}),
    ],
)
def test_days_that_do_not_fit_are_refused(assessment, error, days):
    with pytest.raises(error):
        change_dates(assessment.round, **days)
    assert not DatesChange.objects.exists()


def test_a_change_of_dates_from_a_stale_page_shows_what_is_stored_and_keeps_what_was_typed(client, assessment):
    seen = assessment.round.version
    change_dates(assessment.round, scoring_closes_on=LATER)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))
    page = reverse("assessments:round_dates", args=[assessment.round.public_id])
    data = typed_day("scoring_closes_on", date(2026, 12, 7)) | typed_day("signing_closes_on", SIGNING)

    response = client.post(page, data | {"reason": "A strike", "based_on": seen})

    assert response.status_code == 409
    assert "nothing was saved" in response.text
    assert "Scoring until 11 December 2026" in response.text
    assert "A strike" in response.text
    assert DatesChange.objects.count() == 1
    response = client.post(page, data | {"reason": "A strike", "based_on": seen + 1})
    assert response.status_code == 302
    text = client.get(response["Location"]).text
    assert "last day of scoring from 11 December 2026 to 7 December 2026" in text
    assert "A strike" in text


def test_asking_and_answering_in_the_browser(client, place):
    assessment = factories.create_assessment(place=place, **FAR)
    lead, office = (factories.holder(role, place) for role in (Role.LEAD, Role.PROGRAMME_OFFICE))
    until = typed_day("until", date(2096, 12, 11))
    client.force_login(lead)
    form = until | {"reason": "<b>Floods</b>", "token": str(uuid4())}
    assert (
        "Enter the day"
        in client.post(url(assessment), form | {"until_day": "", "until_month": "", "until_year": ""}).text
    )
    client.post(url(assessment), form)
    client.post(url(assessment), form)
    assert TimeRequest.objects.count() == 1
    text = client.get(url(assessment)).text
    assert "has to answer" in text
    assert "&lt;b&gt;Floods" in text
    assert "<textarea" not in text

    client.force_login(office)
    assert "1 place asked for more time" in client.get("/").text
    assert (
        "Answer: asks for time until"
        in client.get(reverse("assessments:round", args=[assessment.round.public_id])).text
    )
    answer = until | {"answer": "give", "reason": "Yes", "based_on": assessment.version}
    assert (
        "Enter the day"
        in client.post(url(assessment), answer | {"until_day": "", "until_month": "", "until_year": ""}).text
    )
    assert client.post(url(assessment), answer).status_code == 302
    assert "asked for more time" not in client.get("/").text

    client.force_login(factories.holder(Role.CHAIR, place))
    home = client.get("/").text
    assert "11 December 2096" in home
    assert "4 December 2096" not in home


def test_who_posts_without_a_part_in_time_is_refused(client, assessment):
    client.force_login(factories.holder(Role.MEMBER, assessment.place))

    assert client.post(url(assessment), {}).status_code == 403


def test_a_deadline_holds_until_midnight_in_london_on_both_sides_of_the_clock_change(place):
    # Clocks go back at 2:00 on Sunday 25 October 2026; summer time's midnight is 23:00 in UTC.
    for last, just_before, just_after in (
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 59, tzinfo=UTC), datetime(2026, 10, 24, 23, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, tzinfo=UTC), datetime(2027, 3, 28, 23, 0, tzinfo=UTC)),
    ):
        opened = factories.create_round(places=[place], scoring_closes_on=last, signing_closes_on=date(2027, 5, 1))
        on_time, late = (
            load_rows(opened=opened, day=timezone.localdate(at))[0].is_late for at in (just_before, just_after)
        )
        assert (on_time, late) == (False, True), last


def test_late_work_is_flagged_and_not_blocked(place):
    assessment = factories.create_assessment(place=place, state=State.SCORING)
    item = assessment.items.get()
    late = datetime(2026, 12, 20, 9, tzinfo=UTC)
    [member] = factories.board(place, 1)

    factories.create_score(item, by=member, at=late)
    chair = factories.holder(Role.CHAIR, place)
    assessment.refresh_from_db()
    make_move(assessment=assessment, move=Move.CLOSE_SCORING, based_on=assessment.version, by=chair, at=late)

    [row] = load_rows(opened=assessment.round, day=late.date())
    assert (row.assessment.state, row.is_late) == (State.AGREEING, True)


def test_a_withdrawn_place_stays_in_the_table_with_its_reason(client, place):
    assessment = factories.create_assessment(place=place)
    ask(assessment)
    factories.withdrawn(assessment)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, place))

    text = client.get(reverse("assessments:round", args=[assessment.round.public_id])).text

    assert "Withdrawn" in text
    assert "The partnership is being reorganised" in text
    # A request of a place that left waits for nobody.
    assert "asked for more time" not in client.get("/").text
    assert "asks for time" not in text


def test_a_place_is_taken_into_an_open_round_later(client, place):
    opened = factories.create_round(places=[place], **FAR)
    other = factories.create_place("Birling", system=place.system)
    council = factories.create_organisation("Birling Council", place=other)
    stranger = factories.create_organisation(place=place)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, place))
    page = reverse("assessments:round_place", args=[opened.public_id])

    assert "Choose a place" in client.post(page, {}).text
    wrong = client.post(page, {"place": str(place.public_id)})
    assert "Choose a place that is not in the round yet" in wrong.text
    assert (
        client.post(page, {"place": str(other.public_id), "signatories": [str(council.public_id)]}).status_code == 302
    )

    taken = opened.assessments.get(place=other)
    assert (taken.state, taken.deadline) == (State.PREPARING, date(2096, 12, 4))
    assert taken.required_signatures.get().organisation == council
    assert "Every place is in the round" in client.get(page).text
    office = factories.holder(Role.PROGRAMME_OFFICE, place)
    third = factories.create_place(system=place.system)
    for error, values in (
        (rounds.WrongPlaces, {"place": place}),
        (rounds.WrongPlaces, {"place": factories.create_place()}),
        (rounds.WrongSignatories, {"place": third, "signatories": [stranger]}),
        (rounds.RoundOver, {"place": third, "at": datetime(2097, 1, 1, tzinfo=UTC)}),
    ):
        with pytest.raises(error):
            rounds.take_in(**{"round": opened, "by": office, "at": AT} | values)
    with pytest.raises(PermissionDenied):
        rounds.take_in(round=opened, place=third, by=factories.holder(Role.LEAD, place), at=AT)


@pytest.mark.parametrize(
    "model, values",
    [
        (Extension, {"deadline": "SCORING", "was": SCORING, "until": SCORING, "reason": "Why", "given_at": AT}),
        (Extension, {"deadline": "SCORING", "was": SCORING, "until": LATER, "reason": "", "given_at": AT}),
        (TimeRequest, {"deadline": "SCORING", "wanted_on": LATER, "reason": "x", "asked_at": AT, "is_granted": True}),
    ],
)
def test_the_database_holds_no_extension_that_gives_nothing(assessment, model, values):
    by = "given_by" if model is Extension else "asked_by"

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(assessment=assessment, **values, **{by: factories.create_user()})


def test_the_database_holds_one_open_request_for_each_assessment(assessment):
    ask(assessment)

    with pytest.raises(IntegrityError), transaction.atomic():
        TimeRequest.objects.create(
            assessment=assessment,
            deadline="SCORING",
            wanted_on=LATER,
            reason="x",
            asked_at=AT,
            asked_by=factories.create_user(),
        )


def test_dates_are_not_changed_without_a_reason(assessment):
    days = {"scoring_was": SCORING, "scoring_closes_on": LATER, "signing_was": SIGNING, "signing_closes_on": SIGNING}

    with pytest.raises(IntegrityError), transaction.atomic():
        DatesChange.objects.create(
            round=assessment.round, reason="", changed_at=AT, changed_by=factories.create_user(), **days
        )


@pytest.mark.parametrize("count", [1, 10])
def test_the_page_asks_as_much_for_a_long_history_as_for_a_short_one(
    client, assessment, count, django_assert_num_queries
):
    for days in range(count):
        ask(assessment, until=LATER + timedelta(days=days))
        give(assessment, until=LATER + timedelta(days=days))
    client.force_login(factories.holder(Role.LEAD, assessment.place))

    # session, user, assessment, capacity, open request, then the history: dates, extensions, requests, withdrawals
    with django_assert_num_queries(9):
        client.get(url(assessment))

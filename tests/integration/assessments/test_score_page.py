"""The scoring page: what a member sees and saves, and that nothing typed is lost."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import disagreement
from assessments.forms.scoring import fingerprint, stored_values
from assessments.models import Score
from assessments.selectors import load_case
from assessments.services.agreeing import agree_level
from assessments.services.signing import current_snapshot, sign
from assessments.views import score_rows as views
from assessments.workflow import Move, State
from partnership.roles import Role
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db
LAST_YEAR = date(2025, 10, 1)


@kept
def assessment():
    made = factories.create_assessment(place=factories.create_place("Mossley"))
    for _ in range(3):
        factories.create_item(made)
    factories.create_item(made, code="PE1")
    return factories.in_scoring(made)


@pytest.fixture
def items(assessment):
    return list(assessment.items.filter(criterion__code="SO1").order_by("number"))


def page(assessment, code="SO1"):
    return reverse("assessments:score", args=[assessment.public_id, code])


def scored_page(assessment):
    return reverse("assessments:scored", args=[assessment.public_id])


def choices(number=1, *, choice="3", based_on=0, score=None, **more):
    """Return what the browser sends for an item whose page showed `score`."""
    values = {"choice": choice, "based_on": based_on, "shown": fingerprint(stored_values(score))} | more
    return {f"item{number}-{name}": value for name, value in values.items()}


def levels():
    return dict(Score.objects.values_list("item__number", "level"))


@pytest.mark.parametrize("state", [State.PREPARING, State.SCORING, State.AGREEING, State.WITHDRAWN])
def test_the_page_by_role_and_state(client, state, subtests):
    assessment = factories.create_assessment()
    factories.create_item(assessment)
    if state != State.PREPARING:
        factories.in_scoring(assessment)
    if state == State.AGREEING:
        factories.move(assessment, Move.CLOSE_SCORING)
    if state == State.WITHDRAWN:
        factories.move(assessment, Move.WITHDRAW, reason="Called off.")
    people = {role: factories.holder(role, assessment.place) for role in Role}
    people["OUTSIDER"] = factories.holder(Role.MEMBER, factories.create_place())
    for role, person in people.items():
        client.force_login(person)
        expected = {"OUTSIDER": 404, Role.MEMBER: 200}.get(role, 403)

        shown = client.get(page(assessment))
        sent = client.post(page(assessment), choices())

        is_saved = role == Role.MEMBER and state == State.SCORING
        with subtests.test(role=role):
            assert shown.status_code == expected
            assert sent.status_code == (302 if is_saved else 409 if role == Role.MEMBER else expected)
            assert Score.objects.filter(membership__user=person).exists() == is_saved
            if expected == 403:
                assert "Only members of this place" in unescape(sent.text)


def test_the_page_shows_what_is_needed_to_judge(browser, assessment, items):
    factories.create_artefact(
        assessment.place, item=items[0], title="Map of paths", strength=2, dated_on=LAST_YEAR, locator="page 4"
    )
    factories.create_artefact(
        assessment.place, item=items[0], title="Old plan", strength=1, review_by=LAST_YEAR, dated_on=LAST_YEAR
    )

    text = browser.get(page(assessment)).text

    for words in [items[0].statement, "SO1 at 1", "SO1 at 4", "Map of paths", "documented process in use", "page 4"]:
        assert words in text
    assert text.count("No evidence attached") == 2
    assert "out of date" in text
    assert "0 of 3</strong> scored here" in text
    assert "nobody sees your levels until the chair closes scoring" in text
    assert "Never by the ICB" in text
    assert "Save and go to Criterion PE1" in text


def test_an_unknown_criterion_is_not_found(browser, assessment):
    assert browser.get(page(assessment, "XX9")).status_code == 404
    assert browser.get(page(assessment, "SO")).status_code == 404


def test_saving_goes_on_to_the_next_criterion_and_tells_what_was_saved(browser, assessment, items):
    sent = choices(1, confidence="SURE", comment="Seen it") | choices(3, choice="CANNOT_JUDGE")

    response = browser.post(page(assessment), sent, follow=True)

    assert response.redirect_chain == [(page(assessment, "PE1"), 302)]
    assert "Criterion SO1: 2 items saved at" in response.text
    assert levels() == {1: 3, 3: None}
    again = browser.get(page(assessment)).text
    assert "Saved " in again
    assert "Confidence: sure · Comment for the board" in again


def test_the_last_criterion_leads_to_what_is_left(browser, assessment):
    response = browser.post(page(assessment, "PE1"), choices(), follow=True)

    assert response.redirect_chain == [(scored_page(assessment), 302)]
    assert "3 left to score" in response.text


def test_saving_may_stay_on_the_page(browser, assessment):
    response = browser.post(page(assessment), choices() | {"then": "stay"})

    assert response.url == page(assessment)


def test_an_empty_form_saves_nothing_and_says_so(browser, assessment):
    response = browser.post(page(assessment), {}, follow=True)

    assert "nothing had changed since it was saved; 3 left to score there" in response.text
    assert not Score.objects.exists()


def test_not_applicable_without_a_reason_keeps_everything_and_saves_the_rest(browser, assessment):
    sent = choices(1) | choices(2, choice="NOT_APPLICABLE", comment="Not our estate") | choices(3, choice="1")

    response = browser.post(page(assessment), sent)

    text = response.text
    assert "<title>Error: " in text
    assert '<a href="#id_item2-reason">Item 2: Say why it is not applicable</a>' in text
    assert "Saved: items 1 and 3. Not saved yet: item 2." in text
    assert "Not our estate" in text
    assert levels() == {1: 3, 3: 1}

    sent |= {"item2-reason": "There is no estate here"}
    assert browser.post(page(assessment), sent).status_code == 302
    assert Score.objects.get(item__number=2).reason == "There is no estate here"
    assert set(Score.objects.values_list("version", flat=True)) == {1}


def test_a_comment_without_a_level_is_kept_and_asked_for_its_level(browser, assessment):
    response = browser.post(page(assessment), choices(2, choice="", comment="Let us talk about this"))

    assert '<a href="#id_item2-choice_0">Item 2: Choose a level' in response.text
    assert "Let us talk about this" in response.text
    assert not Score.objects.exists()


@pytest.mark.parametrize("choice", ["9", "0", "-1", "SPLENDID", "3.0", "٣", "9" * 40])
def test_a_choice_that_was_not_offered_is_refused(browser, assessment, choice):
    response = browser.post(page(assessment), choices(1, choice=choice, comment="kept words"))

    assert "Choose one of the levels" in response.text
    assert "kept words" in response.text
    assert not Score.objects.exists()


def test_too_long_a_comment_is_kept_and_refused(browser, assessment):
    response = browser.post(page(assessment), choices(1, comment="x" * 4001) | choices(2))

    assert "The comment must be 4,000 characters or fewer" in response.text
    assert "x" * 4001 in response.text
    assert levels() == {2: 3}


def test_a_stale_choice_is_refused_with_both_values_and_the_rest_is_saved(browser, assessment, items, member):
    factories.create_score(items[0], by=member, level=4, comment="From my phone", at=timezone.now())

    response = browser.post(page(assessment), choices(1, choice="1", comment="From my desk") | choices(2))

    text = response.text
    assert "Nothing was overwritten" in text
    stored, typed = text.split("Stored now")[1].split("Yours on this page, not saved")
    assert "Thriving" in stored
    assert "From my phone" in stored
    assert "Emerging" in typed
    assert "From my desk" in typed
    assert "Saved: item 2. Not saved yet: item 1." in text
    assert levels() == {1: 4, 2: 3}


def test_after_a_conflict_saving_again_replaces_what_was_shown(browser, assessment, items, member):
    score = factories.create_score(items[0], by=member, level=4)
    response = browser.post(page(assessment), choices(1, choice="1"))
    row = response.context["rows"][0]

    sent = choices(1, choice="1") | {"item1-based_on": row.based_on, "item1-shown": row.shown}
    browser.post(page(assessment), sent)

    score.refresh_from_db()
    assert (score.level, score.version) == (1, 2)


def test_a_stale_and_wrong_item_is_not_waved_through_after_it_is_mended(browser, assessment, items, member):
    factories.create_score(items[0], by=member, level=4)
    response = browser.post(page(assessment), choices(1, choice="NOT_APPLICABLE"))
    row = response.context["rows"][0]

    sent = choices(1, choice="NOT_APPLICABLE", reason="None here") | {
        "item1-based_on": row.based_on,
        "item1-shown": row.shown,
    }
    response = browser.post(page(assessment), sent)

    assert "Nothing was overwritten" in response.text
    assert levels() == {1: 4}


def test_items_left_alone_on_an_old_page_change_nothing(browser, assessment, items, member):
    old = factories.create_score(items[0], by=member, level=2)
    shown = choices(1, choice="2", based_on=1, score=old)
    factories.create_score(items[0], by=member, level=4, based_on=1, at=timezone.now())

    response = browser.post(page(assessment), shown | choices(2))

    assert response.status_code == 302
    assert levels() == {1: 4, 2: 3}


def test_the_same_form_twice_saves_once(browser, assessment):
    for _ in range(2):
        assert browser.post(page(assessment), choices()).status_code == 302
    assert Score.objects.get().version == 1


def test_items_of_other_criteria_and_places_are_out_of_reach(browser, assessment):
    response = browser.post(page(assessment, "PE1"), choices(2) | choices(7) | choices(1, choice="4"))

    assert response.status_code == 302
    assert list(Score.objects.values_list("item__criterion__code", "item__number", "level")) == [("PE1", 1, 4)]


def test_a_late_save_is_refused_and_what_was_typed_is_shown(browser, assessment, items, member):
    factories.create_score(items[1], by=member, level=2)
    factories.move(assessment, Move.CLOSE_SCORING)

    sent = choices(1, choice="4", confidence="UNSURE", comment="My <b>late</b> words")
    response = browser.post(page(assessment), sent)

    assert "Scoring closed before your choices arrived, so they were not saved" in response.text
    assert "My &lt;b&gt;late&lt;/b&gt; words" in response.text
    assert "Thriving" in response.text
    assert "Save and go" not in response.text
    assert levels() == {2: 2}


def test_a_save_that_loses_the_race_with_the_chair_is_refused_by_the_service(
    browser, assessment, monkeypatch, items, member
):
    record_scores = views.record_scores

    def close_first(**values):
        factories.move(assessment, Move.CLOSE_SCORING)
        return record_scores(**values)

    monkeypatch.setattr(views, "record_scores", close_first)

    response = browser.post(page(assessment), choices(1, comment="typed in time"))

    assert "Scoring closed before your choices arrived" in response.text
    assert "typed in time" in response.text
    assert not Score.objects.exists()


def test_after_scoring_a_member_reads_their_own_scores(browser, assessment, items, member):
    factories.create_score(items[0], by=member, level=2, comment="Mine")
    factories.move(assessment, Move.CLOSE_SCORING)

    text = browser.get(page(assessment)).text

    assert "Scoring is not open" in text
    assert "Evolving" in text
    assert "Mine" in text
    assert "You have not scored this item." in text
    assert 'type="radio"' not in text


def test_only_the_items_of_the_new_ballot_can_be_scored_again(browser, assessment, items, member):
    for item in items:
        factories.create_score(item, by=member, level=2)
    factories.move(assessment, Move.CLOSE_SCORING)
    factories.move(assessment, Move.SCORE_AGAIN, items=[items[1]], reason="New figures.")

    text = browser.get(page(assessment)).text
    assert "0 of 1</strong> scored here" in text
    assert text.count("data-levels") == 1
    response = browser.post(page(assessment), choices(1, comment="for a closed item") | choices(2, choice="4"))

    assert "earlier score stands" in response.text
    assert "for a closed item" in response.text
    assert list(Score.objects.filter(ballot=2).values_list("item__number", "level")) == [(2, 4)]
    assert Score.objects.filter(ballot=1).count() == 3


def test_what_was_agreed_last_round_shows_only_once_i_have_scored(browser, assessment, items, member, settings):
    settings.ON_SEALED, settings.SNAPSHOT_SECTIONS = [], {}
    signed = last_round(assessment, level=2)

    before = browser.get(page(assessment)).text
    factories.create_score(items[0], by=member)
    after = browser.get(page(assessment)).text

    assert "The board agreed last time" not in before
    assert f"The board agreed last time: Evolving ({signed.round.name})" in after


def last_round(assessment, *, level):
    """Return an earlier assessment of the place that was signed, on the same first statement, agreed at `level`."""
    place = assessment.place
    earlier = factories.create_assessment(place=place, name="The year before", opens_on=LAST_YEAR)
    item = factories.create_item(earlier, statement=assessment.items.get(criterion__code="SO1", number=1).statement)
    factories.move(factories.in_scoring(earlier), Move.CLOSE_SCORING)
    chair = factories.holder(Role.CHAIR, place)
    agree_level(item=item, judgement="LEVEL", level=level, reason="As read.", based_on=0, by=chair, at=factories.AT)
    gaps = disagreement.gaps(load_case(assessment=earlier, on=factories.AT.date()))
    factories.move(earlier, Move.PUT_UP, accepted_gaps=[gap.key for gap in gaps])
    signatory, digest = factories.holder(Role.SIGNATORY, place), current_snapshot(earlier).digest
    sign(assessment=earlier, kind="SIGNED", words="", digest=digest, by=signatory, at=factories.AT)
    return factories.move(earlier, Move.SEAL, meeting_on=factories.AT.date(), minute_reference="Minute 4")


@pytest.mark.parametrize("size", [1, 12])
def test_the_page_takes_the_same_few_queries_for_few_items_and_many(client, django_assert_num_queries, size):
    assessment = factories.create_assessment()
    items = [factories.create_item(assessment) for _ in range(size)]
    for item in items:
        factories.create_artefact(assessment.place, item=item)
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    for item in items:
        factories.create_score(item, by=member)
    client.force_login(member)

    # session, user, assessment, capacity, own scores, items, their artefacts, last round, notes
    with django_assert_num_queries(9):
        client.get(page(assessment))


def test_a_page_of_yesterday_names_the_day_of_saving(browser, assessment, items, member):
    at = datetime(2026, 7, 1, 13, 2, tzinfo=UTC)
    factories.create_score(items[0], by=member, at=at)

    assert "Saved on 1 July 2026 at 14:02" in browser.get(page(assessment)).text


def test_when_everything_is_scored_the_page_says_what_comes_next(browser, assessment, member):
    for item in assessment.items.all():
        factories.create_score(item, by=member)

    text = browser.get(scored_page(assessment)).text

    assert "You have scored everything" in text
    assert "Friday 4 December 2026" in text
    assert "nobody sees your levels" in text


def test_after_scoring_the_summary_leads_to_what_i_gave(browser, assessment, items, member):
    factories.create_score(items[0], by=member)
    factories.move(assessment, Move.CLOSE_SCORING)

    text = browser.get(scored_page(assessment)).text

    assert "You scored 1 of 4 items" in text
    assert page(assessment) in text

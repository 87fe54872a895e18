"""All items in one list: what it shows, its filters, its plain form, and flags that are their owner's alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.forms.scoring import ListedScoreForm
from assessments.models import Flag, Judgement, Score
from assessments.permissions import WrongState
from assessments.services.flagging import flag_item, unflag_item
from assessments.workflow import Move
from partnership.models import AuditEvent
from partnership.roles import Role
from tests import factories
from tests.integration.assessments.test_score_page import last_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    made = factories.create_assessment()
    for code in ("PE1", "SO1", "SO1"):
        factories.create_item(made, code=code)
    return factories.in_scoring(made)


def address(assessment, **query):
    return reverse("assessments:score_all", args=[assessment.public_id], query=query)


def item(assessment, name):
    code, _, number = name.partition("-")
    return assessment.items.select_related("criterion", "assessment").get(criterion__code=code, number=number)


def choices(assessment, name, *, choice="3", based_on=0, score=None, **more):
    values = {"choice": choice, "based_on": based_on, "shown": ListedScoreForm.shown_of(score)} | more
    prefix = ListedScoreForm.prefix_of(item(assessment, name))
    return {f"{prefix}-{key}": value for key, value in values.items()}


def names(response):
    return [row.prefix for row in response.context["rows"]]


def levels():
    return {
        f"{code}-{number}": level
        for code, number, level in Score.objects.values_list("item__criterion__code", "item__number", "level")
    }


FILTERS = ("", "?show=unscored", "?show=flagged", "?criterion=PE1", "?criterion=SO1&show=unscored", "?show=x")


def test_the_filters_stand_in_the_address_and_count_what_they_show(browser, assessment, member):
    factories.create_score(item(assessment, "SO1-1"), by=member)
    flag_item(item=item(assessment, "SO1-2"), by=member, at=factories.AT)
    shown = {
        query: names(browser.get(address(assessment) + query))
        for query in (
            "",
            "?show=unscored",
            "?show=flagged",
            "?criterion=PE1",
            "?criterion=SO1&show=unscored",
            "?show=x",
        )
    }
    everything = ["SO1-item1", "SO1-item2", "PE1-item1"]
    assert shown == {
        "": everything,
        "?show=unscored": ["SO1-item2", "PE1-item1"],
        "?show=flagged": ["SO1-item2"],
        "?criterion=PE1": ["PE1-item1"],
        "?criterion=SO1&show=unscored": ["SO1-item2"],
        "?show=x": everything,
    }
    filters = browser.get(address(assessment, criterion="SO1")).context["filters"]
    assert [(each["text"], each["count"]) for each in filters] == [("All", 2), ("Not scored", 1), ("Flagged", 1)]


def test_a_plain_save_stores_items_of_several_criteria_and_comes_back_to_the_same_filter(browser, assessment):
    sent = choices(assessment, "SO1-2", choice="1") | choices(assessment, "PE1-1", choice="4") | {"then": "save"}

    response = browser.post(address(assessment, show="unscored"), sent, follow=True)

    assert response.redirect_chain == [(address(assessment, show="unscored"), 302)]
    assert "2 items saved at" in response.text
    assert levels() == {"SO1-2": 1, "PE1-1": 4}


def test_what_the_list_does_not_ask_for_stays_as_it_is_stored(browser, assessment, member):
    score = factories.create_score(item(assessment, "SO1-1"), by=member, comment="Mine", confidence="SURE")

    browser.post(address(assessment), choices(assessment, "SO1-1", choice="1", based_on=1, score=score))
    score.refresh_from_db()

    assert (score.level, score.comment, score.confidence, score.version) == (1, "Mine", "SURE", 2)


def test_a_level_chosen_beside_a_comment_that_changed_elsewhere_is_shown_and_not_saved(browser, assessment, member):
    old = factories.create_score(item(assessment, "SO1-1"), by=member, comment="Old")
    factories.create_score(item(assessment, "SO1-1"), by=member, comment="New", based_on=1)

    sent = choices(assessment, "SO1-1", choice="1", based_on=1, score=old)
    response = browser.post(address(assessment), sent | choices(assessment, "PE1-1"))

    assert "Nothing was overwritten" in response.text
    assert levels() == {"SO1-1": 3, "PE1-1": 3}
    assert Score.objects.get(item__criterion__code="SO1").comment == "New"


def test_what_cannot_be_saved_is_kept_and_led_to_and_the_rest_is_saved(browser, assessment):
    sent = choices(assessment, "SO1-1", choice="NOT_APPLICABLE") | choices(assessment, "SO1-2", choice="9")

    response = browser.post(address(assessment), sent | choices(assessment, "PE1-1"))

    assert '<a href="#id_SO1-item1-reason">Item 1: Say why it is not applicable</a>' in response.text
    assert '<a href="#id_SO1-item2-choice_0">Item 2: Choose one of the levels</a>' in response.text
    assert levels() == {"PE1-1": 3}


def test_a_late_save_gives_back_what_was_chosen(browser, assessment):
    factories.move(assessment, Move.CLOSE_SCORING)

    response = browser.post(address(assessment), choices(assessment, "SO1-1", choice="4"))

    assert "Scoring closed before this arrived" in response.text
    assert "Thriving" in response.text
    assert not Score.objects.exists()


def test_the_script_saves_from_the_list_what_the_list_asks_for(browser, assessment, member):
    factories.create_score(item(assessment, "SO1-1"), by=member, comment="Mine")
    sent = choices(assessment, "SO1-1", choice="1", based_on=1) | choices(assessment, "PE1-1")

    response = browser.post(
        address(assessment), sent | {"person": str(member.public_id)}, headers={"Accept": "application/json"}
    )

    told = response.json()
    assert told["items"]["SO1-item1"]["version"] == 2
    assert told["progress"] == {"all": [2, 3]}
    assert Score.objects.get(item__criterion__code="SO1").comment == "Mine"


def test_last_rounds_level_waits_for_ones_own(browser, assessment, member, settings):
    settings.ON_SEALED, settings.SNAPSHOT_SECTIONS = [], {}
    last_round(assessment, level=2)

    before = browser.get(address(assessment)).text
    factories.create_score(item(assessment, "SO1-1"), by=member)
    assert "agreed last time" not in before
    assert "agreed last time: Evolving" in browser.get(address(assessment)).text


def test_a_flag_is_set_and_taken_away_by_the_plain_form_which_saves_the_rest_too(browser, assessment, member):
    sent = choices(assessment, "PE1-1") | {"flag": "SO1-item1"}
    assert browser.post(address(assessment, criterion="SO1"), sent).status_code == 302
    assert Flag.objects.get().item == item(assessment, "SO1-1")
    assert levels() == {"PE1-1": 3}

    browser.post(address(assessment), {"unflag": "SO1-item1"})
    assert not Flag.objects.exists()

    page = reverse("assessments:score", args=[assessment.public_id, "SO1"])
    assert browser.post(page, {"flag": "item2"}).url == page
    assert Flag.objects.get().item == item(assessment, "SO1-2")


def test_a_flag_is_its_owners_alone_and_leaves_no_trace_in_the_record(browser, assessment, member):
    other = factories.create_membership(role=Role.MEMBER, place=assessment.place).user
    events = AuditEvent.objects.count()
    flagged = flag_item(item=item(assessment, "SO1-1"), by=other, at=factories.AT)
    assert flag_item(item=item(assessment, "SO1-1"), by=other, at=factories.AT) == flagged

    assert names(browser.get(address(assessment, show="flagged"))) == []
    unflag_item(item=item(assessment, "SO1-1"), by=member, at=factories.AT)
    assert Flag.objects.count() == 1
    assert AuditEvent.objects.count() == events


def test_only_members_flag_and_only_while_the_board_scores(assessment, member):
    with pytest.raises(PermissionDenied):
        flag_item(item=item(assessment, "SO1-1"), by=factories.holder(Role.LEAD, assessment.place), at=factories.AT)
    factories.move(assessment, Move.CLOSE_SCORING)
    with pytest.raises(WrongState):
        flag_item(item=item(assessment, "SO1-1"), by=member, at=factories.AT)


def test_the_database_holds_one_flag_for_each_item_and_person(assessment, member):
    flagged = flag_item(item=item(assessment, "SO1-1"), by=member, at=factories.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.create(item=flagged.item, user=member, flagged_at=factories.AT)


def test_items_that_are_not_scored_again_are_not_listed(browser, assessment, member):
    for each in assessment.items.all():
        factories.create_score(each, by=member, judgement=Judgement.CANNOT_JUDGE)
    factories.move(assessment, Move.CLOSE_SCORING)
    factories.move(assessment, Move.SCORE_AGAIN, items=[item(assessment, "SO1-2")], reason="New figures.")

    assert names(browser.get(address(assessment))) == ["SO1-item2"]


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_takes_the_same_few_queries_for_few_items_and_many(client, django_assert_num_queries, size):
    assessment = factories.create_assessment()
    for _ in range(size):
        factories.create_item(assessment)
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    for each in assessment.items.select_related("assessment"):
        factories.create_score(each, by=member)
        flag_item(item=each, by=member, at=factories.AT)
    client.force_login(member)

    # session, user, assessment, capacity, own scores, items with their flags, last round, notes
    with django_assert_num_queries(8):
        client.get(address(assessment))

"""Checklists: what the framework asks, what the place says about it, and who can change what."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Agreement, EvidenceItem, Judgement
from assessments.own_work import spared_by_person
from assessments.permissions import WrongState
from assessments.selectors import load_case
from assessments.services import checklists, items, scoring
from assessments.services.agreeing import NoSuchLevel
from assessments.workflow import Move
from frameworks.definition import load
from frameworks.models import Node
from partnership.audit_rows import faults
from partnership.models import Stale
from partnership.roles import Role
from tests import factories, whole_round
from tests.factories import AT
from tests.integration.assessments.checklist_frameworks import asked, checklist, lead
from tests.page_forms import forms_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    return whole_round.opened(whole_round.published(checklist()))


def test_opening_a_round_asks_each_statement_that_counts(assessment):
    made = assessment.items.order_by("number").values_list("number", "statement_code", "statement")

    assert list(made) == [
        (1, "F1", "There is a plan."),
        (2, "F2", "The plan is followed."),
        (3, "W1", "The plan was ignored."),
    ]
    assert faults() == []


def test_the_frameworks_statements_cannot_be_changed_removed_or_added_to(assessment):
    item, by = asked(assessment, "F1"), lead(assessment)
    criterion = Node.objects.get(version=assessment.framework_version, code="CH")

    with pytest.raises(items.FrameworkStatement):
        items.edit_item(item=item, statement="Ours", number=1, based_on=1, by=by, at=AT)
    with pytest.raises(items.FrameworkStatement):
        items.remove_item(item=item, based_on=1, by=by, at=AT)
    with pytest.raises(items.FrameworkStatement):
        items.add_item(assessment=assessment, criterion=criterion, statement="Ours", by=by, at=AT)

    assert assessment.items.count() == 3


def test_the_place_says_what_it_does_beside_a_statement(client, assessment):
    item = asked(assessment, "F1")
    client.force_login(lead(assessment))
    address = reverse("assessments:item_edit", args=[assessment.public_id, item.public_id])

    assert "There is a plan." in client.get(address).text
    answer = client.post(address, {"account": "We wrote one in May.", "based_on": "1"}, follow=True)
    stale = client.post(address, {"account": "We wrote one in June.", "based_on": "1"})

    assert "We wrote one in May." in answer.text
    assert "We wrote one in June." in stale.text
    assert "We wrote one in May." in stale.text
    assert asked(assessment, "F1").account == "We wrote one in May."
    assert faults() == []


def test_an_account_is_written_of_the_frameworks_statements_by_those_who_write_items_while_they_may(assessment):
    own, item = factories.create_item(assessment, code="IT"), asked(assessment, "F1")

    with pytest.raises(checklists.NotAChecklist):
        checklists.write_account(item=own, account="No", based_on=1, by=lead(assessment), at=AT)
    with pytest.raises(Stale):
        checklists.write_account(item=item, account="Late", based_on=7, by=lead(assessment), at=AT)
    factories.move(assessment, Move.OPEN_SCORING)
    with pytest.raises(WrongState):
        checklists.write_account(item=item, account="Late", based_on=1, by=lead(assessment), at=AT)


@pytest.mark.parametrize(
    "values",
    [{"statement_code": "F1", "number": 9}, {"statement_code": "", "number": 9, "account": "Words"}],
)
def test_the_database_holds_one_item_a_statement_and_accounts_of_statements_alone(assessment, values):
    criterion = Node.objects.get(version=assessment.framework_version, code="CH")

    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceItem.objects.create(assessment=assessment, criterion=criterion, statement="Again", **values)


def test_answers_are_those_of_the_statement(assessment):
    factories.create_item(assessment, code="IT")
    factories.move(assessment, Move.OPEN_SCORING)
    member = factories.create_membership(place=assessment.place).user

    factories.create_score(asked(assessment, "F1"), by=member, level=0)
    factories.create_score(asked(assessment, "W1"), by=member, level=1)
    with pytest.raises(scoring.NoSuchLevel, match="answers"):
        factories.create_score(asked(assessment, "F2"), by=member, level=3)
    with pytest.raises(scoring.NoSuchLevel, match="answers"):
        factories.create_score(asked(assessment, "W1"), by=member, level=2, based_on=1)


def test_the_score_page_asks_by_class_and_saves_answers(client, assessment):
    factories.move(assessment, Move.OPEN_SCORING)
    member = factories.create_membership(place=assessment.place).user
    client.force_login(member)
    address = reverse("assessments:score", args=[assessment.public_id, "CH"])

    text = client.get(address).text
    saved = client.post(
        address, {"item1-choice": "2", "item2-choice": "1", "item3-choice": "0", "then": "stay"}, follow=True
    )

    assert text.index("Foundations") < text.index("There is a plan.") < text.index("Warning signs")
    assert "Nobody counts this." not in text
    assert "3 statements saved" in saved.text
    assert [score.level for score in member.memberships.get().scores.order_by("item__number")] == [2, 1, 0]


def test_the_board_settles_on_an_answer_and_the_level_follows(assessment):
    factories.move(assessment, Move.OPEN_SCORING)
    for member in factories.board(assessment.place, 3):
        for code, level in {"F1": 2, "F2": 2, "W1": 0}.items():
            factories.create_score(asked(assessment, code), by=member, level=level)
    factories.move(assessment, Move.CLOSE_SCORING)
    with pytest.raises(NoSuchLevel, match="answers"):
        factories.create_agreement(asked(assessment, "W1"), level=2, reason="No")
    for code, level in {"F1": 2, "F2": 2, "W1": 0}.items():
        factories.create_agreement(asked(assessment, code), level=level)

    bare = load_case(assessment=assessment, on=AT.date())
    for code, strength in {"F1": 2, "F2": 1}.items():
        factories.create_artefact(assessment.place, item=asked(assessment, code), strength=strength)
    shown = load_case(assessment=assessment, on=AT.date())

    # Yes demands documents in use, Partly documented intent; a warning sign demands nothing.
    assert bare.claimed["CH"].level == 4
    assert [bare.supported["CH"].level, shown.supported["CH"].level] == [1, 2]
    assert (shown.coverage("CH").in_date, shown.coverage("CH").applicable) == (2, 3)
    assert [cap.key for cap in shown.supported["CH"].trace.caps] == ["CH.F2"]


def test_a_board_of_two_minds_over_yes_and_no_is_split(assessment):
    factories.move(assessment, Move.OPEN_SCORING)
    for member, level in zip(factories.board(assessment.place, 4), [0, 0, 1, 1], strict=True):
        factories.create_score(asked(assessment, "W1"), by=member, level=level)
    assessment = factories.move(assessment, Move.CLOSE_SCORING)

    case = load_case(assessment=assessment, on=AT.date())

    assert [item.label for item in case.unsettled_splits()] == ["CH.W1"]


def test_the_board_agrees_a_checklist_by_class_beside_what_the_place_says(client, assessment):
    item = asked(assessment, "F1")
    checklists.write_account(item=item, account="A plan <of May>.", based_on=1, by=lead(assessment), at=AT)
    agreed = whole_round.scored(assessment)
    factories.move(agreed, Move.CLOSE_SCORING)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    text = client.get(reverse("assessments:agree", args=[assessment.public_id, "CH"])).text

    assert text.index("Foundations") < text.index("A plan &lt;of May&gt;.") < text.index("Warning signs")
    assert text.count(">Foundations</h2>") == 1
    assert text.count("agreeing-item--compact") == 3


def test_a_class_of_statements_is_settled_at_once_and_what_is_refused_is_kept(client, assessment):
    factories.move(assessment, Move.OPEN_SCORING)
    scores = {"F1": (2, 2, 2, 2), "F2": (0, 0, 2, 2), "W1": (0, 0, 0, 0)}
    for number, member in enumerate(factories.board(assessment.place, 4)):
        for code, levels in scores.items():
            factories.create_score(asked(assessment, code), by=member, level=levels[number])
    factories.move(assessment, Move.CLOSE_SCORING)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    address = reverse("assessments:agree", args=[assessment.public_id, "CH"])

    def foundations(page, **changes):
        """Return what a browser would send of the form of a class, with both of its statements."""
        (form,) = (form for form in forms_of(page.text, address) if "agree1-choice" in form.controls)
        assert "agree3-choice" not in form.controls
        return form.values(item=["1", "2"], then="stay", **changes)

    opened = foundations(client.get(address))
    # What lies together is chosen beforehand, and a split is not.
    assert (opened["agree1-choice"], "agree2-choice" in opened) == ("2", False)
    refused = client.post(address, opened | {"agree2-choice": "2"})

    assert refused.status_code == 409
    assert "1 statement is recorded. What is marked below is not." in refused.text
    assert "Say why the level differs from the middle of the scores." in refused.text
    assert refused.text.count("data-rationale open") == 1
    again = foundations(refused)
    assert (again["agree1-based_on"], again["agree2-choice"]) == ("1", "2")
    # What is settled elsewhere on the page is no part of what is sent.
    factories.create_agreement(asked(assessment, "W1"), level=0)
    saved = client.post(address, again | {"agree2-reason": "We saw it."}, follow=True)
    assert "1 statement is recorded." in saved.text
    assert "Nothing was changed." in client.post(address, foundations(saved), follow=True).text
    held = Agreement.objects.filter(item__assessment=assessment).order_by("item__number")
    assert [(each.level, each.version) for each in held] == [(2, 1), (2, 1), (0, 1)]


def test_saving_a_class_again_changes_what_was_changed_there_and_nothing_else(client, assessment):
    factories.in_agreeing(assessment, 1, 1, 1)
    for code in ("F1", "F2", "W1"):
        factories.create_agreement(asked(assessment, code), level=1, reason="As read.")
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    address = reverse("assessments:agree", args=[assessment.public_id, "CH"])
    (form,) = (form for form in forms_of(client.get(address).text, address) if "agree1-choice" in form.controls)
    sent = form.values(item=["1", "2"], then="stay") | {"agree1-choice": "2", "agree2-reason": "As seen."}
    # Somebody else settles the first statement meanwhile.
    factories.create_agreement(asked(assessment, "F1"), level=0, reason="We heard more.", based_on=1)

    refused = client.post(address, sent)

    assert refused.status_code == 409
    assert "1 statement is recorded. What is marked below is not." in refused.text
    assert "Nothing was overwritten" in refused.text
    held = Agreement.objects.filter(item__assessment=assessment).order_by("item__number")
    assert [(each.level, each.reason, each.version) for each in held] == [
        (0, "We heard more.", 2),
        (1, "As seen.", 2),
        (1, "As read.", 1),
    ]


LADDER = [{"code": f"r{rung}", "of_level": rung, "text": f"Rung {rung}."} for rung in (2, 3, 4)]
CLIMBED = {"kind": "cumulative_gate", "unanswered": "until_decided"}


def test_a_ladder_asks_no_further_than_it_is_climbed(client):
    version = whole_round.published(checklist(statements=LADDER, rule=CLIMBED))
    assessment = factories.move(whole_round.opened(version), Move.OPEN_SCORING)
    member, *others = factories.board(assessment.place, 3)
    for each in (member, *others):
        factories.create_score(asked(assessment, "r2"), by=each, level=2)
        factories.create_score(asked(assessment, "r3"), by=each, level=0)
    client.force_login(member)

    sheet = client.get(reverse("assessments:score", args=[assessment.public_id, "CH"])).text
    board = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text
    factories.move(assessment, Move.CLOSE_SCORING)
    for code in ("r2", "r3"):
        factories.create_agreement(asked(assessment, code), level=2 if code == "r2" else 0)
    case = load_case(assessment=assessment, on=AT.date())

    assert "1 statement below can stay open" in sheet
    assert "You have scored all 2 items" in board
    assert "3 of 3 members have scored everything; 6 of 6" in board
    assert (case.claimed["CH"].level, case.not_asked.keys) == (2, {"CH.r4"})
    assert (case.coverage("CH").applicable, case.unsettled_splits()) == (2, [])
    agreeing = client.get(reverse("assessments:agree", args=[assessment.public_id, "CH"])).text
    assert agreeing.count("Nothing needs to be agreed here") == 1


def test_members_who_answer_a_ladder_differently_are_spared_differently():
    version = whole_round.published(checklist(statements=LADDER, rule=CLIMBED))
    assessment = factories.move(whole_round.opened(version), Move.OPEN_SCORING)
    fell, climbs = factories.board(assessment.place, 2)
    for each, level in ((fell, 0), (climbs, 2)):
        factories.create_score(asked(assessment, "r2"), by=each, level=2)
        factories.create_score(asked(assessment, "r3"), by=each, level=level)

    spared = spared_by_person({assessment.pk: load(version.definition)})[assessment.pk]

    assert spared == {fell.pk: 1, climbs.pk: 0}


def test_judgements_other_than_an_answer_are_for_statements_too(assessment):
    factories.move(assessment, Move.OPEN_SCORING)
    member = factories.create_membership(place=assessment.place).user

    score = factories.create_score(
        asked(assessment, "F1"), by=member, judgement=Judgement.NOT_APPLICABLE, reason="We have none."
    )

    assert score.reason == "We have none."

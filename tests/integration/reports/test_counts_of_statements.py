"""Ladders of statements: everywhere only what needs an answer is counted, and called what the framework calls it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments import own_work
from assessments.decided import decided
from assessments.services.handing_over import open_work
from assessments.workflow import Move
from frameworks.definition import load
from partnership.roles import Role
from tests import factories, whole_round
from tests.factories import AT
from tests.published_shapes import SHAPES, best, framework, levels

pytestmark = pytest.mark.django_db

FAR = {"scoring_closes_on": date(2126, 12, 4), "signing_closes_on": date(2126, 12, 18)}
YES, NO = 1, 0


@pytest.fixture
def assessment():
    """An open scoring of four ladders of four rungs, with three members."""
    version = whole_round.published(SHAPES["ladder"]())
    place = factories.create_place("Mossley")
    assessment = factories.create_assessment(place=place, framework_version=version, name="Autumn round", **FAR)
    factories.board(place, 3)
    return factories.move(assessment, Move.OPEN_SCORING)


def rung(assessment, criterion, code):
    return assessment.items.select_related("criterion", "assessment").get(
        criterion__code=criterion, statement_code=code
    )


def climb(assessment, member, *criteria):
    """Score the first rung of some criteria as reached and the second as not, so that the rest needs no answer."""
    for criterion in criteria:
        factories.create_score(rung(assessment, criterion, "r2"), by=member, level=YES)
        factories.create_score(rung(assessment, criterion, "r3"), by=member, level=NO)


def read(client, user, name="reports:home", *args):
    client.force_login(user)
    return client.get(reverse(name, args=args)).text


def test_while_scoring_only_what_still_needs_an_answer_is_left(client, assessment):
    done, begun, _ = factories.board(assessment.place, 3)
    climb(assessment, done, "L1", "L2", "L3", "L4")
    climb(assessment, begun, "L1")

    assert "You have scored everything." in read(client, done)
    assert own_work.items_left(user=done, assessment=assessment) == 0
    text = read(client, begun)
    assert "Score Mossley, Autumn round: 12 of 14 left" in text
    assert "You have 12 statements left to score" in text
    assert "12 statements to score: Mossley" in " ".join(open_work(memberships=begun.memberships.all(), on=AT.date()))
    assert "1 of 3 members have finished" in read(client, factories.holder(Role.CHAIR, assessment.place))
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    for text in (read(client, office), read(client, office, "assessments:round", assessment.round.public_id)):
        assert "10 of 38 scores given" in text


def test_levels_of_an_earlier_round_are_shown_once_nothing_needs_an_answer(client, assessment):
    done, begun, _ = factories.board(assessment.place, 3)
    climb(assessment, done, "L1", "L2", "L3", "L4")
    climb(assessment, begun, "L1")
    earlier = factories.create_assessment(
        place=assessment.place, state="SUBMITTED", framework_version=factories.create_framework_version()
    )
    earlier.round.opens_on -= timedelta(days=1)
    earlier.round.save()

    place = ("reports:place", assessment.place.public_id)
    assert "You have 12 statements of Autumn round left to score" in read(client, begun, *place)
    assert "left to score" not in read(client, done, *place)


def test_while_agreeing_only_what_still_needs_a_level_is_left(client, assessment):
    for member in factories.board(assessment.place, 3):
        climb(assessment, member, "L1")
    for member, level in zip(factories.board(assessment.place, 4), (YES, NO, YES, NO), strict=True):
        for criterion in ("L1", "L2"):
            factories.create_score(rung(assessment, criterion, "r5"), by=member, level=level)
    factories.create_artefact(assessment.place, item=rung(assessment, "L1", "r4"), strength=2)
    factories.move(assessment, Move.CLOSE_SCORING)
    chair, lead = (factories.holder(role, assessment.place) for role in (Role.CHAIR, Role.LEAD))
    assert "16 statements to agree, 2 of them split" in read(client, chair)
    assert "15 of 16 statements without evidence" in read(client, lead)

    factories.create_agreement(rung(assessment, "L1", "r2"), level=YES)
    factories.create_agreement(rung(assessment, "L1", "r3"), level=NO)

    assert "12 statements to agree, 1 of them split" in read(client, chair)
    assert "14 of 14 statements without evidence" in read(client, lead)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    for text in (read(client, office), read(client, office, "assessments:round", assessment.round.public_id)):
        assert "2 of 14 statements agreed" in text
        assert "12 statements to agree" in text
    board = read(client, chair, "assessments:agreeing", assessment.public_id)
    assert "<strong>2 of 14</strong> statements are settled; 2 more need nothing" in board
    assert board.index("L4.r5") < board.index("L1.r4")
    assert "14 of 14 statements have no evidence attached" in read(
        client, lead, "assessments:assessment", assessment.public_id
    )


def either():
    """A checklist that one statement decides, where evidence shows it: the other need not be asked then."""
    answers = [{"rank": 0, "name": "No", "value": 0}, {"rank": 1, "name": "Yes", "value": 1, "demand": 2}]
    table = [{"level": 2, "when": [{"class": "base", "is": "some"}]}, {"level": 1}]
    return framework(
        "either",
        "Either",
        tiers=["Criterion"],
        scale=levels("Absent", "There", "Everywhere"),
        classes=[{"code": "base", "name": "Foundations"}],
        answers=[{"code": "shown", "answers": answers}],
        rule={"kind": "profile_only"},
        nodes=[
            {
                "code": "CH",
                "name": "Checklist",
                "scoring": "checklist",
                "answers": "shown",
                "rule": {"kind": "rule_table", "unanswered": "until_decided", "rows": table},
                "statements": [{"code": code, "class": "base", "text": f"{code} is so."} for code in ("F1", "F2")],
            }
        ],
        golden=best({"CH": {"F1": "Yes", "F2": "Yes"}}, {"CH": 2}),
    )


def test_the_short_way_for_many_assessments_finds_decided_what_the_case_does():
    assessment = factories.in_agreeing(whole_round.opened(whole_round.published(either())), YES, YES, YES)
    definitions = {assessment.pk: load(assessment.framework_version.definition)}
    first = rung(assessment, "CH", "F1")

    def both():
        keys = decided(definitions, day=AT.date())[assessment.pk].items
        codes = assessment.items.filter(pk__in=keys).values_list("statement_code", flat=True)
        return {f"CH.{code}" for code in codes}, whole_round.case_of(assessment).not_asked.keys

    factories.create_agreement(first, level=YES)
    assert both() == (set(), frozenset())
    factories.create_artefact(assessment.place, item=first, strength=3, review_by=AT.date() - timedelta(days=1))
    assert both() == (set(), frozenset())
    factories.create_artefact(assessment.place, item=first, strength=2, review_by=AT.date())
    assert both() == ({"CH.F2"}, frozenset({"CH.F2"}))


def test_where_some_statements_are_scored_again_only_these_are_left(client, assessment):
    done, begun, _ = factories.board(assessment.place, 3)
    for member in (done, begun):
        climb(assessment, member, "L1", "L2", "L3", "L4")
    factories.move(assessment, Move.CLOSE_SCORING)
    again = [rung(assessment, "L1", code) for code in ("r2", "r3", "r4")]
    factories.move(assessment, Move.SCORE_AGAIN, items=again, reason="It was read in two ways.")
    climb(assessment, done, "L1")

    assert "You have scored everything." in read(client, done)
    assert "Score Mossley, Autumn round: 3 of 3 left" in read(client, begun)
    assert "1 of 3 members have finished" in read(client, factories.holder(Role.CHAIR, assessment.place))

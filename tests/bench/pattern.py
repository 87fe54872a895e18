"""The system that a benchmark's data are copies of, made by services: every row is one that the portal can reach."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from assessments.models import Judgement
from assessments.services import agreeing, register, scoring
from assessments.workflow import Move, State
from frameworks.models import Node
from partnership.roles import Role
from reports.services import make_report
from tests import factories, whole_round
from tests.bench.copies import PLACES, SYSTEM
from tests.factories import AT

LIBRARY = Path(__file__).resolve().parents[2] / "frameworks" / "library" / "place_development_1_0.yaml"
# How many items each criterion has, as in the first submission that was made against the framework: 50 in all.
ITEMS = (4, 3, 4, 5, 4, 4, 4, 6, 4, 4, 3, 5)
MEMBERS = 12
STATEMENT = (
    "Partners have agreed in writing what they want to reach for the people of the place by the end of the plan, who "
    "leads on each part of it, and how they will tell whether it was reached (statement {number})."
)


def make(*, rounds, items=ITEMS, members=MEMBERS, with_report=False):
    """
    Make the system with two places that went through all rounds but the last, as far as the ICB's decision.

    In the last one the first place scores, with half of its members done, and the second one agrees, half-way through.
    `with_report` makes the PDF of each place's first round, as the worker would make all of them.
    """
    version = whole_round.published(LIBRARY.read_bytes())
    system = factories.create_system(f"{SYSTEM} system")
    cast = [_people(factories.create_place(f"{name} place", system=system), members) for name in PLACES]
    for role in (Role.PROGRAMME_OFFICE, Role.REVIEWER):
        _member(f"{role.label} {SYSTEM}", role=role, system=system)
    today = timezone.localdate()
    for number in range(rounds):
        left = rounds - 1 - number
        day = today - timedelta(days=10 + 90 * left)
        opened = factories.create_round(
            system=system,
            framework_version=version,
            name=f"Round {number + 1}",
            opens_on=day,
            scoring_closes_on=day + timedelta(days=40),
            signing_closes_on=day + timedelta(days=60),
        )
        for at, (place, board) in enumerate(cast):
            assessment = opened.assessments.select_related("place__system", "round", "framework_version").get(
                place=place
            )
            _write(assessment, items)
            assessment = factories.move(assessment, Move.OPEN_SCORING)
            if left or at:
                _score(assessment, board)
                assessment = factories.move(assessment, Move.CLOSE_SCORING)
                _agree(assessment, all_of_it=bool(left))
            else:
                _score(assessment, board[: members // 2])
            if left:
                _finish(assessment)
                if with_report and not number:
                    make_report(subject=assessment.seal.public_id, at=AT)
    return system


def _people(place, members):
    name = next(each for each in PLACES if each in place.name)
    for role in (Role.LEAD, Role.CHAIR, Role.SIGNATORY):
        _member(f"{role.label} {name}", role=role, place=place)
    return place, [_member(f"Member {number} {name}", role=Role.MEMBER, place=place) for number in range(members)]


def _member(name, **part):
    email = f"{name.lower().replace(' ', '.').replace(chr(39), '')}@people.example"
    user = factories.create_user(name, email=email)
    organisation = factories.create_organisation(f"Organisation of {name}", place=part.get("place"))
    factories.create_membership(user=user, organisation=organisation, **part)
    return user


def _write(assessment, items):
    """Write the items, and cite an artefact of the register for two of three; it is filled in the first round."""
    place, nodes = assessment.place, Node.objects.filter(version=assessment.framework_version, is_criterion=True)
    artefacts = list(place.artefacts.order_by("pk")) or [
        factories.create_artefact(place, strength=number % 5, title=f"Plan {number}") for number in range(20)
    ]
    lead, number = factories.holder(Role.LEAD, place), 0
    for node, count in zip(nodes.order_by("position"), items, strict=False):
        for _ in range(count):
            number += 1
            item = factories.create_item(assessment, code=node.code, statement=STATEMENT.format(number=number), by=lead)
            if number % 3:
                artefact = artefacts[number % len(artefacts)]
                register.link_artefact(artefact=artefact, item=item, locator="page 3", by=lead, at=AT)


def _score(assessment, board):
    """Let members score every item: most of them alike, and some items far apart."""
    items = list(assessment.items.select_related("criterion").order_by("pk"))
    for seat, member in enumerate(board):
        entries = [
            scoring.Entry(
                item,
                Judgement.LEVEL,
                based_on=0,
                level=1 + (number + seat * (3 if number % 5 == 0 else 1) // 5) % 4,
                comment="Seen at the last meeting." if (number + seat) % 10 == 0 else "",
            )
            for number, item in enumerate(items)
        ]
        scoring.record_scores(assessment=assessment, entries=entries, by=member, at=AT)


def _agree(assessment, *, all_of_it):
    chair = factories.holder(Role.CHAIR, assessment.place)
    agreeing.agree_undisputed(assessment=assessment, by=chair, at=AT)
    open_items = list(assessment.items.filter(agreements=None).order_by("pk"))
    for item in open_items if all_of_it else open_items[::2]:
        factories.create_agreement(item, level=2, reason="After a talk about what was seen.", by=chair)


def _finish(assessment):
    """Sign the assessment, submit it, review every criterion, and decide."""
    assessment = factories.move(assessment, Move.PUT_UP, accepted_gaps=_gaps(assessment))
    factories.create_signature(assessment, by=factories.holder(Role.SIGNATORY, assessment.place))
    assessment = factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")
    assessment = factories.move(assessment, Move.SUBMIT)
    assessment = factories.move(assessment, Move.START_REVIEW)
    for code in assessment.items.order_by("pk").values_list("criterion__code", flat=True).distinct():
        if not assessment.criterion_reviews.filter(criterion__code=code).exists():
            factories.create_finding(assessment, code=code, words="As it says.", recommendation="Keep at it.")
    assessment = factories.move(assessment, Move.FINISH_REVIEW, text="Thank you.", reply_by=factories.REPLY_BY)
    factories.create_reply(assessment.questions.latest("number"))
    said = factories.create_decision_said(assessment, conditions=0)
    assessment = factories.move(assessment, Move.DECIDE, **said)
    assert assessment.state == State.DECIDED


def _gaps(assessment):
    """Return the criteria without items, which the chair accepts: none, but where a test makes fewer items."""
    every = Node.objects.filter(version=assessment.framework_version, is_criterion=True)
    return frozenset(every.exclude(items__assessment=assessment).values_list("code", flat=True))

"""Settling levels after the reveal, all undisputed ones at once, and dissent."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection

from assessments.models import Agreement, Dissent, DissentWithdrawal, Judgement
from assessments.permissions import WrongState
from assessments.selectors import load_case
from assessments.services import agreeing, dissenting
from assessments.workflow import ACTS, Act, Move, State
from partnership import append_only, audit, audit_rows
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
SPLIT = (1, 1, 4, 4)


def scored(*levels):
    """Return the only item of an assessment whose members gave these levels."""
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    factories.in_agreeing(assessment, *levels)
    return type(item).objects.select_related("assessment__place").get()


def dissent(agreement, *, by, attributed=True, text="I hold it to be lower", based_on=1):
    return dissenting.record_dissent(
        agreement=agreement, text=text, attributed=attributed, based_on=based_on, by=by, at=AT
    )


@pytest.mark.parametrize(
    "levels, level, needs_rationale",
    [
        ((2, 2, 3), 2, False),
        ((2, 2, 3), 3, True),
        ((2, 2, 3), 1, True),
        (SPLIT, 1, True),
        (SPLIT, 4, True),
        ((2,), 2, False),
    ],
)
def test_a_rationale_is_needed_off_the_lower_median_and_for_a_split(levels, level, needs_rationale):
    item = scored(*levels)

    if needs_rationale:
        with pytest.raises(agreeing.RationaleMissing):
            factories.create_agreement(item, level=level, reason=" ")
        assert not Agreement.objects.exists()
    agreement = factories.create_agreement(item, level=level, reason="The minutes show it" if needs_rationale else "")

    assert agreement.level == level
    event = AuditEvent.objects.filter(chain=audit.chain_key(item.assessment)).latest("sequence")
    assert (event.type, json.loads(event.details)["level"]) == (audit.Type.LEVEL_AGREED, level)


def test_not_applicable_needs_a_reason_and_carries_no_level():
    item = scored(2, 2, 2)

    with pytest.raises(agreeing.RationaleMissing):
        factories.create_agreement(item, judgement=Judgement.NOT_APPLICABLE, level=None)
    agreement = factories.create_agreement(
        item, judgement=Judgement.NOT_APPLICABLE, level=3, reason="The borough has no port"
    )

    assert (agreement.judgement, agreement.level) == (Judgement.NOT_APPLICABLE, None)


def test_where_nobody_gave_a_level_a_rationale_is_needed():
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    factories.in_scoring(assessment)
    factories.move(assessment, Move.CLOSE_SCORING)

    with pytest.raises(agreeing.RationaleMissing):
        factories.create_agreement(item, level=1)


@pytest.mark.parametrize("judgement, level", [("LEVEL", 5), ("LEVEL", 0), ("LEVEL", None), ("CANNOT_JUDGE", None)])
def test_only_the_frameworks_levels_can_be_settled(judgement, level):
    item = scored(2, 2, 2)

    with pytest.raises(agreeing.NoSuchLevel):
        factories.create_agreement(item, judgement=judgement, level=level, reason="Because")


def test_a_stale_level_overwrites_nothing():
    item = scored(2, 2, 2)
    factories.create_agreement(item, level=2)

    with pytest.raises(Stale) as stale:
        factories.create_agreement(item, level=3, reason="Because")

    assert stale.value.current.level == 2
    assert Agreement.objects.get().level == 2


def test_a_level_settled_anew_replaces_the_one_that_was_seen():
    item = scored(2, 2, 2)
    factories.create_agreement(item, level=2)

    factories.create_agreement(item, level=3, reason="We heard more", based_on=1)

    assert (Agreement.objects.get().level, Agreement.objects.get().version) == (3, 2)
    assert AuditEvent.objects.filter(type=audit.Type.LEVEL_AGREED).count() == 2


@pytest.mark.parametrize("state", State)
def test_levels_are_settled_by_the_tables_roles_in_its_states_alone(state):
    assessment = factories.create_assessment(state=state)
    item = assessment.items.first() or factories.create_item(assessment)
    rule = ACTS[Act.AGREE]
    based_on = item.agreements.count()
    for role in Role:
        by = factories.holder(role, assessment.place)
        if role not in rule.roles:
            with pytest.raises(PermissionDenied):
                factories.create_agreement(item, by=by, based_on=based_on)
        elif state not in rule.states:
            with pytest.raises(WrongState):
                factories.create_agreement(item, by=by, based_on=based_on)
        else:
            factories.create_agreement(item, by=by, based_on=based_on)


def test_all_that_nobody_disputes_is_settled_at_once_each_with_its_own_row_and_event():
    assessment = factories.create_assessment()
    plain, other, split, settled, few = (factories.create_item(assessment) for _ in range(5))
    members = factories.board(assessment.place, 4)
    factories.in_scoring(assessment)
    for item, levels in (
        (plain, (2, 2, 3, 3)),
        (other, (4, 4, 4)),
        (split, SPLIT),
        (settled, (1, 1, 1)),
        (few, (2, 2)),
    ):
        for member, level in zip(members, levels, strict=False):
            factories.create_score(item, by=member, level=level)
    factories.move(assessment, Move.CLOSE_SCORING)
    factories.create_agreement(settled, level=2, reason="Because")

    made = agreeing.agree_undisputed(assessment=assessment, by=factories.holder(Role.CHAIR, assessment.place), at=AT)

    assert {agreement.item: agreement.level for agreement in made} == {plain: 2, other: 4}
    assert settled.agreements.get().level == 2
    events = AuditEvent.objects.filter(type=audit.Type.LEVEL_AGREED).order_by("sequence")
    assert [json.loads(event.details)["undisputed"] for event in events] == [False, True, True]
    with pytest.raises(agreeing.NothingUndisputed):
        agreeing.agree_undisputed(assessment=assessment, by=factories.holder(Role.CHAIR, assessment.place), at=AT)


def test_an_item_that_somebody_calls_not_applicable_is_disputed():
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    members = factories.board(assessment.place, 4)
    factories.in_scoring(assessment)
    for member in members[:3]:
        factories.create_score(item, by=member, level=2)
    factories.create_score(item, by=members[3], judgement=Judgement.NOT_APPLICABLE, reason="No port")
    factories.move(assessment, Move.CLOSE_SCORING)

    with pytest.raises(agreeing.NothingUndisputed):
        agreeing.agree_undisputed(assessment=assessment, by=factories.holder(Role.CHAIR, assessment.place), at=AT)


@pytest.mark.parametrize("attributed", [True, False])
def test_dissent_names_its_member_only_if_they_wish(attributed):
    item = scored(2, 2, 2)
    agreement = factories.create_agreement(item)
    [member] = factories.board(item.assessment.place, 1)

    made = dissent(agreement, by=member, attributed=attributed)

    assert bool(made.membership) is attributed
    details = AuditEvent.objects.get(type=audit.Type.DISSENT_RECORDED).details
    assert "lower" not in details


def test_dissent_is_from_what_was_agreed_then_and_not_from_what_is_agreed_later():
    item = scored(2, 2, 2)
    agreement = factories.create_agreement(item)
    [member] = factories.board(item.assessment.place, 1)
    dissent(agreement, by=member)

    factories.create_agreement(item, level=1, reason="The dissent convinced us", based_on=1)

    assert not Dissent.objects.standing().exists()
    assert Dissent.objects.count() == 1
    with pytest.raises(Stale):
        dissent(agreement, by=member)


def test_dissent_from_an_earlier_ballots_agreement_is_refused():
    item = scored(2, 2, 2)
    agreement = factories.create_agreement(item)
    [member] = factories.board(item.assessment.place, 1)
    factories.move(item.assessment, Move.SCORE_AGAIN, reason="New figures", items=[item])
    factories.move(item.assessment, Move.CLOSE_SCORING)

    with pytest.raises(dissenting.ScoredAgain):
        dissent(agreement, by=member)


def test_dissent_must_say_something():
    item = scored(2, 2, 2)
    agreement = factories.create_agreement(item)
    [member] = factories.board(item.assessment.place, 1)

    with pytest.raises(dissenting.DissentEmpty):
        dissent(agreement, by=member, text="  ")


def test_only_members_dissent():
    item = scored(2, 2, 2)
    agreement = factories.create_agreement(item)

    with pytest.raises(PermissionDenied):
        dissent(agreement, by=factories.holder(Role.LEAD, item.assessment.place))


def test_the_second_ballot_alone_decides_the_spread():
    item = scored(1, 1, 1)
    members = factories.board(item.assessment.place, 3)
    factories.move(item.assessment, Move.SCORE_AGAIN, reason="New figures", items=[item])
    for member in members:
        factories.create_score(item, by=member, level=3)
    factories.move(item.assessment, Move.CLOSE_SCORING)

    [agreement] = agreeing.agree_undisputed(
        assessment=item.assessment, by=factories.holder(Role.CHAIR, item.assessment.place), at=AT
    )

    assert (agreement.level, agreement.ballot) == (3, 2)


def test_each_level_that_was_accepted_as_undisputed_says_so_on_its_item_and_in_the_record():
    assessment = factories.create_assessment(state=State.AGREEING)
    chair = factories.holder(Role.CHAIR, assessment.place)

    [made] = agreeing.agree_undisputed(assessment=assessment, by=chair, at=AT)

    assert made.undisputed
    [item] = load_case(assessment=assessment, on=AT.date()).items
    assert (item.undisputed, item.settled_by, item.settled_at) == (True, chair.name, AT)
    [event] = AuditEvent.objects.filter(type=audit.Type.LEVEL_AGREED)
    assert json.loads(event.details)["undisputed"] is True
    assert (event.actor, event.at) == (str(chair.public_id), AT)
    Agreement.objects.update(undisputed=False)
    [fault] = audit_rows.faults()
    assert fault.what == f"assessments.Agreement {made.pk} does not hold what was recorded: undisputed"
    # As it was before rows said so: the migration finds it in the record.
    import_module("assessments.migrations.0016_agreed_as_undisputed").as_recorded(apps, None)
    assert audit_rows.faults() == []
    again = factories.create_agreement(made.item, level=3, reason="We looked again", based_on=1)
    assert not again.undisputed


def test_dissents_stand_in_an_order_that_tells_nothing_of_when_they_were_written():
    assessment = factories.create_assessment(state=State.AGREEING)
    agreement = factories.create_agreement(assessment.items.get())
    members = factories.board(assessment.place, 3)
    for member, text, attributed in zip(members, ("Zeal", "Yes, but", "All wrong"), (False, True, False), strict=True):
        factories.create_dissent(agreement, text=text, attributed=attributed, by=member)

    [item] = load_case(assessment=assessment, on=AT.date()).items

    unnamed = [objection.text for objection in item.objections if not objection.name]
    assert unnamed == ["All wrong", "Zeal"]


def wrote(dissent, user):
    return dissenting.is_author(author=dissent.author_mark, lineage=dissent.agreement.item.lineage, user=user)


def withdraw(dissent, *, by, is_shown=True):
    return dissenting.withdraw_dissent(dissent=dissent, is_shown=is_shown, by=by, at=AT)


@pytest.mark.parametrize("attributed", [True, False])
@pytest.mark.parametrize("is_shown", [True, False])
def test_its_author_alone_withdraws_a_dissent_and_it_is_shown_as_withdrawn_or_left_out(attributed, is_shown):
    item = scored(2, 2, 2)
    assessment = item.assessment
    author, other = factories.board(assessment.place, 2)
    made = dissent(factories.create_agreement(item), by=author, attributed=attributed)
    # Where both are of one organisation, its name is no key.
    for by in (other, factories.holder(Role.CHAIR, assessment.place), factories.create_user()):
        with pytest.raises(PermissionDenied):
            withdraw(made, by=by)

    withdraw(made, by=author, is_shown=is_shown)

    [told] = load_case(assessment=assessment, on=AT.date()).items
    assert [objection.is_withdrawn for objection in told.objections] == [True] * is_shown
    assert all(bool(objection.name) is attributed for objection in told.objections)
    with pytest.raises(dissenting.NotStanding):
        withdraw(made, by=author)
    assert audit_rows.faults() == []
    event = AuditEvent.objects.get(type=audit.Type.DISSENT_WITHDRAWN)
    assert made.text not in event.details


def test_the_record_tells_dissents_of_one_wording_apart():
    """Two members say the same, one of them twice, and take one back: no false alarm, and none missing."""
    item = scored(2, 2, 2)
    author, other = factories.board(item.assessment.place, 2)
    agreement = factories.create_agreement(item)
    for by, attributed in ((author, True), (other, False), (author, True)):
        made = dissent(agreement, by=by, attributed=attributed)
    withdraw(made, by=author)
    assert audit_rows.faults() == []

    append_only.lift(connection)
    agreement.dissents.earliest("pk").delete()

    assert "is gone" in str(audit_rows.faults())


def test_a_dissent_is_withdrawn_only_while_the_board_agrees_and_while_it_stands():
    item = scored(2, 2, 2)
    author = factories.board(item.assessment.place, 1)[0]
    overtaken = dissent(factories.create_agreement(item), by=author)
    agreement = factories.create_agreement(item, level=3, reason="We looked again", based_on=1)
    with pytest.raises(dissenting.NotStanding):
        withdraw(overtaken, by=author)

    stands = dissent(agreement, by=author, based_on=2)
    factories.move(item.assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    with pytest.raises(WrongState):
        withdraw(stands, by=author)
    assert not DissentWithdrawal.objects.exists()


def test_a_dissent_without_a_name_is_known_by_its_author_alone_also_in_the_next_version():
    item = scored(2, 2, 2)
    author, other = factories.board(item.assessment.place, 2)
    made = dissent(factories.create_agreement(item), by=author, attributed=False)
    twin = dissent(factories.create_agreement(item, reason="Again", based_on=1), by=other, attributed=False, based_on=2)

    assert made.author_mark != twin.author_mark
    assert not {str(author.pk), str(author.public_id)} & {made.author_mark}
    assert (wrote(made, author), wrote(made, other)) == (True, False)

    factories.move(item.assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(item.assessment, by=factories.create_signatory(item.assessment.place))
    factories.move(item.assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")
    again = factories.reopened(item.assessment)
    copied = Dissent.objects.filter(agreement__item__assessment=again, text=twin.text).latest("pk")
    withdraw(copied, by=author if wrote(copied, author) else other)
    later = factories.reopened(factories.sign_again(again, level=3))
    assert DissentWithdrawal.objects.filter(dissent__agreement__item__assessment=later).exists()

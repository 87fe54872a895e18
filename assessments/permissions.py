"""Who may do what with an assessment, and who may open which of this room's addresses."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessments import workflow
from assessments.models import EvidenceItem, Facilitator, PeerReviewer, Round
from assessments.standing_in import powers_of, with_powers
from assessments.workflow import EDITORS, Act, Move
from partnership import permissions as people
from partnership.models import Membership
from partnership.permissions import ADMINISTRATOR, SIGNED_IN, Route
from partnership.prepared import prepared
from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM, Role
from partnership.services.bodies import KEEPERS

EVERYBODY = frozenset(Role)
MEMBERS = frozenset({Role.MEMBER})
LEAD = workflow.ACTS[Act.CARRY_FORWARD].roles
SIGNATORIES = workflow.ACTS[Act.NAME_DEPUTY].roles
HOLDERS = workflow.ACTS[Act.FACILITATE].roles | MEMBERS
PROGRAMME_OFFICE = workflow.PROGRAMME_OFFICE
# A lead does where they stand in for the chair.
SETTLERS = workflow.ACTS[Act.AGREE].roles | {Role.LEAD}
MOVERS = frozenset().union(*(rule.roles for rule in workflow.MOVES.values()))

ROUTES = {
    "assessments:trial": Route(read=ADMINISTRATOR, post=ADMINISTRATOR),
    "assessments:trial_node": Route(read=ADMINISTRATOR, post=ADMINISTRATOR),
    "assessments:assessment": Route(read=EVERYBODY),
    "assessments:score": Route(read=MEMBERS, post=MEMBERS),
    "assessments:score_all": Route(read=MEMBERS, post=MEMBERS),
    "assessments:scored": Route(read=MEMBERS),
    "assessments:workbook": Route(read=MEMBERS, post=MEMBERS),
    "assessments:workbook_file": Route(read=MEMBERS),
    "assessments:paper": Route(read=EVERYBODY),
    # It holds nothing of the place, and stores nothing.
    "assessments:practice": Route(read=EVERYBODY, post=EVERYBODY),
    "assessments:bring": Route(read=LEAD, post=LEAD),
    "assessments:carried": Route(read=LEAD, post=LEAD),
    "assessments:import_items": Route(read=EDITORS, post=EDITORS),
    "assessments:items": Route(read=EVERYBODY),
    "assessments:item_add": Route(read=EDITORS, post=EDITORS),
    "assessments:item": Route(read=EVERYBODY),
    "assessments:item_edit": Route(read=EDITORS, post=EDITORS),
    "assessments:notes": Route(read=workflow.ACTS[Act.KEEP_NOTES].roles, post=workflow.ACTS[Act.KEEP_NOTES].roles),
    "assessments:item_remove": Route(read=EDITORS, post=EDITORS),
    "assessments:item_cite": Route(read=None, post=EDITORS),
    "assessments:item_uncite": Route(read=None, post=EDITORS),
    "assessments:register": Route(read=EVERYBODY),
    "assessments:artefact_add": Route(read=EDITORS, post=EDITORS),
    "assessments:artefact": Route(read=EVERYBODY),
    "assessments:artefact_edit": Route(read=EDITORS, post=EDITORS),
    "assessments:artefact_end": Route(read=EDITORS, post=EDITORS),
    "assessments:artefact_file": Route(read=EVERYBODY),
    "assessments:body_add": Route(read=KEEPERS, post=KEEPERS),
    "assessments:body_edit": Route(read=KEEPERS, post=KEEPERS),
    "assessments:body_end": Route(read=KEEPERS, post=KEEPERS),
    "assessments:agreement_add": Route(read=KEEPERS, post=KEEPERS),
    "assessments:agreement_edit": Route(read=KEEPERS, post=KEEPERS),
    "assessments:agreement_end": Route(read=KEEPERS, post=KEEPERS),
    "assessments:round_open": Route(read=PROGRAMME_OFFICE, post=PROGRAMME_OFFICE),
    "assessments:round": Route(read=OF_SYSTEM),
    "assessments:round_dates": Route(read=PROGRAMME_OFFICE, post=PROGRAMME_OFFICE),
    "assessments:round_place": Route(read=PROGRAMME_OFFICE, post=PROGRAMME_OFFICE),
    "assessments:deadlines": Route(
        read=EVERYBODY, post=workflow.ACTS[Act.ASK_FOR_TIME].roles | workflow.ACTS[Act.GIVE_TIME].roles
    ),
    "assessments:move": Route(read=MOVERS, post=MOVERS),
    "assessments:reopen": Route(read=workflow.ACTS[Act.REOPEN].roles, post=workflow.ACTS[Act.REOPEN].roles),
    "assessments:agreeing": Route(read=BOARD),
    "assessments:agree": Route(read=BOARD, post=SETTLERS | workflow.ACTS[Act.DISSENT].roles),
    "assessments:agree_undisputed": Route(read=SETTLERS, post=SETTLERS),
    "assessments:leave_out": Route(read=SETTLERS, post=SETTLERS),
    # Any member of the board may be named to hold a workshop.
    "assessments:workshop": Route(read=BOARD, post=HOLDERS),
    "assessments:workshop_join": Route(read=SIGNED_IN, post=SIGNED_IN),
    "assessments:workshop_screen": Route(read=HOLDERS, post=HOLDERS),
    "assessments:workshop_vote": Route(read=MEMBERS, post=MEMBERS),
    "assessments:workshop_pulse": Route(read=BOARD),
    "assessments:workshop_record": Route(read=BOARD),
    "assessments:sign": Route(read=EVERYBODY, post=workflow.ACTS[Act.SIGN_AS_DEPUTY].roles),
    "assessments:stand_ins": Route(read=AT_PLACE, post=workflow.CHAIR),
    "assessments:stand_in_withdraw": Route(read=None, post=workflow.CHAIR),
    "assessments:deputies": Route(read=SIGNATORIES, post=SIGNATORIES),
    "assessments:deputy_withdraw": Route(read=None, post=SIGNATORIES),
    "assessments:signoff": Route(read=EVERYBODY),
    "assessments:review": Route(read=EVERYBODY),
    "assessments:review_criterion": Route(read=EVERYBODY, post=workflow.ACTS[Act.REVIEW].roles),
    "assessments:review_across": Route(read=OF_SYSTEM),
    "assessments:questions": Route(read=EVERYBODY, post=workflow.ACTS[Act.REPLY].roles),
    "assessments:peers": Route(read=PROGRAMME_OFFICE, post=PROGRAMME_OFFICE),
    "assessments:decision": Route(read=EVERYBODY, post=PROGRAMME_OFFICE),
}


class WrongState(Exception):
    """The assessment is not in a state in which this may be done; the text says so to the user."""


class Superseded(WrongState):
    """A later version took the assessment's place, so that it is only read."""

    def __init__(self, assessment):
        super().__init__(
            f"Version {assessment.superseded_by.number} has taken the place of this one, which can only be read."
        )


class PlaceClosed(WrongState):
    """The place has closed, so that what it left is only read."""

    def __init__(self, place):
        super().__init__(f"{place.name} has closed, so its assessments can only be read.")


class ItemRemoved(WrongState):
    """The item is there no more."""


def check_there(item):
    """
    Let an item pass that is still there; under the assessment's lock nobody removes it any more.

    :raises ItemRemoved: if somebody removed it meanwhile
    """
    if not EvidenceItem.objects.filter(pk=item.pk).exists():
        raise ItemRemoved("Somebody removed the item meanwhile.")


def capacity(*, user, assessment, on=None):
    """
    Return what `user` is at the assessment's place on a day, today unless told; one query.

    Somebody of another place who was named as a peer reviewer of this assessment is a reviewer here, and nothing else.
    """
    places = people.where_held(assessment.place)
    found = _held(
        user=user.pk,
        assessment=assessment.pk,
        places=places,
        system=assessment.system_id,
        day=on or timezone.localdate(),
    )
    here = [each for each in found if each.place_id in places or each.system_id == assessment.system_id]
    return people.capacity_from(
        here,
        user=user,
        place=assessment.place,
        powers=powers_of(here),
        named_as=frozenset({Role.REVIEWER}) if any(each.is_peer for each in found) else frozenset(),
    )


@prepared
def _held(*, user, assessment, places, system, day):
    named = PeerReviewer.objects.filter(assessment=assessment, membership=OuterRef("pk"), ended_at=None)
    held = Membership.objects.current(day).filter(user=user).annotate(is_peer=Exists(named))
    here = Q(place__in=places) | Q(system=system) | Q(is_peer=True)
    return with_powers(held, on=day).filter(here).select_related("organisation").order_by("pk")


def check(act, *, capacity, assessment):
    """
    Let `act` pass if the table allows it.

    :raises PermissionDenied: if none of the person's roles may do it
    :raises WrongState: if the roles would, but not in this state, or not in a version that was superseded
    """
    if act == Act.READ:
        if not _may_read(capacity.roles, assessment):
            raise PermissionDenied(workflow.ACTS[Act.READ].role_sentence)
        return
    rule = workflow.ACTS[Act(act)]
    if rule.power not in capacity.powers:
        capacity.check(rule.roles, rule.role_sentence)
    if rule.by_outsiders:
        _check_outsider(capacity, assessment)
    if act not in workflow.WHEN_ONLY_READ:
        _check_not_only_read(assessment)
    if assessment.state not in rule.states:
        raise WrongState(rule.state_sentence or "This cannot be done in the present state of the assessment.")


def _may_read(roles, assessment):
    shared = assessment.round.visibility != Round.Visibility.PLACE
    return workflow.may_read(roles, assessment.state, shared=shared)


def who_may(act, *, assessment):
    """Return the roles that do the act in its states, and read what it is about; at a place that closed nobody does."""
    closed = AT_PLACE if assessment.place.ended_on else frozenset()
    return {role for role in workflow.ACTS[Act(act)].roles - closed if _may_read({role}, assessment)}


def can(act, *, capacity, assessment):
    """Tell whether `check` would let the act pass: for templates, so that buttons and services never disagree."""
    try:
        check(act, capacity=capacity, assessment=assessment)
    except (PermissionDenied, WrongState):
        return False
    return True


def why_closed(act, *, capacity, assessment):
    """
    Return why an act cannot be done now, "" if it can: for pages that say so, and keep what was typed.

    :raises PermissionDenied: if none of the person's roles may do it in any state
    """
    try:
        check(act, capacity=capacity, assessment=assessment)
    except WrongState as error:
        return str(error)
    return ""


def check_facilitator(*, capacity, assessment):
    """
    Let those pass who may hold the assessment's workshops: chair, lead, and the member whom they named.

    :raises PermissionDenied: for anybody else
    :raises WrongState: while the board is not agreeing
    """
    mine = [each.pk for each in capacity.memberships if each.role == Role.MEMBER]
    rule = workflow.ACTS[Act.FACILITATE]
    named = Facilitator.objects.filter(assessment=assessment, membership__in=mine, ended_at=None)
    if capacity.roles & rule.roles or not named.exists():
        check(Act.FACILITATE, capacity=capacity, assessment=assessment)
        return
    _check_not_only_read(assessment)
    if assessment.state not in rule.states:
        raise WrongState(rule.state_sentence)


def can_facilitate(*, capacity, assessment):
    """Tell whether `check_facilitator` would let the person pass."""
    try:
        check_facilitator(capacity=capacity, assessment=assessment)
    except (PermissionDenied, WrongState):
        return False
    return True


def check_move(move, *, capacity, assessment):
    """
    Let a move pass if the table allows it from the present state to one of the person's roles.

    :raises PermissionDenied: if none of the person's roles may make it
    :raises WrongState: if it does not lead on from the present state, or the version was superseded
    """
    rule = workflow.MOVES[Move(move)]
    if rule.power not in capacity.powers:
        capacity.check(rule.roles, "Only " + people.named(rule.roles) + " may do this.")
    if rule.by_outsiders:
        _check_outsider(capacity, assessment)
    _check_not_only_read(assessment)
    if assessment.state not in rule.sources:
        raise WrongState(
            f"The assessment is in the state “{assessment.get_state_display()}”, so this cannot be done now."
        )


def possible_moves(*, capacity, assessment):
    """Return the moves that the person may make now, in the table's order; not those that follow from another act."""
    return tuple(
        move
        for move in workflow.moves_from(assessment.state)
        if not workflow.MOVES[move].follows and can_move(move, capacity, assessment)
    )


def can_move(move, capacity, assessment):
    """Tell whether `check_move` would let the move pass."""
    try:
        check_move(move, capacity=capacity, assessment=assessment)
    except (PermissionDenied, WrongState):
        return False
    return True


def settles(capacity):
    """Tell whether somebody settles levels here, whatever the state: as the chair, or standing in for them."""
    rule = workflow.ACTS[Act.AGREE]
    return bool(capacity.roles & rule.roles) or rule.power in capacity.powers


def _check_not_only_read(assessment):
    """
    Let those pass whose place is open and that no later version took the place of.

    :raises Superseded, PlaceClosed: otherwise
    """
    if assessment.is_superseded:
        raise Superseded(assessment)
    if assessment.place.ended_on:
        raise PlaceClosed(assessment.place)


def _check_outsider(capacity, assessment):
    """
    Let those pass who judge a place from outside.

    :raises PermissionDenied: for people of the place itself, and where the round keeps the result at the place
    """
    if any(each.place_id == assessment.place_id for each in capacity.memberships):
        raise PermissionDenied("Nobody reviews their own place: you have a part at this one.")
    if assessment.round.visibility == Round.Visibility.PLACE:
        raise PermissionDenied("The result of this round stays at the place, so nobody reviews it.")

"""
Plain functions that make what a test needs, by calling services: no test starts from a state the product cannot reach.

Everything has a default; a test names only what matters to it.
"""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import FunctionType

from assessments.models import Artefact, Judgement, PartnershipAgreement, Score, Signature
from assessments.services import (
    agreeing,
    agreements,
    aims,
    delegating,
    items,
    moves,
    register,
    reopening,
    replying,
    reviewing,
    rounds,
    scoring,
    signing,
    standing_in,
    workshops,
)
from assessments.services.deciding import ConditionSaid, PathwaySaid
from assessments.workflow import MOVES, Move, Power, State
from frameworks import definition
from frameworks.models import Framework, FrameworkVersion, Node
from frameworks.services import publish_version
from improvement.services import actions, helping
from partnership.models import Membership, Organisation
from partnership.roles import OF_SYSTEM, Role
from partnership.services import bodies, invitations, organisations, people, places
from tests.recalled import memory, recalled
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.garden_versions import account_of

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "seven grey herons"
numbers = count(1)


def create_user(name=None, *, email=None, administrator=False, password=PASSWORD):
    number = next(numbers)
    name = name or f"Person {number}"
    email = email or f"{name.lower().replace(' ', '.')}.{number}@people.example"
    return people.add_person(email=email, name=name, password=password, administrator=administrator, by=None, at=AT)


def create_system(name=None):
    name = name or f"System {next(numbers)}"
    return places.add_system(name=name, board_name=f"NHS {name} ICB", by=None, at=AT)


def create_place(name=None, *, system=None):
    return places.add_place(system=system or create_system(), name=name or f"Place {next(numbers)}", by=None, at=AT)


def create_organisation(name=None, *, sector=Organisation.Sector.COUNCIL, place=None):
    """Return an organisation; a partner of `place` if one is given."""
    organisation = organisations.add_organisation(
        name=name or f"Organisation {next(numbers)}", sector=sector, by=None, at=AT
    )
    if place:
        organisations.add_partner(place=place, organisation=organisation, starts_on=LONG_AGO, by=None, at=AT)
    return organisation


def create_membership(
    *, role=Role.MEMBER, user=None, place=None, system=None, organisation=None, starts_on=LONG_AGO, ends_on=None
):
    """Return a membership at a place, or for a system where the role is one of a system."""
    if place is None and system is None:
        if role in OF_SYSTEM:
            system = create_system()
        else:
            place = create_place()
    return people.start_membership(
        user=user or create_user(),
        role=role,
        place=place,
        system=system,
        organisation=organisation or create_organisation(place=place),
        starts_on=starts_on,
        ends_on=ends_on,
        by=None,
        at=AT,
    )


def create_people(*names, place=None):
    """
    Return people by the names they go by in a test: `create_people("chair", "outsider", place=place)`.

    Where a place is given, whoever is named after a role, a number apart (`member_2`), holds it there or in its system;
    anybody else, such as an outsider, has no part in it.
    """
    cast = {}
    for name in names:
        user = cast[name] = create_user(name.replace("_", " ").capitalize())
        role = name.rstrip("0123456789_").upper()
        if place is None or role not in Role.names:
            continue
        if role in OF_SYSTEM:
            create_membership(user=user, role=Role(role), system=place.system)
        else:
            create_membership(user=user, role=Role(role), place=place)
    return cast


def holder(role, place):
    """Return somebody who holds `role` at the place or in its system, made if there is nobody yet."""
    where = {"system": place.system} if role in OF_SYSTEM else {"place": place}
    membership = Membership.objects.filter(role=role, **where).select_related("user").order_by("pk").first()
    return (membership or create_membership(role=role, **where)).user


def create_framework_version(**changes):
    """
    Return a published version of the garden framework, with some of its definition's top fields replaced.

    Its criteria are SO1, SO2, SO3, PE1, PE2a, PE2b and PE3; its levels 1 to 4. What became of the version before
    follows from codes and words, unless told.
    """
    data = garden(**changes)
    framework, _ = Framework.objects.get_or_create(code=data["code"], defaults={"name": data["name"]})
    before = framework.versions.order_by("-pk").first()
    if before and "changes_from" not in data:
        data["changes_from"] = account_of(definition.parse(data), definition.load(before.definition))
    text = definition.canonical_text(data)
    version = FrameworkVersion.objects.create(
        framework=framework, number=data["number"], definition=text, digest=definition.digest(text)
    )
    publish_version(version=version, by=None, at=AT)
    return version


def create_round(*, system=None, places=None, framework_version=None, by=None, name=None, **values):
    """Return a round over `places`, all of `system` unless told; `values` go to `open_round`."""
    if places is None:
        system = system or create_system()
        places = list(system.places.order_by("name")) or [create_place(system=system)]
    garden_version = FrameworkVersion.objects.filter(framework__code="garden").order_by("pk").first
    dates = {
        "opens_on": date(2026, 10, 1),
        "scoring_closes_on": date(2026, 12, 4),
        "signing_closes_on": date(2026, 12, 18),
    }
    return rounds.open_round(
        system=places[0].system,
        framework_version=framework_version or garden_version() or create_framework_version(),
        name=name or f"Round {next(numbers)}",
        places=places,
        by=by or holder(Role.PROGRAMME_OFFICE, places[0]),
        at=AT,
        **dates | values,
    )


def create_assessment(*, place=None, state=State.PREPARING, **values):
    """
    Return a place's assessment in a state, in a round of its own; `values` go to `create_round`.

    On the way it gets an item for SO1, three members who score it at level 2, that level agreed, and a signatory who
    signs; `put_up` and the others do the same for an assessment with a case of its own.
    """
    opened = create_round(places=[place or create_place()], **values)
    assessment = opened.assessments.select_related("place__system", "round", "framework_version").get()
    return WAYS[State(state)](assessment)


def in_scoring(assessment):
    """Return the assessment after its lead opened scoring, with an item written first where there is none."""
    if not assessment.items.exists():
        create_item(assessment)
    return move(assessment, Move.OPEN_SCORING)


def in_agreeing(assessment, *levels):
    """Return the assessment after members gave these levels (three 2s) to each item, and the chair closed scoring."""
    in_scoring(assessment)
    levels = levels or (2, 2, 2)
    for item in assessment.items.order_by("pk"):
        for member, level in zip(board(assessment.place, len(levels)), levels, strict=True):
            create_score(item, by=member, level=level)
    return move(assessment, Move.CLOSE_SCORING)


def put_up(assessment):
    """Return the assessment after every open item was settled at level 2 and the chair put it up for signature."""
    in_agreeing(assessment)
    for item in assessment.items.order_by("pk"):
        create_agreement(item)
    return move(assessment, Move.PUT_UP, accepted_gaps=EMPTY_CRITERIA)


def signed(assessment):
    """Return the assessment after all that must signed, one at least, and the chair sealed it."""
    put_up(assessment)
    organisations = [row.organisation for row in assessment.required_signatures.select_related("organisation")]
    signatories = [create_signatory(assessment.place, organisation) for organisation in organisations]
    while len(signatories) < assessment.round.minimum_signatures:
        signatories.append(create_signatory(assessment.place))
    for signatory in signatories:
        create_signature(assessment, by=signatory)
    return move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")


def submitted(assessment):
    return move(signed(assessment), Move.SUBMIT)


def in_review(assessment):
    return move(submitted(assessment), Move.START_REVIEW)


def asked(assessment):
    """Return the assessment after a reviewer asked the place about SO1."""
    in_review(assessment)
    return create_question(assessment)


def reviewed(assessment):
    """Return the assessment after it was submitted and reviewed as `reviewed_after_submission` does."""
    return reviewed_after_submission(submitted(assessment))


def reviewed_after_submission(assessment):
    """Return the assessment after SO1 was reviewed, the review was shared, and the place replied."""
    move(assessment, Move.START_REVIEW)
    create_finding(assessment)
    move(assessment, Move.FINISH_REVIEW, text="Thank you for the evidence.", reply_by=REPLY_BY)
    create_reply(assessment.questions.latest("number"))
    assessment.refresh_from_db()
    return assessment


def decided_after_review(assessment):
    """Return the assessment in review, with its findings, after the place replied and the ICB decided."""
    move(assessment, Move.FINISH_REVIEW, text="Thank you for the evidence.", reply_by=REPLY_BY)
    create_reply(assessment.questions.latest("number"))
    return move(assessment, Move.DECIDE, **create_decision_said(assessment))


def decided(assessment):
    """Return the assessment after the ICB accepted it on every pathway, each with one condition."""
    reviewed(assessment)
    return move(assessment, Move.DECIDE, **create_decision_said(assessment))


def withdrawn(assessment):
    """Return the assessment after the chair withdrew it, with an item written first where there is none."""
    if not assessment.items.exists():
        create_item(assessment)
    return move(assessment, Move.WITHDRAW, reason="The partnership is being reorganised")


def reopened(assessment, *, by=None, reason="A figure was wrong", **values):
    """Return the next version of a signed assessment, re-opened by its chair; `values` go to `reopen`."""
    assessment.refresh_from_db()
    values = {"based_on": assessment.version, "by": by or holder(Role.CHAIR, assessment.place), "at": AT} | values
    return reopening.reopen(assessment=assessment, reason=reason, **values)


def sign_again(assessment, level=2):
    """Return a re-opened assessment after its first item was settled at a level, it was put up, signed and sealed."""
    item = assessment.items.order_by("pk").first()
    agreed = item.agreements.get(ballot=item.ballot)
    create_agreement(item, level=level, reason="Looked at again", based_on=agreed.version)
    move(assessment, Move.PUT_UP, accepted_gaps=EMPTY_CRITERIA)
    signatories = Membership.objects.filter(place=assessment.place, role=Role.SIGNATORY).select_related("user")
    for organisation in signatories.order_by("organisation").distinct():
        create_signature(assessment, by=organisation.user)
    return move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/2")


# The garden's criteria other than SO1 that count: where no test writes items for them, they are gaps that it accepts.
EMPTY_CRITERIA = frozenset({"SO2", "PE1", "PE2a", "PE2b"})
WAYS = {
    State.PREPARING: lambda assessment: assessment,
    State.SCORING: lambda assessment: in_scoring(assessment),
    State.AGREEING: lambda assessment: in_agreeing(assessment),
    State.SIGNING: lambda assessment: put_up(assessment),
    State.SIGNED: lambda assessment: signed(assessment),
    State.SUBMITTED: lambda assessment: submitted(assessment),
    State.IN_REVIEW: lambda assessment: in_review(assessment),
    State.CLARIFY: lambda assessment: asked(assessment),
    State.DECIDED: lambda assessment: decided(assessment),
    State.WITHDRAWN: lambda assessment: withdrawn(assessment),
}


def board(place, size):
    """Return the first `size` members of a place's board, made as far as there are too few."""
    members = Membership.objects.filter(role=Role.MEMBER, place=place).select_related("user").order_by("pk")
    users = [member.user for member in members[:size]]
    while len(users) < size:
        users.append(create_membership(role=Role.MEMBER, place=place).user)
    return users


def create_signatory(place, organisation=None):
    """Return the signatory of an organisation, of a new one unless told."""
    return create_membership(role=Role.SIGNATORY, place=place, organisation=organisation).user


def create_agreement(item, *, level=2, reason="", judgement=Judgement.LEVEL, based_on=0, by=None):
    """Return the agreement on an item, settled by the place's chair."""
    return agreeing.agree_level(
        item=item,
        judgement=judgement,
        level=level,
        reason=reason,
        based_on=based_on,
        by=by or holder(Role.CHAIR, item.assessment.place),
        at=AT,
    )


def create_workshop(assessment, *, members=0, held_by=None):
    """
    Return a workshop that the chair opened, with the first so many members of the board in it.

    `held_by`, a member, is named to hold it, too.
    """
    chair = holder(Role.CHAIR, assessment.place)
    if held_by:
        membership = Membership.objects.get(user=held_by, place=assessment.place, role=Role.MEMBER)
        workshops.name_facilitator(assessment=assessment, membership=membership, by=chair, at=AT)
    opened = workshops.open_workshop(assessment=assessment, by=chair, at=AT)
    for member in board(assessment.place, members):
        workshops.join_workshop(code=opened.shown_code.lower(), by=member, at=AT)
    return opened


def create_dissent(agreement, *, text="We disagree", attributed=True, by=None):
    """Return a member's dissent from an agreement."""
    return agreeing.record_dissent(
        agreement=agreement,
        text=text,
        attributed=attributed,
        based_on=agreement.version,
        by=by or board(agreement.item.assessment.place, 1)[0],
        at=AT,
    )


def create_signature(assessment, *, by, kind=Signature.Kind.SIGNED, words="", based_on=0, at=AT):
    """Return a signatory's signature, or a deputy's, on what is up now."""
    digest = signing.current_snapshot(assessment).digest
    return signing.sign(assessment=assessment, kind=kind, words=words, digest=digest, based_on=based_on, by=by, at=at)


def create_delegation(assessment, *, by, role=Role.CONTRIBUTOR, starts_on=None, ends_on=None):
    """Return a delegation of the signatory `by` to a new person of the same organisation with that role."""
    organisation = by.memberships.get(role=Role.SIGNATORY).organisation
    deputy = create_membership(role=role, place=assessment.place, organisation=organisation)
    return delegating.name_deputy(
        assessment=assessment, deputy=deputy, starts_on=starts_on, ends_on=ends_on, by=by, at=AT
    )


def create_stand_ins(assessment, *, powers=tuple(Power), lead=None, by=None, at=AT, days=400):
    """Return what the place's chair lets its lead do in their place: everything there is, from `at` on, unless told."""
    lead = lead or holder(Role.LEAD, assessment.place)
    return standing_in.let_stand_in(
        assessment=assessment,
        lead=lead.memberships.get(role=Role.LEAD, place=assessment.place),
        powers=powers,
        starts_on=at.date(),
        ends_on=at.date() + timedelta(days=days),
        by=by or holder(Role.CHAIR, assessment.place),
        at=at,
    )


# The last day for a reply, unless told.
REPLY_BY = date(2026, 10, 15)


def create_finding(assessment, *, code="SO1", level=2, words="", recommendation="", based_on=0, by=None, **values):
    """Return the reviewers' finding on a criterion, sure of it unless told; `values` go to `review_criterion`."""
    defaults = {"judgement": Judgement.LEVEL, "confidence": Score.Confidence.SURE}
    return reviewing.review_criterion(
        assessment=assessment,
        code=code,
        level=level,
        words=words,
        recommendation=recommendation,
        based_on=based_on,
        by=by or holder(Role.REVIEWER, assessment.place),
        at=AT,
        **defaults | values,
    )


def create_question(assessment, *, code="SO1", text="How often does the board meet?", reply_by=REPLY_BY, by=None):
    """Return the assessment after a reviewer asked the place."""
    return move(assessment, Move.ASK, by=by, code=code, text=text, reply_by=reply_by)


def create_reply(question, *, text="Every month.", at=AT, by=None):
    """Return the place's reply to a question, given by its lead."""
    by = by or holder(Role.LEAD, question.assessment.place)
    return replying.reply(question=question, text=text, by=by, at=at)


def create_decision_said(assessment, *, conditions=1):
    """Return what DECIDE takes: every pathway accepted, on so many conditions for its first gate."""
    framework = definition.load(assessment.framework_version.definition)
    partner = create_organisation(place=assessment.place) if conditions else None
    return {
        "decided_on": AT.date(),
        "pathways": [
            PathwaySaid(
                pathway=pathway.code,
                outcome="CONDITIONS" if conditions else "ACCEPT",
                functions="Community services",
                reasons="The evidence is there",
                conditions=tuple(
                    ConditionSaid(f"Condition {number}", pathway.gates[0].code, partner, date(2027, 1, 31))
                    for number in range(1, conditions + 1)
                ),
            )
            for pathway in framework.pathways
        ],
    }


def move(assessment, move, *, by=None, at=AT, **extras):
    """Return the assessment after somebody who may made a move."""
    assessment.refresh_from_db()
    role = min(MOVES[move].roles)
    by = by or holder(role, assessment.place)
    return moves.make_move(assessment=assessment, move=move, based_on=assessment.version, by=by, at=at, **extras)


def create_score(item, *, by, level=3, judgement=Judgement.LEVEL, based_on=0, at=AT, **values):
    """Return a member's score of an item; `values` go to the `Entry`. What refuses it is raised."""
    entry = scoring.Entry(item, judgement, based_on, level=level, **values)
    [outcome] = scoring.record_scores(assessment=item.assessment, entries=[entry], by=by, at=at)
    if outcome.refusal:
        raise outcome.refusal
    return outcome.score


def create_item(assessment, *, code="SO1", statement=None, by=None):
    """Return an evidence item of the criterion with this code, written by the place's lead."""
    return items.add_item(
        assessment=assessment,
        criterion=Node.objects.get(version=assessment.framework_version, code=code),
        statement=statement or f"Statement {next(numbers)}",
        by=by or holder(Role.LEAD, assessment.place),
        at=AT,
    )


def create_artefact(place, *, item=None, locator="", by=None, **values):
    """
    Return an artefact in the place's register, added by its lead; a document that a link leads to, unless told.

    Where an item is given, the artefact is cited for it.
    """
    by = by or holder(Role.LEAD, place)
    number = next(numbers)
    defaults = {"title": f"Artefact {number}", "kind": Artefact.Kind.DOCUMENT}
    if not values.keys() & {"url", "note", "upload"}:
        defaults["url"] = f"https://documents.example/{number}"
    artefact = register.add_artefact(place=place, by=by, at=AT, **defaults | values)
    if item:
        register.link_artefact(artefact=artefact, item=item, locator=locator, by=by, at=AT)
    return artefact


def create_body(place, name=None, *, by=None, **values):
    """Return a body of the place's governance, added by its lead."""
    by = by or holder(Role.LEAD, place)
    return bodies.add_body(place=place, name=name or f"Body {next(numbers)}", by=by, at=AT, **values)


def create_partnership_agreement(place, title=None, *, by=None, **values):
    """Return an agreement between a place's partners, added by its lead; a memorandum unless told."""
    by = by or holder(Role.LEAD, place)
    defaults = {"title": title or f"Agreement {next(numbers)}", "kind": PartnershipAgreement.Kind.MEMORANDUM}
    return agreements.add_agreement(place=place, by=by, at=AT, **defaults | values)


def create_action(assessment, *, by=None, **values):
    """Return an action of a partner for SO1, planned by the place's lead; `values` go to `add_action`."""
    defaults = {"title": f"Action {next(numbers)}", "due_on": date(2027, 1, 15)}
    if not values.keys() & {"criterion", "gate"}:
        defaults["criterion"] = Node.objects.get(version=assessment.framework_version, code="SO1")
    if "owner" not in values:
        defaults["owner"] = create_organisation(place=assessment.place)
    by = by or holder(Role.LEAD, assessment.place)
    return actions.add_action(assessment=assessment, by=by, at=AT, **defaults | values)


def create_help(place, *, kind="OFFER", code="SO1", by=None, **values):
    """Return an offer of help for a criterion, made by the place's lead; the place has an assessment in some round."""
    if "criterion" not in values:
        version = place.assessments.order_by("-pk").values("framework_version")[:1]
        values["criterion"] = Node.objects.get(version__in=version, code=code)
    if "contact" not in values:
        values["contact"] = create_organisation(place=place)
    by = by or holder(Role.LEAD, place)
    defaults = {"words": f"What helped us {next(numbers)}", "at": AT}
    return helping.say(place=place, kind=kind, by=by, **defaults | values)


def create_targets(assessment, *, by=None, reach_by=date(2027, 3, 31), reason="", based_on=0, **levels):
    """Return the targets of a place, such as `SO1=3`, set by its lead."""
    by = by or holder(Role.LEAD, assessment.place)
    return aims.set_targets(
        assessment=assessment, levels=levels, reach_by=reach_by, reason=reason, based_on=based_on, by=by, at=AT
    )


def create_pathway_date(assessment, *, by=None, pathway="seed-fund", reason="", based_on=0, planned_on=None):
    """Return the day that a place plans for a pathway, 1 April 2027 unless told, planned by its lead."""
    return aims.date_pathway(
        assessment=assessment,
        pathway=pathway,
        planned_on=planned_on or date(2027, 4, 1),
        reason=reason,
        based_on=based_on,
        by=by or holder(Role.LEAD, assessment.place),
        at=AT,
    )


def create_invitation(*, place=None, by=None, at=AT, **values):
    """Return an invitation to be a member, for a new partner, sent by the programme office; `values` go to `invite`."""
    place = place or create_place()
    number = next(numbers)
    defaults = {"email": f"invited.{number}@people.example", "name": f"Invited {number}", "role": Role.MEMBER}
    if "organisation" not in values:
        defaults["organisation"] = create_organisation(place=place)
    by = by or holder(Role.PROGRAMME_OFFICE, place)
    return invitations.invite(place=place, by=by, at=at, **defaults | values)


def link_token(mail):
    """Return the token of the link in an e-mail of the outbox."""
    return re.search(r"/join/([^/\s]+)/", mail.body).group(1)


memory.numbers = numbers
for _name, _value in list(globals().items()):
    if isinstance(_value, FunctionType) and _value.__module__ == __name__ and _name != "link_token":
        globals()[_name] = recalled(_value)

"""Sign what was frozen, and close the signing with a seal."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from assessments import permissions
from assessments.models import Assessment, Delegation, Seal, Signature
from assessments.quorum import Quorum
from assessments.standing_in import acting_part, stand_in_for
from assessments.workflow import MOVES, Act, Move
from partnership import audit, idempotency
from partnership.models import Membership, Organisation
from partnership.roles import Role

SEAL_FORMAT = 2


class SignatureRefused(Exception):
    """The signature cannot be taken; the text says why."""


class NotWhatWasShown(SignatureRefused):
    """The content is not the one that the person was looking at."""


class AlreadySigned(SignatureRefused):
    """The organisation has answered since the page was opened; `signature` is what it said."""

    def __init__(self, signature):
        super().__init__(
            f"{signature.organisation.name} has answered already, so nothing was added: "
            f"{signature.get_kind_display().lower()}, by {signature.membership.user.name}. "
            "Send yours again to put it in the place of that answer."
        )
        self.signature = signature


class SaidAlready(SignatureRefused):
    """The organisation's answer is word for word the one that stands."""


class WordsMissing(SignatureRefused):
    """A reservation, a refusal or an interest must say what it is."""


class WordsWithoutReservation(SignatureRefused):
    """A plain signature carries no words: they would not be printed as a reservation."""


class SealRefused(Exception):
    """The signing cannot be closed; `problems` says what is missing, a sentence each."""

    def __init__(self, *problems):
        super().__init__(" ".join(problems))
        self.problems = problems


class NoQuorum(SealRefused):
    """Too few organisations have signed."""


class MeetingNotNamed(SealRefused):
    """The meeting's date or its minute is missing, or the date is yet to come."""


def current_snapshot(assessment):
    """Return the snapshot that is up for signature, or was: the last one; None if there is none."""
    return assessment.snapshots.order_by("-number").first()


def quorum(*, assessment, on):
    """Return what the round asks for and what was given for the last snapshot."""
    given = Signature.objects.standing().filter(snapshot=current_snapshot(assessment))
    answers = dict(given.values_list("organisation__name", "kind"))
    return replace(asked_to_sign(assessment=assessment, on=on), given=answers)


def asked_to_sign(*, assessment, on):
    """Return what the round asks for, before anything is given; two queries."""
    signatories = Membership.objects.current(on).filter(place=assessment.place_id, role=Role.SIGNATORY)
    required = assessment.required_signatures.values_list("organisation__name", flat=True)
    return Quorum(
        required=tuple(required),
        minimum=assessment.round.minimum_signatures,
        expected=tuple(signatories.values_list("organisation__name", flat=True).distinct()),
        given={},
    )


@dataclass(frozen=True)
class SigningPart:
    """As what a person signs: their membership, the organisation, and the delegation if they are its deputy."""

    membership: Membership
    organisation: Organisation
    delegation: Delegation | None = None

    @property
    def act(self):
        return Act.SIGN_AS_DEPUTY if self.delegation else Act.SIGN


def signing_part(*, capacity, assessment, on):
    """Return as what a person may sign the assessment on a day: as signatory, else as a deputy; None if as neither."""
    if own := capacity.as_role(Role.SIGNATORY):
        return SigningPart(own, own.organisation)
    standing = Delegation.objects.in_force(on).covering(assessment).filter(deputy__in=capacity.memberships)
    delegation = standing.select_related("signatory__user", "signatory__organisation", "deputy").order_by("pk").first()
    return delegation and SigningPart(delegation.deputy, delegation.signatory.organisation, delegation)


def check_can_sign(*, part, capacity, assessment):
    """
    Let somebody pass who may sign in this part (None for no part), in this state.

    :raises PermissionDenied, permissions.WrongState: as `permissions.check` does
    """
    permissions.check(part.act if part else Act.SIGN, capacity=capacity, assessment=assessment)


def sign(*, assessment, kind, words, digest, by, at, based_on=0, token=None):
    """
    Give an organisation's word on the frozen content, through its signatory or their deputy, and return the signature.

    `digest` is that of the content as `by` saw it, `based_on` the number of the organisation's answer that they saw, 0
    for none: while signing is open an answer may be replaced, and the earlier one stays on record.

    :raises PermissionDenied: if `by` is no signatory at this place, nor the deputy of one
    :raises permissions.WrongState: if the assessment is not up for signature
    :raises SignatureRefused: in one of its kinds
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    kind, words = Signature.Kind(kind), words.strip()
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment = Assessment.objects.lock(assessment.pk)
        capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
        part = signing_part(capacity=capacity, assessment=assessment, on=timezone.localdate(at))
        check_can_sign(part=part, capacity=capacity, assessment=assessment)
        snapshot = current_snapshot(assessment)
        if digest != snapshot.digest:
            raise NotWhatWasShown(
                "The content was changed and put up again since you opened this page. Read it again before you sign."
            )
        if kind == Signature.Kind.SIGNED and words:
            raise WordsWithoutReservation("To add words to your signature, choose to sign with a reservation.")
        if kind != Signature.Kind.SIGNED and not words:
            raise WordsMissing("Say it in words: they are printed with the signature.")
        earlier = standing_answer(snapshot, part.organisation)
        if earlier and based_on != earlier.number:
            raise AlreadySigned(earlier)
        if earlier and (earlier.kind, earlier.words) == (kind, words):
            raise SaidAlready(f"{part.organisation.name} has said exactly this already, so nothing was added.")
        signature = Signature.objects.create(
            snapshot=snapshot,
            organisation=part.organisation,
            membership=part.membership,
            delegation=part.delegation,
            number=earlier.number + 1 if earlier else 1,
            kind=kind,
            words=words,
            digest=digest,
            signed_at=at,
        )
        audit.record(
            audit.Type.SIGNATURE_GIVEN,
            chain=assessment,
            by=by,
            at=at,
            target=signature,
            organisation=str(part.organisation.public_id),
            kind=kind.value,
            words=audit.digest(words) if words else "",
            snapshot=digest,
            number=signature.number,
            delegation=str(part.delegation.public_id) if part.delegation else "",
        )
        act.result = str(signature.public_id)
    return signature


def seal(*, assessment, meeting_on, minute_reference, capacity, by, at):
    """
    Seal the signed content: write down what was signed, by whom, who is missing, and where it was decided.

    Part of the move SEAL, which has locked the assessment and checked the person. What higher rooms
    do on sealing (`settings.ON_SEALED`) happens in the same transaction.

    :raises NoQuorum: if too few organisations have signed
    :raises MeetingNotNamed: without a meeting held by then and the reference of its minute
    """
    day = timezone.localdate(at)
    minute_reference = (minute_reference or "").strip()
    if meeting_on is None or meeting_on > day or not minute_reference:
        raise MeetingNotNamed("Give the date of the meeting, today or earlier, and the reference of its minute.")
    given = quorum(assessment=assessment, on=day)
    if not given.met:
        raise NoQuorum(*given.problems)
    snapshot = current_snapshot(assessment)
    sealer = _sealer(acting_part(capacity), stand_in_for(MOVES[Move.SEAL], capacity=capacity, on=day), by)
    minuted = {"meeting_on": meeting_on.isoformat(), "minute_reference": minute_reference}
    text = audit.canonical(_as_sealed(assessment, snapshot, given, at=at) | minuted | {"sealed_by": sealer})
    made = Seal.objects.create(
        assessment=assessment, snapshot=snapshot, text=text, digest=audit.digest(text), sealed_at=at
    )
    audit.record(
        audit.Type.SEALED,
        chain=assessment,
        by=by,
        at=at,
        target=made,
        digest=made.digest,
        snapshot=snapshot.digest,
        signatures=len(given.given),
        missing=len(given.missing),
    )
    for path in settings.ON_SEALED:
        import_string(path)(seal=made, at=at)
    return made


def _as_sealed(assessment, snapshot, given, *, at):
    """Return what a seal says of the content, of the answers to it, and of the record up to here."""
    answers, replaced = answers_on(snapshot)
    length, head = audit.head(assessment)
    return {
        "format": SEAL_FORMAT,
        "assessment": {"id": str(assessment.public_id), "number": assessment.number},
        "place": assessment.place.name,
        "round": assessment.round.name,
        "snapshot": {
            "id": str(snapshot.public_id),
            "number": snapshot.number,
            "digest": snapshot.digest,
            "frozen_at": snapshot.frozen_at.isoformat(),
        },
        "signatures": [_as_data(signature, replaced) for signature in answers],
        "missing": list(given.missing),
        "quorum": {
            "required": sorted(given.required),
            "minimum": given.minimum,
            "counted": list(given.counted),
            "rule": given.rule,
        },
        "audit": {"chain": audit.chain_key(assessment), "length": length, "hash": head},
        "sealed_at": at.isoformat(),
    }


def _sealer(membership, stand_in, by):
    """Return who seals, in which role, and in whose place if not in their own."""
    stood_in = f", standing in for {stand_in.chair.user.name}" if stand_in else ""
    return {
        "name": by.name,
        "role": membership.get_role_display() + stood_in,
        "organisation": membership.organisation.name,
    }


def standing_answer(snapshot, organisation):
    """Return the answer of an organisation that stands, or None."""
    given = snapshot.signatures.standing().filter(organisation=organisation)
    return given.select_related("organisation", "membership__user").first()


def signatures_on(snapshot):
    """Return the answers that stand on a snapshot, with whom they are from, in the order of organisations."""
    return answers_on(snapshot)[0]


def answers_on(snapshot):
    """Return the answers that stand on a snapshot and those that they replaced, by organisation; one query."""
    given = snapshot.signatures.select_related("organisation", "membership__user", "delegation__signatory__user")
    answers = list(given.order_by("organisation__name", "number"))
    last = {answer.organisation_id: answer for answer in answers}
    return list(last.values()), [answer for answer in answers if answer != last[answer.organisation_id]]


def _as_data(signature, replaced):
    return {
        "id": str(signature.public_id),
        "organisation": signature.organisation.name,
        "name": signature.membership.user.name,
        "role": signature.membership.get_role_display(),
        "deputy_of": signature.deputy_of,
        "kind": signature.kind,
        "kind_words": signature.get_kind_display(),
        "words": signature.words,
        "signed_at": signature.signed_at.isoformat(),
        "digest": signature.digest,
        "replaced": [
            {
                "kind": each.kind,
                "kind_words": each.get_kind_display(),
                "name": each.membership.user.name,
                "signed_at": each.signed_at.isoformat(),
            }
            for each in replaced
            if each.organisation_id == signature.organisation_id
        ],
    }

"""
Write and verify the audit record.

An event's hash covers the event and the hash of the one before (as in RFC 6962's idea of an
append-only log, in its simplest form: a chain), so that a change anywhere shows from there on.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from partnership.models import AuditChain, AuditEvent


class Type(TextChoices):
    SIGNED_IN = "SIGNED_IN"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    PASSWORD_RESET_ASKED = "PASSWORD_RESET_ASKED"
    SYSTEM_ADDED = "SYSTEM_ADDED"
    PLACE_ADDED = "PLACE_ADDED"
    PLACE_CHANGED = "PLACE_CHANGED"
    PLACE_CLOSED = "PLACE_CLOSED"
    PLACE_PASSED_ON = "PLACE_PASSED_ON"
    PLACE_OPENED_AGAIN = "PLACE_OPENED_AGAIN"
    BODY_ADDED = "BODY_ADDED"
    BODY_CHANGED = "BODY_CHANGED"
    BODY_ENDED = "BODY_ENDED"
    AGREEMENT_ADDED = "AGREEMENT_ADDED"
    AGREEMENT_CHANGED = "AGREEMENT_CHANGED"
    AGREEMENT_ENDED = "AGREEMENT_ENDED"
    ORGANISATION_ADDED = "ORGANISATION_ADDED"
    ORGANISATION_CHANGED = "ORGANISATION_CHANGED"
    PARTNER_STARTED = "PARTNER_STARTED"
    PARTNER_ENDED = "PARTNER_ENDED"
    HELP_PAGE_WRITTEN = "HELP_PAGE_WRITTEN"
    PERSON_ADDED = "PERSON_ADDED"
    PERSON_INVITED = "PERSON_INVITED"
    INVITATION_SENT_AGAIN = "INVITATION_SENT_AGAIN"
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN"
    PERSON_CHANGED = "PERSON_CHANGED"
    PREFERENCES_CHANGED = "PREFERENCES_CHANGED"
    MEMBERSHIP_STARTED = "MEMBERSHIP_STARTED"
    MEMBERSHIP_ENDED = "MEMBERSHIP_ENDED"
    PERSON_PSEUDONYMISED = "PERSON_PSEUDONYMISED"
    PERSON_LEFT = "PERSON_LEFT"
    WORK_HANDED_OVER = "WORK_HANDED_OVER"
    SIGN_IN_ENDED = "SIGN_IN_ENDED"
    VERSION_LOADED = "VERSION_LOADED"
    VERSION_PUBLISHED = "VERSION_PUBLISHED"
    VERSION_RETIRED = "VERSION_RETIRED"
    ROUND_OPENED = "ROUND_OPENED"
    ASSESSMENT_OPENED = "ASSESSMENT_OPENED"
    DATES_CHANGED = "DATES_CHANGED"
    TIME_ASKED = "TIME_ASKED"
    TIME_GIVEN = "TIME_GIVEN"
    TIME_DECLINED = "TIME_DECLINED"
    ASSESSMENT_REOPENED = "ASSESSMENT_REOPENED"
    ASSESSMENT_STANDS_AGAIN = "ASSESSMENT_STANDS_AGAIN"
    STATE_CHANGED = "STATE_CHANGED"
    ITEM_ADDED = "ITEM_ADDED"
    ITEM_CHANGED = "ITEM_CHANGED"
    ITEM_REMOVED = "ITEM_REMOVED"
    ITEM_CARRIED = "ITEM_CARRIED"
    ITEM_CONFIRMED = "ITEM_CONFIRMED"
    ITEM_COPIED = "ITEM_COPIED"
    ARTEFACT_ADDED = "ARTEFACT_ADDED"
    ARTEFACT_CHANGED = "ARTEFACT_CHANGED"
    ARTEFACT_LINKED = "ARTEFACT_LINKED"
    ARTEFACT_UNLINKED = "ARTEFACT_UNLINKED"
    SCORE_RECORDED = "SCORE_RECORDED"
    COMMENT_ERASED = "COMMENT_ERASED"
    SCORE_COPIED = "SCORE_COPIED"
    LEVEL_AGREED = "LEVEL_AGREED"
    LEVEL_COPIED = "LEVEL_COPIED"
    NOTE_WRITTEN = "NOTE_WRITTEN"
    NOTE_REMOVED = "NOTE_REMOVED"
    DISSENT_RECORDED = "DISSENT_RECORDED"
    DISSENT_WITHDRAWN = "DISSENT_WITHDRAWN"
    FACILITATOR_NAMED = "FACILITATOR_NAMED"
    FACILITATOR_ENDED = "FACILITATOR_ENDED"
    WORKSHOP_OPENED = "WORKSHOP_OPENED"
    WORKSHOP_JOINED = "WORKSHOP_JOINED"
    WORKSHOP_WENT_ON = "WORKSHOP_WENT_ON"
    WORKSHOP_CLOSED = "WORKSHOP_CLOSED"
    DISSENT_COPIED = "DISSENT_COPIED"
    NOTE_COPIED = "NOTE_COPIED"
    DISSENT_WITHDRAWAL_COPIED = "DISSENT_WITHDRAWAL_COPIED"
    CONTENT_FROZEN = "CONTENT_FROZEN"
    SIGNATURE_GIVEN = "SIGNATURE_GIVEN"
    DEPUTY_NAMED = "DEPUTY_NAMED"
    DEPUTY_WITHDRAWN = "DEPUTY_WITHDRAWN"
    STAND_IN_NAMED = "STAND_IN_NAMED"
    STAND_IN_WITHDRAWN = "STAND_IN_WITHDRAWN"
    SEALED = "SEALED"
    PEER_NAMED = "PEER_NAMED"
    PEER_ENDED = "PEER_ENDED"
    CRITERION_REVIEWED = "CRITERION_REVIEWED"
    ARTEFACT_REVIEWED = "ARTEFACT_REVIEWED"
    QUESTION_ASKED = "QUESTION_ASKED"
    REPLY_GIVEN = "REPLY_GIVEN"
    DECIDED = "DECIDED"
    CONDITION_CLOSED = "CONDITION_CLOSED"
    TARGETS_SET = "TARGETS_SET"
    PATHWAY_DATED = "PATHWAY_DATED"
    ACTION_ADDED = "ACTION_ADDED"
    ACTION_CHANGED = "ACTION_CHANGED"
    HELP_SAID = "HELP_SAID"
    HELP_CHANGED = "HELP_CHANGED"
    REPORT_MADE = "REPORT_MADE"
    PAPER_MADE = "PAPER_MADE"
    ROUND_REPORTS_ORDERED = "ROUND_REPORTS_ORDERED"
    PAPER_ORDERED_AGAIN = "PAPER_ORDERED_AGAIN"
    API_TOKEN_MADE = "API_TOKEN_MADE"
    API_TOKEN_REVOKED = "API_TOKEN_REVOKED"
    API_TOKEN_USED = "API_TOKEN_USED"


# After these, pages show what they did before: what a person does with their own sign-in, and scores, which nobody else
# is shown until another act reveals them. Whatever counts scores looks at the chain's very last hash.
QUIET = frozenset(
    {
        Type.SIGNED_IN,
        Type.PASSWORD_CHANGED,
        Type.PASSWORD_RESET_ASKED,
        Type.PREFERENCES_CHANGED,
        Type.API_TOKEN_USED,
        Type.SCORE_RECORDED,
    }
)


def canonical(data):
    """Return `data` as JSON text with sorted keys and no spare spaces: the same data always give the same text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text):
    """Return the SHA-256 of a text, in hexadecimal: how personal text is referred to in the record."""
    return hashlib.sha256(text.encode()).hexdigest()


def event_hash(event):
    """Return the hash that binds `event` to the one before it."""
    return digest(
        canonical(
            [
                event.chain,
                event.sequence,
                event.type,
                event.actor,
                # The database gives every instant back in UTC, whatever clock it was told by.
                event.at.astimezone(UTC).isoformat(timespec="microseconds"),
                event.target_type,
                event.target,
                event.details,
                event.previous_hash,
            ]
        )
    )


def record(type, *, chain, by, at, target, **details):
    """
    Append an event to a chain, inside the transaction of the act that it records.

    `chain` is the assessment or system whose record this is, or None for the portal's own.
    `details` must hold no personal text: give its `digest` instead.

    :raises TransactionManagementError: outside a transaction
    :raises ValueError: if the type is not one of `Type`, or if `at` names no time zone
    """
    (event,) = record_all(type, chain=chain, by=by, at=at, entries=[(target, details)])
    return event


def record_all(type, *, chain, by, at, entries):
    """
    Append one event per (target, details) of `entries`, in their order, as `record` does; the queries stay three.

    :raises TransactionManagementError: outside a transaction
    :raises ValueError: if the type is not one of `Type`, or if `at` names no time zone
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit event belongs in its act's transaction")
    if timezone.is_naive(at):
        raise ValueError("The time of an audit event must say its time zone")
    key = chain_key(chain)
    head, _ = AuditChain.objects.select_for_update(no_key=True).get_or_create(key=key)
    events, length, previous = [], head.length, head.head_hash
    for target, details in entries:
        length += 1
        event = AuditEvent(
            chain=key,
            sequence=length,
            type=Type(type).value,
            actor=str(by.public_id) if by else "portal",
            at=at,
            target_type=target._meta.label,
            target=str(target.public_id),
            details=canonical(details),
            previous_hash=previous,
        )
        event.hash = previous = event_hash(event)
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    moved = {"length": length, "head_hash": previous} | ({} if type in QUIET else {"shown_hash": previous})
    AuditChain.objects.filter(pk=head.pk).update(**moved)
    return events


PORTAL = "portal"


def chain_key(subject):
    """Name the chain of an assessment or a system; that of the portal itself for None."""
    return f"{subject._meta.model_name}:{subject.public_id}" if subject else PORTAL


def head(subject):
    """Return the length and the last hash of a chain: (0, "") if nothing was recorded."""
    return _head(chain_key(subject))


@dataclass(frozen=True)
class Fault:
    """Something wrong: in a chain at an event, or where `sequence` is None with the row that `chain` names."""

    chain: str
    sequence: int | None
    what: str

    def __str__(self):
        where = self.chain if self.sequence is None else f"{self.chain}, event {self.sequence}"
        return f"{where}: {self.what}"


def chains():
    """Return the keys of all chains, in order; one that lost its head or all its events is among them."""
    return sorted(
        {
            *AuditChain.objects.values_list("key", flat=True),
            *AuditEvent.objects.values_list("chain", flat=True).distinct(),
        }
    )


def faults(key):
    """
    Yield what is wrong with one chain: changed, missing, reordered or cut-off events.

    Events that are recorded meanwhile raise no alarm: the head is read before the events, which must lead to it, and
    once more after them, when it must have moved on as far as they have.
    """
    length, head_hash = _head(key)
    previous, expected, reaches_head = "", 1, length == 0 and head_hash == ""
    for event in AuditEvent.objects.filter(chain=key).order_by("sequence").iterator():
        if event.sequence != expected:
            yield Fault(key, expected, f"events {expected} to {event.sequence - 1} are missing")
        if event.previous_hash != previous:
            yield Fault(key, event.sequence, "the event does not follow from the one before it")
        if event.hash != event_hash(event):
            yield Fault(key, event.sequence, "the event was changed after it was written")
        if (event.sequence, event.hash) == (length, head_hash):
            reaches_head = True
        previous, expected = event.hash, event.sequence + 1
    if not reaches_head or _head(key)[0] < expected - 1:
        yield Fault(key, expected, f"the chain should have {length} events and end in {head_hash or 'nothing'}")


def _head(key):
    return AuditChain.objects.filter(key=key).values_list("length", "head_hash").first() or (0, "")

"""Record what board members think of the evidence items, each of them alone."""

from dataclasses import dataclass

from django.db import transaction

from assessments import visibility
from assessments.models import Assessment, EvidenceItem, Judgement, Score
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks.definition import load
from partnership import audit
from partnership.models import Stale, revise
from partnership.prepared import prepared
from partnership.roles import Role

COMPARED = ("judgement", "level", "reason", "confidence", "comment")


class NotRecorded(Exception):
    """One score could not be stored; the text says why, to the person who gave it."""


class ItemClosed(NotRecorded):
    """The item is not among those that this ballot asks about."""


class UnknownItem(NotRecorded):
    """The assessment has no such item."""


class NoSuchLevel(NotRecorded):
    """The level is not on the framework's scale, or there is none where one is needed."""


class ReasonMissing(NotRecorded):
    """An item was called not applicable without saying why."""


@dataclass(frozen=True)
class Entry:
    """
    One judgement of one item, as a person gave it.

    `based_on` is the version of their own score that they were looking at, 0 for none. `level` is a rank, set for the
    judgement LEVEL alone; `reason` is kept for NOT_APPLICABLE alone.
    """

    item: EvidenceItem
    judgement: str
    based_on: int
    level: int | None = None
    reason: str = ""
    confidence: str = ""
    comment: str = ""

    def values(self):
        """Return what the score is to hold, without what its judgement has no use for."""
        return {
            "judgement": str(self.judgement),
            "level": self.level if self.judgement == Judgement.LEVEL else None,
            "reason": _tidy(self.reason) if self.judgement == Judgement.NOT_APPLICABLE else "",
            "confidence": str(self.confidence),
            "comment": _tidy(self.comment),
        }


@dataclass(frozen=True)
class Outcome:
    """
    What became of an entry: the score as it is stored now, and why it is not as asked, if it is not.

    `refusal` is None, a `NotRecorded` or a `partnership.models.Stale`.
    """

    entry: Entry
    score: Score | None = None
    refusal: Exception | None = None


@transaction.atomic
def record_scores(*, assessment, entries, by, at):
    """
    Record a member's judgements of items, each in place of their own earlier one in the same ballot.

    Those that can be stored are, each of the others says why not: returns one `Outcome` per entry, in their order.
    Giving again what is stored already changes nothing, so that a form sent twice does no harm. The number of queries
    does not depend on how many are new.

    :raises PermissionDenied: if `by` is not a member of the place's board; nothing is stored
    :raises assessments.permissions.WrongState: if scoring is not open; nothing is stored
    """
    # The lock comes first: the chair may be closing the scoring right now.
    held, capacity = lock_for(Act.SCORE, assessment.pk, by=by, at=at)
    items = {item.pk: item for item in _items(assessment=held.pk, items=[entry.item.pk for entry in entries])}
    own = visibility.own_scores(user=by, items=items)
    definition = load(held.framework_version.definition)
    outcomes, added, events = [], [], []
    for entry in entries:
        item = items.get(entry.item.pk)
        current = own.get(entry.item.pk)
        if refusal := _refusal(entry, item, current, definition):
            outcomes.append(Outcome(entry, current, refusal))
            continue
        values = entry.values()
        if current and is_same(current, values):
            outcomes.append(Outcome(entry, current))
            continue
        if current:
            score = revise(current, based_on=entry.based_on, scored_at=at, **values)
        else:
            score = Score(
                item=item, membership=capacity.as_role(Role.MEMBER), ballot=item.ballot, scored_at=at, **values
            )
            added.append(score)
        own[item.pk] = score
        outcomes.append(Outcome(entry, score))
        events.append((item, details_of(score)))
    if added:
        Score.objects.bulk_create(added)
    if events:
        audit.record_all(audit.Type.SCORE_RECORDED, chain=held, by=by, at=at, entries=events)
    return outcomes


@prepared
def _items(*, assessment, items):
    return EvidenceItem.objects.filter(assessment=assessment, pk__in=items).select_related("criterion")


def _refusal(entry, item, current, definition):
    """Return why an entry cannot be stored, or None."""
    if item is None:
        return UnknownItem("This item is not part of the assessment.")
    if not item.open_for_scoring:
        return ItemClosed("This item is not being scored again, so your earlier score stands.")
    if unsound := why_unsound(entry, item, definition):
        return unsound
    if current and is_same(current, entry.values()):
        return None
    if entry.based_on != (current.version if current else 0):
        return Stale(current)
    return None


def why_unsound(entry, item, definition):
    """Return why a judgement cannot be one of this item, whenever it is given; None if it can."""
    values = entry.values()
    noun = "answer" if item.is_checklist else "level"
    if values["judgement"] not in Judgement.values:
        return NoSuchLevel(f"Choose {'an' if item.is_checklist else 'a'} {noun}, “cannot judge” or “not applicable”.")
    ranks = definition.node(item.criterion.code).scale_of(item.statement_code).ranks
    if values["judgement"] == Judgement.LEVEL and values["level"] not in ranks:
        return NoSuchLevel(f"Choose one of the framework's {noun}s.")
    if values["judgement"] == Judgement.NOT_APPLICABLE and not values["reason"]:
        return ReasonMissing("Say why the item is not applicable.")
    return None


def _tidy(text):
    # Browsers send line ends of their own; the same words must compare as the same.
    return text.replace("\r\n", "\n").strip()


def is_same(score, values):
    """Say whether a score holds these values (`Entry.values`) already, whatever its version."""
    return all(getattr(score, name) == values[name] for name in COMPARED)


def erase_comments(person, *, by, at):
    """
    Take out the comments that a person gave with scores, and return how many; part of pseudonymising them.

    The record holds digests of them alone; it says that they were erased, and what is left.
    """
    own = Score.objects.filter(membership__user=person).exclude(comment="")
    list(Assessment.objects.locked().filter(pk__in=own.values("item__assessment")).order_by("pk"))
    scores = list(own.select_related("item__assessment").order_by("pk"))
    for score in scores:
        score = revise(score, based_on=score.version, comment="")
        audit.record(
            audit.Type.COMMENT_ERASED,
            chain=score.item.assessment,
            by=by,
            at=at,
            target=score.item,
            author=str(person.public_id),
            **details_of(score),
        )
    return len(scores)


def details_of(score):
    """Return what the audit keeps of a score: the person's own words as digests, so that they can be erased."""
    return {
        "ballot": score.ballot,
        "version": score.version,
        "judgement": score.judgement,
        "level": score.level,
        "confidence": score.confidence,
        "reason": audit.digest(score.reason) if score.reason else "",
        "comment": audit.digest(score.comment) if score.comment else "",
    }

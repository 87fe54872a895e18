"""The record of a workshop: who was there, item by item what was shown, agreed and objected to."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from assessments import visibility
from assessments.deliberation import counted_levels, settled_words
from assessments.models import Agreement, Dissent, EvidenceItem, Judgement, Presence, Step
from frameworks.definition import load
from frameworks.spread import Spread, spread

Kind = Step.Kind


@dataclass(frozen=True)
class Shown:
    """A ballot whose scores the room saw."""

    number: int
    voted_here: bool
    lie: Spread
    levels: list
    sentence: str


@dataclass
class ItemRecord:
    """
    One item that was on the screen.

    `agreed` is the last that the room settled on, `now` what holds since if that is something else.
    """

    item: EvidenceItem
    label: str
    ballots: list = field(default_factory=list)
    agreed: str = ""
    rationale: str = ""
    now: str = ""
    dissents: list = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """A workshop's record. `present` are presences by organisation and name; `facilitators` names."""

    present: list
    facilitators: list
    items: list

    @property
    def settled(self):
        return sum(bool(each.agreed) for each in self.items)


def load_record(workshop):
    """Read the record of a workshop; five queries. The caller has checked that the reader is of the board."""
    definition = load(workshop.assessment.framework_version.definition)
    steps = list(workshop.steps.select_related("item__criterion", "taken_by").order_by("number"))
    items = {step.item_id: step.item for step in steps}
    counts = visibility.ballots_shown(items=items)
    standing = {row.item_id: row for row in Agreement.objects.standing().filter(item__in=items)}
    records = {}
    opened = {(step.item_id, step.ballot) for step in steps if step.kind == Kind.VOTE_OPENED}
    for step in steps:
        item = step.item
        scale = definition.node(item.criterion.code).scale_of(item.statement_code)
        told = records.setdefault(item.pk, ItemRecord(item, _label(item)))
        if step.kind == Kind.REVEALED and step.ballot not in {each.number for each in told.ballots}:
            voted = (item.pk, step.ballot) in opened
            told.ballots.append(_shown(step.ballot, voted, counts.get((item.pk, step.ballot), {}), scale))
        if step.kind == Kind.SETTLED:
            told.agreed = settled_words(scale, step.judgement, step.level)
            told.rationale = step.reason
            now = standing.get(item.pk)
            words = settled_words(scale, now.judgement, now.level) if now else "nothing, as it was scored again"
            told.now = "" if words == told.agreed else words
    for dissent in _dissents(workshop, items):
        records[dissent.agreement.item_id].dissents.append(dissent)
    presences = workshop.presences.select_related("membership__user", "membership__organisation")
    return Record(
        present=list(presences.order_by("membership__organisation__name", "membership__user__name")),
        facilitators=list(dict.fromkeys([workshop.opened_by.name, *(step.taken_by.name for step in steps)])),
        items=list(records.values()),
    )


def workshops_held(*, assessment):
    """
    Return the workshops of an assessment that were closed, as plain data for its document, in order; three queries.

    Of each who was there, by organisation, the items that were voted on in it, and those on which it settled.
    """
    closed = assessment.workshops.filter(closed_at__isnull=False).order_by("pk")
    steps = Step.objects.filter(kind__in=[Kind.REVEALED, Kind.SETTLED, Kind.VOTE_OPENED]).order_by("number")
    presences = Presence.objects.select_related("membership__organisation")
    return [
        {
            "id": str(each.public_id),
            "opened_at": each.opened_at.isoformat(),
            "closed_at": each.closed_at.isoformat(),
            "present": len(each.presences.all()),
            "organisations": sorted({presence.membership.organisation.name for presence in each.presences.all()}),
            "voted": _labels(each, voted_on(each.steps.all())),
            "settled": _labels(each, {step.item_id for step in each.steps.all() if step.kind == Kind.SETTLED}),
        }
        for each in closed.prefetch_related(
            Prefetch("steps", steps.select_related("item__criterion")), Prefetch("presences", presences)
        )
    ]


def voted_on(steps):
    """Return the keys of the items of which a vote that these steps opened was shown."""
    opened = {(step.item_id, step.ballot) for step in steps if step.kind == Kind.VOTE_OPENED}
    return {step.item_id for step in steps if step.kind == Kind.REVEALED and (step.item_id, step.ballot) in opened}


def _labels(workshop, items):
    """Name some of the items of a workshop's steps, in the order in which they came up."""
    found = {step.item_id: step.item for step in workshop.steps.all()}
    return [_label(item) for pk, item in found.items() if pk in items]


def _label(item):
    return f"{item.criterion.code}.{item.name}"


def _shown(number, voted_here, given, scale):
    lie = spread(
        {level: n for (judgement, level), n in given.items() if judgement == Judgement.LEVEL},
        scale.ranks,
        cannot_judge=given.get((Judgement.CANNOT_JUDGE, None), 0),
        not_applicable=given.get((Judgement.NOT_APPLICABLE, None), 0),
    )
    return Shown(number, voted_here, lie, counted_levels(scale, lie), lie.sentence(scale.names))


def _dissents(workshop, items):
    """Return the dissents that were recorded from the opening of the workshop to its end, wherever."""
    found = Dissent.objects.shown().filter(agreement__item__in=items, recorded_at__gte=workshop.opened_at)
    if workshop.closed_at:
        found = found.filter(recorded_at__lte=workshop.closed_at)
    return found.select_related("agreement", "membership__organisation", "withdrawal").order_by("pk")

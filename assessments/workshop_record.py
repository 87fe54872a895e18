"""The record of a workshop: who was there, item by item what was shown, agreed and objected to."""

from dataclasses import dataclass, field

from assessments import visibility
from assessments.deliberation import settled_words
from assessments.models import Agreement, Dissent, EvidenceItem, Judgement, Step
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
        label = f"{item.criterion.code}.{item.statement_code or item.number}"
        told = records.setdefault(item.pk, ItemRecord(item, label))
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


def _shown(number, voted_here, given, scale):
    lie = spread(
        {level: n for (judgement, level), n in given.items() if judgement == Judgement.LEVEL},
        scale.ranks,
        cannot_judge=given.get((Judgement.CANNOT_JUDGE, None), 0),
        not_applicable=given.get((Judgement.NOT_APPLICABLE, None), 0),
    )
    levels = [
        {"name": level.name, "count": count, "median": level.rank == lie.lower_median}
        for level, count in zip(scale.levels, lie.counts, strict=True)
    ]
    names = {level.rank: level.name for level in scale.levels}
    return Shown(number, voted_here, lie, levels, lie.sentence(names))


def _dissents(workshop, items):
    """Return the dissents that were recorded from the opening of the workshop to its end, wherever."""
    found = Dissent.objects.filter(agreement__item__in=items, recorded_at__gte=workshop.opened_at)
    if workshop.closed_at:
        found = found.filter(recorded_at__lte=workshop.closed_at)
    return found.select_related("agreement", "membership__organisation").order_by("pk")

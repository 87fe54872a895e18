"""How far a board is from agreeing: what is in dispute, what may be accepted as it lies, what is open; pure."""

from dataclasses import dataclass
from itertools import groupby

from assessments.case import Case, CaseItem
from frameworks.definition import Node
from frameworks.scale import STRENGTHS
from frameworks.wording import listed


@dataclass(frozen=True)
class Gap:
    """Something that leaves the result incomplete. `key` is an item's label or the code of `criterion` itself."""

    key: str
    criterion: Node
    sentence: str

    @property
    def is_item(self):
        return self.key != self.criterion.code


def gaps(case: Case) -> list[Gap]:
    """Return the items that have no agreed level and the criteria that have no items, in document order."""
    found = []
    for node in case.definition.counted_criteria():
        items = case.by_criterion[node.code]
        if not items and not node.optional and node.code not in case.not_asked.criteria:
            found.append(Gap(node.code, node, f"{node.code} {node.name} has no evidence items."))
        lacks = "Statement {} has no agreed answer." if node.is_checklist else "Item {} has no agreed level."
        found += [Gap(item.label, node, lacks.format(item.label)) for item in items if case.is_open(item)]
    return found


def gap_lines(found) -> list[str]:
    """Say what is missing in a line for each criterion, in the order of the gaps."""
    lines = []
    for node, group in groupby(found, key=lambda gap: gap.criterion):
        gaps = list(group)
        if not gaps[0].is_item:
            lines.append(gaps[0].sentence)
            continue
        one, lacking = node.noun, "answer" if node.is_checklist else "level"
        items = f"{one} {gaps[0].key} has" if len(gaps) == 1 else f"{one}s {listed([gap.key for gap in gaps])} have"
        lines.append(f"{node.code} {node.name}: {items} no agreed {lacking}.")
    return lines


def by_disagreement(case: Case, items=None) -> list[CaseItem]:
    """
    Return items with the most disputed first.

    Split ones come before those with too few scores to say, those before the rest; within each, the
    less consensus the earlier. What needs no level any more comes last.
    """

    def place(item):
        lie = case.spread(item)
        consensus = lie.consensus if lie.consensus is not None else 0
        return (
            not item.judgement and not case.is_open(item),
            {True: 0, None: 1, False: 2}[lie.split],
            consensus,
            -lie.not_applicable,
            -lie.cannot_judge,
        )

    # Sorting keeps the document's order among equals.
    return sorted(case.items if items is None else items, key=place)


def is_undisputed(case: Case, item: CaseItem) -> bool:
    """Say whether the board may accept the lower median as it lies: enough scores, not split, nobody says N/A."""
    lie = case.spread(item)
    return lie.split is False and not lie.not_applicable


def undisputed(case: Case) -> list[CaseItem]:
    """Return the items that nobody disputes and for which nothing is agreed yet."""
    return [item for item in case.items if case.is_open(item) and is_undisputed(case, item)]


def why_rationale(lie, *, judgement, level) -> str:
    """Say why settling on this needs a rationale; "" if it needs none."""
    if judgement == "NOT_APPLICABLE":
        return "Say why it does not apply."
    if lie.lower_median is None:
        return "Nobody has given a level, so say what this one rests on."
    if level != lie.lower_median:
        return "Say why the level differs from the middle of the scores."
    if lie.split:
        return "The scores are split, so say how the board settled on this level."
    return ""


def support_sentence(case: Case, item: CaseItem) -> str:
    """Say which level or answer the attached evidence could support at most."""
    scale, strength = case.scale(item), case.strength(item)
    best = scale.best(adverse=case.is_adverse(item))
    most = case.supported_level(item, best)
    if not any(level.demand for level in scale.levels):
        return "The framework asks for no evidence here."
    if item.statement_code:
        short = [level.name for level in scale.levels if case.supported_level(item, level.rank) != level.rank]
        limit = f"not enough for {' or '.join(short)}"
    elif most is None:
        limit = "no level can be supported"
    else:
        limit = f"at most {scale.name(most)} can be supported"
    if not item.citations:
        return f"No evidence attached: {limit}."
    if not strength:
        cited = (case.evidence[citation.artefact] for citation in item.citations)
        if any(each.strength is None and not each.is_old(case.as_at) for each in cited):
            return f"The strength of the attached evidence is not yet proposed: {limit}."
        return f"The attached evidence is out of date, or shows nothing yet: {limit}."
    if most == best:
        every = "answer" if item.statement_code else "level"
        return f"The best attached evidence is {STRENGTHS[strength]}: it can support every {every}."
    return f"The best attached evidence is {STRENGTHS[strength]}: {limit}."


def spread_sentence(case: Case, item: CaseItem) -> str:
    """Say how the scores of an item lie, with the levels by name."""
    return case.spread(item).sentence(case.names(item))

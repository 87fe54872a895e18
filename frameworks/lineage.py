"""
What became of each criterion from one version of a framework to another, and which of them can be compared.

A version declares where its criteria come from; `origins` follows these declarations over several versions, `problems`
checks them against the version before, and `difference` sets two versions side by side. A level of one version means
the same in the other only where a criterion comes from one alone, in the same words, on the same scale, with the same
weight and by the same rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from frameworks.differences import (
    MEANING,
    Change,
    Facet,
    criterion_changes,
    part_changes,
    path,
    pathway_changes,
    scale_changes,
)
from frameworks.reading import Problem
from frameworks.scale import Scale
from frameworks.tree import Definition, Node, Origin
from frameworks.wording import counted, listed

# What still is one criterion, whatever happened to its words or its place.
ONE_TO_ONE = ("same", "moved", "reworded")
HOW = {
    "same": "The same",
    "reworded": "Reworded",
    "moved": "Moved",
    "split": "Split",
    "merged": "Merged",
    "new": "New",
}


@dataclass(frozen=True)
class CriterionDifference:
    """
    A criterion of the later version beside what it was.

    `sources` are the nodes of the earlier version that it comes from. `changes` are listed where there is one of them.
    """

    node: Node
    what: str
    sources: tuple[Node, ...]
    note: str
    changes: tuple[Change, ...]
    earlier_number: str
    later_number: str
    earlier_scale: Scale
    later_scale: Scale

    @property
    def code(self) -> str:
        return self.node.code

    @property
    def source(self) -> Node | None:
        """The one criterion that this still is, None where it is new, a part or made of several."""
        return self.sources[0] if self.what in ONE_TO_ONE else None

    @property
    def is_comparable(self) -> bool:
        """Say whether a level then means what it means now."""
        return self.source is not None and not self.changed_facets

    @property
    def changed_facets(self) -> tuple[Facet, ...]:
        """What changed of that which makes a level mean what it means."""
        return tuple(facet for facet in MEANING if any(change.facet == facet for change in self.changes))

    @property
    def own_changes(self) -> tuple[Change, ...]:
        """What changed of the criterion itself: the framework's scale is told once, for all."""
        shared = set(scale_changes(self.later_scale, self.earlier_scale))
        return tuple(change for change in self.changes if change not in shared)

    @property
    def is_untouched(self) -> bool:
        return self.what == "same" and not self.changes and not self.note

    @property
    def heading(self) -> str:
        """What became of it, in a word; what its author did not declare shows too."""
        if self.what == "same" and self.changed_facets:
            return f"Same words, other {listed([str(facet) for facet in self.changed_facets])}"
        return HOW[self.what]

    @property
    def sentence(self) -> str:
        """Say what became of the criterion since the earlier version."""
        name, since = f"{self.node.code} {self.node.name}", f"version {self.earlier_number}"
        named = listed([f"{source.code} {source.name}" for source in self.sources])
        match self.what:
            case "new":
                return f"{name} is new in version {self.later_number}."
            case "split":
                return f"{name} is one part of what was {named} in {since}."
            case "merged":
                return f"{name} was made from {named} of {since}."
        changed = self.changed_facets
        parts = [f"its {listed([str(facet) for facet in changed])} changed"] if changed else []
        if any(change.facet == Facet.POSITION for change in self.changes):
            parts.append(
                "it was moved"
                if self.node.code == self.sources[0].code
                else f"its code changed from {self.sources[0].code}"
            )
        return f"{name}: since {since} {', and '.join(parts)}." if parts else f"{name} is as it was in {since}."


@dataclass(frozen=True)
class Difference:
    """
    Two versions side by side: criteria in the order of the later one, what was dropped, and what else changed.

    `dropped` pairs a criterion of the earlier version with its author's note. `parts` pairs the code and name of a
    domain or another part above the criteria with what changed of it; the framework as a whole has the code "".
    """

    earlier: Definition
    later: Definition
    criteria: tuple[CriterionDifference, ...]
    dropped: tuple[tuple[Node, str], ...]
    scale: tuple[Change, ...]
    parts: tuple[tuple[str, str, tuple[Change, ...]], ...]
    pathways: tuple[Change, ...]

    def criterion(self, code: str) -> CriterionDifference:
        """
        Return what became of the later version's criterion with this code.

        :raises KeyError: if there is none
        """
        for each in self.criteria:
            if each.code == code:
                return each
        raise KeyError(code)

    def targets(self, code: str) -> tuple[CriterionDifference, ...]:
        """Return what the later version made of a criterion of the earlier one: none, one, or several parts."""
        return tuple(each for each in self.criteria if code in [source.code for source in each.sources])

    @property
    def by_domain(self) -> tuple[tuple[Node, tuple[CriterionDifference, ...]], ...]:
        """The criteria under the later version's domains."""
        found = {each.code: each for each in self.criteria}
        return tuple(
            (domain, tuple(found[node.code] for node in domain.walk() if node.is_criterion))
            for domain in self.later.domains
        )

    @property
    def summary(self) -> str:
        """Say in a sentence or two what became of the criteria."""
        kinds = {kind: sum(each.what == kind for each in self.criteria) for kind in HOW}
        number, comparable = len(self.criteria), len(self.comparable)
        words = [f"{count} {HOW[kind].lower()}" for kind, count in kinds.items() if count]
        words += [f"{len(self.dropped)} dropped"] if self.dropped else []
        return (
            f"Of {counted(number, 'criterion', 'criteria')}, {comparable} can be compared with "
            f"version {self.earlier.number}. By what became of them: {', '.join(words)}."
        )

    @property
    def comparable(self) -> tuple[CriterionDifference, ...]:
        return tuple(each for each in self.criteria if each.is_comparable)


def chain(later: Definition, earlier: Definition, versions: Mapping[str, Definition]) -> tuple[Definition, ...] | None:
    """
    Return the versions from `later` back to `earlier`, each of which says what became of the next.

    `versions` are the framework's by number. None where no declarations lead from one to the other.
    """
    found = [later]
    while found[-1].number != earlier.number:
        changes = found[-1].changes_from
        before = versions.get(changes.number) if changes else None
        if before is None or before.number in [each.number for each in found]:
            return None
        found.append(before)
    return tuple(found)


def origins(versions: Sequence[Definition]) -> Mapping[str, Origin]:
    """Return where each criterion of the first of `versions` comes from in the last, following the declarations."""
    later, *others = versions
    found = {code: Origin("same", (code,)) for code in later.criterion_codes}
    for version, before in zip(versions, others, strict=False):
        said = version.changes_from.criteria
        found = {code: _followed(origin, said, before) for code, origin in found.items()}
    return {node.code: found[node.code] for node in later.criteria}


def _followed(origin: Origin, said: Mapping[str, Origin], before: Definition) -> Origin:
    """Follow a criterion one version further back."""
    steps = [said[code] for code in origin.sources if code in said]
    sources = tuple(dict.fromkeys(code for step in steps for code in step.sources if code in before.criterion_codes))
    if not sources:
        return Origin("new", (), origin.note)
    whats = {origin.what, *(step.what for step in steps)} - {"new"}
    what = next(kind for kind in ("merged", "split", "reworded", "moved", "same") if kind in whats)
    if what == "merged" and len(sources) == 1:
        what = "split" if "split" in whats else "reworded"
    notes = [origin.note, *(step.note for step in steps)]
    return Origin(what, sources, " ".join(note for note in notes if note))


@lru_cache(maxsize=64)
def difference(later: Definition, earlier: Definition, between: tuple[Definition, ...] | None = None) -> Difference:
    """
    Set two versions side by side.

    `between` is their `chain`; without one, only what has the same code in the same framework is set beside each other.
    Definitions are immutable, so that one object per pair serves every request of a process.
    """
    related = origins(between) if between else _by_code(later, earlier)
    criteria = tuple(_criterion(later, node, earlier, related[node.code]) for node in later.criteria)
    kept = {source.code for each in criteria for source in each.sources}
    notes = _dropped_notes(between or (later,))
    return Difference(
        earlier=earlier,
        later=later,
        criteria=criteria,
        dropped=tuple((node, notes.get(node.code, "")) for node in earlier.criteria if node.code not in kept),
        scale=tuple(scale_changes(later.scale, earlier.scale)),
        parts=tuple(_parts(later, earlier)),
        pathways=pathway_changes(later, earlier),
    )


def _dropped_notes(versions: Sequence[Definition]) -> Mapping[str, str]:
    notes: dict[str, str] = {}
    for version in versions:
        notes |= version.changes_from.dropped if version.changes_from else {}
    return notes


def _by_code(later: Definition, earlier: Definition) -> Mapping[str, Origin]:
    """Guess what nobody declared: a criterion of the same framework with the same code is the same one."""
    found = {}
    for node in later.criteria:
        if later.code != earlier.code or node.code not in earlier.criterion_codes:
            found[node.code] = Origin("new")
            continue
        found[node.code] = Origin(_seen(later, node, earlier, earlier.node(node.code)), (node.code,))
    return found


def _seen(later: Definition, node: Node, earlier: Definition, old: Node) -> str:
    """Say whether a criterion was reworded, moved, or is the same, from the two alone."""
    facets = {change.facet for change in criterion_changes(later, node, earlier, old)}
    if Facet.WORDING in facets:
        return "reworded"
    return "moved" if Facet.POSITION in facets else "same"


def _criterion(later: Definition, node: Node, earlier: Definition, origin: Origin) -> CriterionDifference:
    sources = tuple(earlier.node(code) for code in origin.sources)
    changes = criterion_changes(later, node, earlier, sources[0]) if len(sources) == 1 else ()
    return CriterionDifference(
        node=node,
        what=origin.what,
        sources=sources,
        note=origin.note,
        changes=changes,
        earlier_number=earlier.number,
        later_number=later.number,
        earlier_scale=earlier.scale,
        later_scale=later.scale,
    )


def _parts(later: Definition, earlier: Definition) -> Iterator[tuple[str, str, tuple[Change, ...]]]:
    """Yield what changed of the parts above the criteria, which keep their codes."""
    now, was = (
        {node.code: node for node in definition.nodes.values() if not node.is_criterion}
        for definition in (later, earlier)
    )
    for code, node in now.items():
        if code not in was:
            yield code, node.name, (Change(Facet.POSITION, "It is new", "nothing", path(later, node)),)
        elif changes := part_changes(later, node, earlier, was[code]):
            yield code, node.name, changes
    for code, node in was.items():
        if code not in now:
            yield code, node.name, (Change(Facet.POSITION, "It is gone", path(earlier, node), "nothing"),)


def problems(later: Definition, earlier: Definition) -> list[Problem]:
    """
    Return what is wrong with the later version's account of the one before it.

    Every criterion of the earlier version must be kept or dropped, and what is called the same must be.
    """
    changes = later.changes_from
    if changes is None:
        return [
            Problem(
                "changes_from",
                f"Version {earlier.number} came before, and nothing is said of it.",
                "Say, criterion by criterion, what became of it: "
                "same, reworded, moved, split, merged or new; and what was dropped.",
            )
        ]
    if changes.number != earlier.number:
        mend = f"Give its number, {earlier.number}."
        return [Problem("changes_from.number", f"Version {changes.number} is not the one before.", mend)]
    return [*_unaccounted(later, earlier), *_untrue(later, earlier)]


def _unaccounted(later: Definition, earlier: Definition) -> Iterator[Problem]:
    changes = later.changes_from
    named = {source: code for code, origin in changes.criteria.items() for source in origin.sources}
    for source, code in named.items():
        if source not in earlier.criterion_codes:
            yield Problem(
                f"changes_from.criteria.{code}.from",
                f"Version {earlier.number} has no criterion {source}.",
                "Correct the code, or call the criterion new.",
            )
    for code in changes.dropped:
        if code not in earlier.criterion_codes:
            mend = "Correct the code, or take it out."
            yield Problem("changes_from.dropped", f"Version {earlier.number} has no criterion {code}.", mend)
    for node in earlier.criteria:
        if node.code not in named and node.code not in changes.dropped:
            yield Problem(
                "changes_from",
                f"It is not said what became of {node.code} {node.name}.",
                "Name it where a criterion comes from it, or under dropped.",
            )


def _untrue(later: Definition, earlier: Definition) -> Iterator[Problem]:
    for code, origin in later.changes_from.criteria.items():
        if origin.what not in ONE_TO_ONE or origin.sources[0] not in earlier.criterion_codes:
            continue
        changes = criterion_changes(later, later.node(code), earlier, earlier.node(origin.sources[0]))
        place = f"changes_from.criteria.{code}.what"
        reworded = [change for change in changes if change.facet == Facet.WORDING]
        moved = [change for change in changes if change.facet == Facet.POSITION]
        if origin.what == "reworded" and not reworded:
            yield Problem(place, "None of its words changed.", f"Call it {'moved' if moved else 'same'}.")
        elif origin.what != "reworded" and reworded:
            yield Problem(place, f"Its words changed: {_first(reworded)}.", "Call it reworded.")
        elif origin.what == "same" and moved:
            yield Problem(place, f"It did not stay where it was: {_first(moved)}.", "Call it moved.")
        elif origin.what == "moved" and not moved:
            yield Problem(place, "It stands where it stood.", "Call it same.")


def _first(changes: Sequence[Change]) -> str:
    what = changes[0].what
    return what[0].lower() + what[1:]

"""
What a framework's author may have left out: nothing here forbids using it, all of it is better known before.

Pure. The dry run and the page on which a version is tried show the same list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from frameworks.items import ItemInput
from frameworks.rollup import LEVEL, NONE_SUPPORTED, Standing, roll_up
from frameworks.tree import Definition, Node

# So many codes are named; the rest are counted.
MOST_NAMED = 20
# So many characters read well where the text stands: a level's button, a column of descriptors, a line of a table.
LONGEST = {"level": 24, "name": 90, "summary": 600, "descriptor": 500, "anchor": 300, "statement": 500, "gate": 120}


@dataclass(frozen=True)
class Gap:
    """Something that is missing or too long: what, the codes of what lacks it, and what follows from that."""

    what: str
    codes: tuple[str, ...]
    why: str

    @property
    def named(self) -> str:
        shown = ", ".join(self.codes[:MOST_NAMED])
        return shown if len(self.codes) <= MOST_NAMED else f"{shown} and {len(self.codes) - MOST_NAMED} more"

    def __str__(self) -> str:
        return f"{self.what}: {self.named}. {self.why}" if self.codes else f"{self.what}. {self.why}"


def gaps(definition: Definition) -> list[Gap]:
    """Return what a version lacks, by what it lacks; in each, codes in document order."""
    found = [_of_criteria(definition, *each) for each in LACKING]
    found += _demands(definition)
    found += _golden(definition)
    found += _unreached(definition)
    found += _topics(definition)
    found += _long(definition)
    return [gap for gap in found if gap is not None]


def _of_criteria(definition: Definition, what: str, why: str, lacks: Callable[[Node], bool]) -> Gap | None:
    codes = tuple(node.code for node in definition.criteria if lacks(node))
    return Gap(what, codes, why) if codes else None


def _lacks_descriptors(node: Node) -> bool:
    return not node.statements and not all(node.descriptors.get(rank) for rank in node.answers.ranks)


def _lacks_anchors(node: Node) -> bool:
    return not node.statements and not all(node.anchors.get(rank) for rank in node.answers.ranks)


LACKING: tuple[tuple[str, str, Callable[[Node], bool]], ...] = (
    ("Criteria without a summary", "Assessors see only their name.", lambda node: not node.summary),
    ("Criteria without a descriptor for each level", "Assessors would have to guess.", _lacks_descriptors),
    ("Criteria without an anchor example for each level", "Examples help boards to read levels alike.", _lacks_anchors),
    (
        "Criteria that name no evidence to expect",
        "Places would have to guess what to bring.",
        lambda node: not node.expected_evidence,
    ),
)


def _demands(definition: Definition) -> Iterator[Gap]:
    """Tell of criteria for which no answer at all asks for evidence."""
    without = tuple(node.code for node in definition.criteria if not any(level.demand for level in _answers_of(node)))
    if without == tuple(node.code for node in definition.criteria):
        if any(level.demand for level in definition.scale.levels):
            why = "Everything is scored by answers: give these a demand, or evidence supports whatever is claimed."
            yield Gap("No answer demands evidence, and what levels demand is never asked for", (), why)
        else:
            yield Gap("No level and no answer demands evidence", (), "Evidence supports whatever is claimed.")
    elif without:
        yield Gap(
            "Criteria of which no level or answer demands evidence",
            without,
            "There, evidence supports whatever is claimed.",
        )


def _answers_of(node: Node) -> Iterator:
    for scale in [statement.answers for statement in node.statements] or [node.answers]:
        yield from scale.levels


def _golden(definition: Definition) -> Iterator[Gap]:
    if not definition.golden:
        # Publishing is refused, which says it louder.
        return
    items = {code for case in definition.golden for code, some in case.items.items() if some}
    expected = {
        code
        for case in definition.golden
        for some in (case.claimed, case.supported, case.claimed_values, case.supported_values)
        for code in some
    }
    gates = {(code, gate) for case in definition.golden for code, some in case.gates.items() for gate in some}
    untried = tuple(node.code for node in definition.criteria if node.code not in items)
    if untried:
        yield Gap("Criteria that no golden case answers", untried, "Nothing shows how they count.")
    unproven = tuple(code for code, node in definition.nodes.items() if code and code not in expected)
    if unproven:
        yield Gap("Parts of which no golden case expects a result", unproven, "Nothing proves their rule.")
    silent = tuple(
        f"{pathway.code} {gate.code}"
        for pathway in definition.pathways
        for gate in pathway.gates
        if (pathway.code, gate.code) not in gates
    )
    if silent:
        yield Gap("Gates of which no golden case expects an outcome", silent, "Nothing proves that they decide so.")


def _unreached(definition: Definition) -> Iterator[Gap]:
    """Tell of parts whose highest level nothing can reach, as where a mean of answers is compared with levels."""
    items = {node.code: _at_best(node) for node in definition.criteria}
    results, highest = roll_up(definition, items, standing=Standing.CLAIMED), definition.scale.highest
    short = {
        code
        for code, result in results.items()
        if result.status == NONE_SUPPORTED or (result.status == LEVEL and result.level < highest)
    }
    codes = tuple(code or "the whole" for code in definition.nodes if code in short)
    if codes:
        yield Gap(
            "Parts that stay below the highest level even where all beneath them is at its best",
            codes,
            "Compare what their rule comes to with its bands or, where there are none, with what the levels count.",
        )


def _topics(definition: Definition) -> Iterator[Gap]:
    told = {node.topic for node in definition.nodes.values()}
    if "community" not in told:
        yield Gap("No part has the topic community", (), "The report's chapter on its voice names no criterion.")


def _at_best(node: Node) -> list[ItemInput]:
    if not node.statements:
        return [ItemInput(node.code, node.answers.highest)]
    return [
        ItemInput(f"{node.code}.{each.code}", each.answers.best(adverse=each.adverse), statement=each.code)
        for each in node.statements
    ]


def _long(definition: Definition) -> Iterator[Gap]:
    texts: dict[str, list[tuple[str, str]]] = {kind: [] for kind in LONGEST}
    texts["level"] += [(f"level {level.rank}", level.name) for level in definition.scale.levels]
    for node in definition.nodes.values():
        texts["name"].append((node.code, node.name))
        texts["summary"].append((node.code, node.summary))
        texts["descriptor"] += [(f"{node.code} level {rank}", text) for rank, text in node.descriptors.items()]
        texts["anchor"] += [(f"{node.code} level {rank}", text) for rank, some in node.anchors.items() for text in some]
        texts["statement"] += [(f"{node.code}.{each.code}", each.text) for each in node.statements]
    for pathway in definition.pathways:
        texts["name"].append((pathway.code, pathway.name))
        texts["gate"] += [(f"{pathway.code} {gate.code}", gate.name) for gate in pathway.gates]
    for kind, some in texts.items():
        long = tuple(dict.fromkeys(code for code, text in some if len(text) > LONGEST[kind]))
        if long:
            yield Gap(_LONG[kind], long, f"Up to {LONGEST[kind]} characters read well there.")


_LONG = {
    "level": "Names of levels that are long for a button",
    "name": "Names that are long for a heading",
    "summary": "Summaries that are long to read before scoring",
    "descriptor": "Descriptors that are long for a column",
    "anchor": "Examples that are long for a column",
    "statement": "Statements that are long to judge at once",
    "gate": "Names of gates that are long for a line",
}

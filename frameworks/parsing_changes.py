"""Read what a version says became of the criteria of the version before it."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from frameworks.reading import Reader
from frameworks.tree import Changes, Definition, Origin

# Of how many criteria of the version before each kind comes.
KINDS: Mapping[str, str] = MappingProxyType(
    {"same": "one", "reworded": "one", "moved": "one", "split": "one", "merged": "several", "new": "none"}
)


def read_changes(reader: Reader, definition: Definition) -> Changes | None:
    """
    Read `changes_from`, None where the version says nothing of one before it.

    Every criterion of this version is accounted for once, and every old one that is named is used as its kind demands.
    Whether all old ones are named shows only beside the version before: see `frameworks.lineage.problems`.
    """
    if not reader.has("changes_from"):
        return None
    changes = reader.reader("changes_from")
    number = changes.text("number")
    if number and number == definition.number:
        changes.problem("This is the version's own number.", "Give the number of the version before.", "number")
    criteria = _read_origins(changes, definition)
    dropped: dict[str, str] = {}
    for each in changes.readers("dropped", required=False):
        code = each.text("code")
        if code in dropped:
            each.problem(f"{code} is dropped twice.", "Name it once.", "code")
        dropped[code] = each.text("note", required=False)
        each.close()
    changes.close()
    _check_sources(changes, criteria, dropped)
    return Changes(number, MappingProxyType(criteria), MappingProxyType(dropped))


def _read_origins(changes: Reader, definition: Definition) -> dict[str, Origin]:
    said = changes.reader("criteria")
    origins: dict[str, Origin] = {}
    for code in said.names():
        if code not in definition.criterion_codes:
            said.value(code)
            said.problem(f"There is no criterion {code}.", "Use the code of a criterion of this version.", code)
            continue
        origins[code] = _read_origin(said.reader(code), code)
    for node in definition.criteria:
        if node.code not in origins:
            said.problem(
                f"It is not said where {node.code} comes from.",
                "Say what it is: same, reworded, moved, split, merged or new.",
                node.code,
            )
    return origins


def _read_origin(reader: Reader, code: str) -> Origin:
    what = reader.choice("what", tuple(KINDS))
    sources = reader.texts("from", required=False)
    note = reader.text("note", required=False)
    reader.close()
    wanted = KINDS.get(what)
    if wanted == "one" and what != "split" and not sources:
        sources = (code,)
    if wanted == "none" and sources:
        reader.problem("What is new comes from nothing.", "Leave this out, or say what became of those.", "from")
    elif wanted == "one" and len(sources) != 1:
        reader.problem(
            f"What is {what} comes from one criterion, not {len(sources)}.", "Name the one that it was.", "from"
        )
    elif wanted == "several" and len(sources) < 2:
        reader.problem("What is merged comes from two criteria or more.", "Name all that went into it.", "from")
    if len(set(sources)) < len(sources):
        reader.problem("A criterion is named twice.", "Name each once.", "from")
    return Origin(what, sources, note)


def _check_sources(changes: Reader, criteria: Mapping[str, Origin], dropped: Mapping[str, str]) -> None:
    """Check that no old criterion has become two things at once."""
    users: dict[str, list[str]] = defaultdict(list)
    for code, origin in criteria.items():
        for source in dict.fromkeys(origin.sources):
            users[source].append(code)
    for source, codes in users.items():
        if source in dropped:
            changes.problem(
                f"{source} is dropped, but {_listed(codes)} came from it.", "Let it be one or the other.", "dropped"
            )
        splits = [code for code in codes if criteria[code].what == "split"]
        if len(splits) == len(codes) == 1:
            changes.problem(
                f"{source} is split, but only {codes[0]} came from it.",
                "Name at least two parts, or call it reworded.",
                f"criteria.{codes[0]}",
            )
        elif len(codes) > 1 and len(splits) < len(codes):
            changes.problem(
                f"{_listed(codes)} all come from {source}.",
                "Call each of them split, or let only one of them come from it.",
                f"criteria.{next(code for code in codes if code not in splits)}",
            )


def _listed(codes: list[str]) -> str:
    return " and ".join([", ".join(codes[:-1]), codes[-1]] if len(codes) > 1 else codes)

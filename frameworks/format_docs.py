"""The tables of docs/framework-format.md, written from the vocabulary between the marks that the guide has for them."""

import re

from frameworks.kinds import Choice, Code, Either, Field, Flag, Keyed, Kind, Many, Number, One, Text, Texts, Whole
from frameworks.vocabulary import RECORDS

BLOCK = re.compile(r"(<!-- fields of: (\w+) -->\n).*?(<!-- end of fields -->)", re.DOTALL)


def with_tables(guide: str) -> str:
    """Return the guide with every table written anew."""
    return BLOCK.sub(lambda match: f"{match[1]}\n{_table(match[2])}\n{match[3]}", guide)


def _table(name: str) -> str:
    record = RECORDS[name]
    lines = ["| Field | Holds | What it means |", "| --- | --- | --- |"]
    for field in (field.name for field in record.all_fields()):
        told = record.told(field)
        holds = "; or ".join(dict.fromkeys(_holds(each.kind) for each in told))
        needed = ", needed" if any(each.required and not kinds for each, kinds in told.items()) else ""
        lines.append(f"| `{field}` | {holds}{needed} | {_means(told)} |")
    return "\n".join(lines) + "\n"


def _means(told: dict[Field, tuple[str, ...]]) -> str:
    if len(told) == 1:
        field, kinds = next(iter(told.items()))
        only = f" Only for {_words(kinds)}." if kinds else ""
        return f"{field.meaning}{only}{' Needed there.' if kinds and field.required else ''}"
    return " ".join(
        f"For {_words(kinds)}{' (needed)' if field.required else ''}: {field.meaning}" for field, kinds in told.items()
    )


def _words(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds)


def _holds(kind: Kind) -> str:
    match kind:
        case Text(longest=longest):
            return f"text, up to {longest:,} characters"
        case Code(longest=longest):
            return f"a code, up to {longest} characters"
        case Choice(words=words):
            return " or ".join(f"`{word}`" for word in words)
        case Whole(lowest=lowest, highest=highest):
            return f"a whole number from {lowest} to {highest:,}" if lowest != highest else f"{lowest}"
        case Number():
            return "an exact number"
        case Flag():
            return "`true` or `false`"
        case Texts(most=most):
            return f"a list of texts, up to {most}"
        case One(record=name):
            return f"the fields of [{_title(name)}](#{_anchor(name)})"
        case Many(record=name, most=most):
            return f"a list, up to {most:,}, each [{_title(name)}](#{_anchor(name)})"
        case Keyed(keys=keys, of=of):
            return f"by {keys}: {_holds(of)}"
        case Either(kinds=kinds):
            return "; or ".join(_holds(each) for each in kinds)
    raise TypeError(kind)


def _title(name: str) -> str:
    return RECORDS[name].title.lower()


def _anchor(name: str) -> str:
    """Return the address that a heading has when the guide is shown."""
    return re.sub(r"[^a-z0-9 -]", "", _title(name)).replace(" ", "-")

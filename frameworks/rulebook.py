"""The closed set of roll-up rules, and how one is read from a definition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from frameworks.banded import Mean, PercentOfMaximum, Sum
from frameworks.practices import CumulativeGate, RuleTable
from frameworks.reading import Reader
from frameworks.rules import Headline, LowerMedian, Minimum, ProfileOnly, Rule
from frameworks.scale import Scale

RULES: Mapping[str, type[Rule]] = {
    rule.kind: rule
    for rule in (
        Headline,
        LowerMedian,
        Minimum,
        Mean,
        Sum,
        PercentOfMaximum,
        CumulativeGate,
        RuleTable,
        ProfileOnly,
    )
}


@dataclass(frozen=True)
class Setting:
    """
    What a rule is read for: the scale, and what the node has beneath it.

    `rated` is "children", "items" or "statements"; `on_levels` says whether these are rated on the framework's own
    levels. `classes` are all that the framework declares, with whether each is adverse; `groups` are those that occur
    here, "" among them where something belongs to none. `not_applicable` is the framework's default; `named` are the
    rules that it declares by name.
    """

    scale: Scale
    rated: str
    on_levels: bool
    classes: Mapping[str, bool]
    groups: frozenset[str]
    not_applicable: str
    named: Mapping[str, object]


def _named_or_kind(name: str, named: Iterable[str], reader: Reader) -> str:
    """Say how to mend the name of a rule that nobody declared."""
    if name in RULES:
        return f"For the kind of rule, write rule: {{kind: {name}}}."
    kind = reader.guess(name, RULES)
    perhaps = f"If the kind {kind} is meant, write rule: {{kind: {kind}}}. " if kind else ""
    known = ", ".join(named) or "none yet"
    return (
        f"{perhaps}Declare it under rules, where now there are: {known}; or write a kind, as in rule: {{kind: mean}}."
    )


def read_rule(reader: Reader, setting: Setting, default: type[Rule]) -> Rule:
    """Read a node's rule, or the framework's rule of the name that stands in its place; left out, the default."""
    if not reader.has("rule"):
        if default.compares_levels and not setting.on_levels:
            reader.problem(
                f"The usual rule, {default.kind}, compares levels, but here are answers.",
                "Give a rule that counts answers, such as mean, percent_of_maximum, cumulative_gate or rule_table.",
                "rule",
            )
        return default()
    name = reader.value("rule")
    if isinstance(name, str):
        if name not in setting.named:
            reader.problem(f"There is no rule named {name}.", _named_or_kind(name, setting.named, reader), "rule")
            return default()
        options = Reader(setting.named[name], f"rules.{name}", reader.problems)
    else:
        options = reader.reader("rule")
    kind = options.choice("kind", tuple(RULES))
    if not kind:
        return default()
    if RULES[kind].compares_levels and not setting.on_levels:
        reader.problem(
            f"The rule {kind} compares levels, but here are answers.",
            "Use mean, sum, percent_of_maximum, cumulative_gate or rule_table.",
            "rule",
        )
    rule = RULES[kind].read(options, setting)
    options.close()
    return rule

"""Plain English for a trace: one sentence on the level, and one each on what was left out or capped."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from frameworks.banded import rounded_to
from frameworks.rules import Check, Input, minimum
from frameworks.scale import STRENGTHS
from frameworks.tree import Definition

if TYPE_CHECKING:
    from frameworks.conditions import Condition
    from frameworks.practices import Row
    from frameworks.trace import Cap, Trace

MOST_NAMED = 3


def listed(names: Sequence[str], most: int | None = None) -> str:
    """Join names as "A, B and C"; beyond `most` of them as "A, B and 4 more"."""
    if most is not None and len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def quoted(words: str) -> str:
    """Quote words at the end of a sentence: with a stop after them, unless they bring their own."""
    return f"“{words}”" if words.endswith((".", "!", "?", "…")) else f"“{words}”."


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun, such as "1 item" and "3 items"; `many` where it is not `one` with an "s"."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def decimal(number: Fraction, unit: str = "") -> str:
    """Write a number in decimals, such as "2.5" or "2.5%"; one that needs more than two as "2.83 (17/6)"."""
    hundredths = rounded_to(number, "half_up", 2) * 100
    sign, (whole, part) = "-" if hundredths < 0 else "", divmod(abs(int(hundredths)), 100)
    text = f"{sign}{whole}.{part:02}".rstrip("0").rstrip(".")
    return f"{text}{unit}" if hundredths == number * 100 else f"{text}{unit} ({number})"


class Wording:
    """The words for one trace; the rules in `frameworks.rules` build their clause from its phrases."""

    def __init__(self, trace: "Trace", definition: Definition) -> None:
        self._trace = trace
        self._node = definition.node(trace.code)
        self._definition = definition
        self._scale = definition.scale

    @property
    def steps(self) -> Mapping[str, int]:
        return self._trace.steps

    def sentence(self) -> str:
        sentences = [f"{self._head()}: {self._clause()}."]
        sentences += self._left_out()
        sentences += self._caps()
        return " ".join(sentences)

    # Phrases for the rules

    def level(self) -> str:
        return self._scale.name(self._trace.level)

    def step(self, name: str) -> str:
        """Name the level met on the way under this name."""
        return self._scale.name(self.steps[name])

    def count(self) -> str:
        """Count what took part, such as "6 items" or "4 criteria"."""
        number = len(self._trace.inputs)
        return f"{number} {self._noun(number)}"

    def middle(self) -> str:
        return f"the middle of {self.count()}{self._by_weight()}"

    def lowest_inputs(self) -> str:
        return self.named([each.key for each in self._lowest()])

    def lowest_is_single(self) -> bool:
        return len(self._lowest()) == 1

    def mean(self) -> str:
        """Give the mean and, where that differs, what it was rounded to."""
        weights = self._by_weight()
        if self._left("not_applicable") and getattr(self._node.rule, "not_applicable", "") == "leave_out":
            weights += ", over the weight of all,"
        return f"the mean of {self.count()}{weights} is {decimal(self._trace.rounding.exact)}{self._rounded()}"

    def _rounded(self, unit: str = "") -> str:
        rounding = self._trace.rounding
        if rounding.rounded == rounding.exact:
            return ""
        ways = {"half_up": "rounded to", "floor": "rounded down to", "truncate": "cut to"}
        return f", {ways[rounding.mode]} {decimal(rounding.rounded, unit)}"

    def band(self) -> str:
        """Say which level the number belongs to, if the framework gives it one."""
        if self._trace.status == "no_level":
            return ", to which the framework gives no level"
        if self._trace.level is None:
            return ", which lies below the band of every level"
        return f", which lies in the band of {self.level()}"

    def sum(self) -> str:
        """Give the sum, what became of it where something does not apply, and what it was rounded to."""
        figures = self._trace.figures
        text = f"the sum of {self.count()}{self._by_weight()} is {decimal(figures['points'])}"
        if self._trace.rounding.exact != figures["points"]:
            text += (
                f", which makes {decimal(self._trace.rounding.exact)} when the weight of what does not apply is shared"
            )
        return text + self._rounded()

    def percentage(self, of_all: bool) -> str:
        """Give the points, the most that they could be, and the percentage that this makes."""
        figures = self._trace.figures
        most = decimal(figures["maximum"])
        if of_all and self._left("not_applicable"):
            most += " (what does not apply included)"
        verb = "comes" if len(self._trace.inputs) == 1 else "come"
        return (
            f"{self.count()}{self._by_weight()} {verb} to {decimal(figures['points'])} of {most}, "
            f"which is {decimal(self._trace.rounding.exact, '%')}{self._rounded('%')}"
        )

    def gate(self, percent: Fraction) -> str:
        """Say up to which level everything is met, and what is not met of the next."""
        failing = [check for check in self._trace.checks if not check.holds]
        last = self._trace.checks[-1].level if failing else self._trace.level
        part = "everything" if percent == 100 else f"{decimal(percent)}%"
        if not failing:
            below = " and the levels below it" if last > self._scale.lowest else ""
            return f"{part} that belongs to {self._scale.name(last)}{below} is met"
        reached = "" if self._trace.level is None else f"{part} up to {self.level()} is met, but "
        asked = "" if percent == 100 else f" ({decimal(percent)}% is asked)"
        found = listed([self._unmet(check) for check in failing])
        return f"{reached}{found}{asked}: {self.named(self._trace.held_by)} {self._hold()} it down"

    def _unmet(self, check: Check) -> str:
        unmet = check.of - check.met
        of = f"{unmet} of {check.of} {self._noun(check.of)} of {self._scale.name(check.level)}"
        return f"{of} {'is' if unmet == 1 else 'are'} not met"

    def table(self, rows: Sequence["Row"]) -> str:
        """Say which line of the table fits, what it asks, and what stands in the way of a higher one."""
        number = int(self._trace.figures["row"])
        found = [
            self._condition(condition, check)
            for condition, check in zip(rows[number - 1].conditions, self._trace.checks, strict=True)
        ]
        text = f"line {number} of {len(rows)} is the first that fits"
        text = f"{text}, since {listed(found)}" if found else "no other line of the rule fits than the last"
        if self._trace.held_by:
            text += f"; {self.named(self._trace.held_by)} {self._hold()} it down"
        return text

    def _condition(self, condition: "Condition", check: Check) -> str:
        groups = [f"“{self._definition.groups[code].name}”" for code in condition.groups]
        of = f" of {listed(groups)}" if groups else ""
        met = "met" if condition.met is None else f"at {self._at(condition.met)} or above"
        if check.of == 0:
            return f"there are no {self._noun(2)}{of} that apply"
        number = {check.of: "all", 0: "none"}.get(check.met, str(check.met))
        verb = "is" if check.met in (0, 1) and check.of > check.met else "are"
        if check.of == 1:
            return f"the only {self._noun(1)}{of} is {'' if check.met else 'not '}{met}"
        return f"{number} of {check.of} {self._noun(check.of)}{of} {verb} {met}"

    def _at(self, value: Fraction) -> str:
        """Name the level that counts a value, or else write the value."""
        if self._definition.is_on_levels(self._node) and value in self._scale.values:
            return self._scale.levels[self._scale.values.index(value)].name
        return decimal(value)

    def _hold(self) -> str:
        return "holds" if len(self._trace.held_by) == 1 else "hold"

    def named(self, keys: Sequence[str]) -> str:
        """Name items as "item DD1.4" or "items DD1.4 and DD1.5", other nodes by code and name."""
        return f"{self._noun(len(keys))} {self._bare(keys)}" if self._node.is_criterion else self._bare(keys)

    # The parts of the sentence

    def _lowest(self) -> list[Input]:
        lowest = minimum(self._trace.inputs)
        return [each for each in self._trace.inputs if each.rank == lowest]

    def _head(self) -> str:
        heads = {
            "incomplete": "Incomplete",
            "not_applicable": "Not applicable",
            "none_supported": "No level supported" if self._trace.standing == "supported" else "No level reached",
            "no_level": "No single level" if self._trace.value is None else decimal(self._trace.value, self._unit()),
        }
        return heads.get(self._trace.status) or self.level()

    def _unit(self) -> str:
        return "%" if self._trace.rule == "percent_of_maximum" else ""

    def _clause(self) -> str:
        match self._trace.status:
            case "incomplete":
                return self._missing()
            case "not_applicable":
                number = sum(each.why == "not_applicable" for each in self._trace.left_out)
                if number == 1:
                    return f"its only {self._noun(1)} does not apply"
                return f"none of its {number} {self._noun(number)} applies"
            case "no_level":
                return self._node.rule.because(self)
        ranks = {each.rank for each in self._trace.inputs}
        plain = self._node.rule.plain_when_alike and self._definition.is_on_levels(self._node)
        # Where all are alike there is nothing to explain, unless a framework's bands move the level elsewhere.
        if plain and ranks == {self._scale.below if self._trace.level is None else self._trace.level}:
            return self._alike()
        return self._node.rule.because(self)

    def _alike(self) -> str:
        keys = [each.key for each in self._trace.inputs]
        level = self._scale.name(self._trace.level)
        match len(keys):
            case 1:
                return f"the only {self._noun(1)}, {self._bare(keys)}, is at {level}"
            case 2:
                return f"both {self._noun(2)} are at {level}"
        return f"all {self.count()} are at {level}"

    def _missing(self) -> str:
        missing = self._trace.missing
        if not missing:
            return "there are no evidence items yet"
        if self._node.is_criterion:
            lacking = "answer" if self._node.statements else "level"
            return f"{self.named(missing)} {'has' if len(missing) == 1 else 'have'} no {lacking} yet"
        return f"{self.named(missing)} {'is' if len(missing) == 1 else 'are'} incomplete"

    def _left_out(self) -> list[str]:
        sentences = []
        if self._trace.status != "not_applicable" and (keys := self._left("not_applicable")):
            sentences.append(f"{self._begin(keys)} left out as not applicable.")
        if keys := self._left("zero_weight"):
            sentences.append(f"{self._begin(keys)} left out, having no weight.")
        if keys := self._left("not_asked"):
            sentences.append(f"{self._begin(keys)} not asked, as no answer there could change the level.")
        return sentences

    def _left(self, why: str) -> list[str]:
        return [each.key for each in self._trace.left_out if each.why == why]

    def _begin(self, keys: Sequence[str]) -> str:
        name = self.named(keys)
        return f"{name[0].upper()}{name[1:]} {'is' if len(keys) == 1 else 'are'}"

    def _caps(self) -> list[str]:
        caps = self._trace.caps
        if len(caps) <= 2:
            return [self._cap(cap) for cap in caps]
        keys = [cap.key for cap in caps]
        return [f"Evidence supports less than was agreed for {self.named(keys)}."]

    def _cap(self, cap: "Cap") -> str:
        scale = self._node.statement(cap.statement).answers if cap.statement else self._node.answers
        claimed = scale.name(cap.claimed)
        supported = "no level" if cap.supported is None else scale.name(cap.supported)
        noun = self._noun(1).capitalize()
        return (
            f"{noun} {cap.key} was agreed at {claimed}, but its evidence ({STRENGTHS[cap.strength]}) supports "
            f"{supported}: {claimed} needs {STRENGTHS[cap.demand]}."
        )

    def _bare(self, keys: Sequence[str]) -> str:
        if self._node.is_criterion:
            return listed(keys, MOST_NAMED)
        return listed([f"{key} {self._definition.node(key).name}" for key in keys], MOST_NAMED)

    def _noun(self, number: int) -> str:
        if self._node.is_criterion:
            one, many = self._node.noun, f"{self._node.noun}s"
        elif all(child.is_criterion for child in self._node.children):
            one, many = "criterion", "criteria"
        else:
            one, many = "part", "parts"
        return one if number == 1 else many

    def _by_weight(self) -> str:
        return " by weight" if len({each.weight for each in self._trace.inputs}) > 1 else ""

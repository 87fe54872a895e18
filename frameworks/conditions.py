"""
What a line of a rule table asks: that all, some, none, so many or so large a part of some inputs are met.

An input is met when its answer counts at least a threshold, an adverse one too: "none of these is true" says what it
looks like. A condition follows from one number, its tally, which adds up over the inputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from frameworks.reading import Reader
from frameworks.rules import Check, Input

if TYPE_CHECKING:
    from frameworks.rulebook import Setting

QUANTIFIERS = ("all", "some", "none", "not_all")
NUMBERED = ("at_least", "at_most", "percent")
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Condition:
    """
    One condition on the inputs of some classes, or on all inputs where it names none.

    `asks` is one of the words above; `number` goes with the last three. `met` is the value from which an input is
    met; None stands for the most that each can be.
    """

    asks: str
    number: Fraction = Fraction(0)
    groups: tuple[str, ...] = ()
    met: Fraction | None = None

    @classmethod
    def read(cls, reader: Reader, setting: "Setting") -> "Condition":
        """Read one condition of a rule table."""
        groups = cls._read_groups(reader, setting)
        given = [field for field in ("is", *NUMBERED) if reader.has(field)]
        if len(given) != 1:
            reader.problem(
                "A condition asks one thing.", "Give one of: is, at_least, at_most, percent.", given[1] if given else ""
            )
        asks, number = "all", Fraction(0)
        if "is" in given:
            asks = reader.choice("is", QUANTIFIERS) or "all"
        elif "percent" in given:
            asks, number = "percent", reader.number("percent")
            if not 0 < number <= 100:
                reader.problem(f"This is {number}.", "Write a number above 0, and 100 at most.", "percent")
        elif given:
            asks, number = given[0], Fraction(reader.integer(given[0], 0, MOST_COUNTED))
        condition = cls(asks, number, groups, _read_threshold(reader, setting))
        reader.close()
        return condition

    @classmethod
    def _read_groups(cls, reader: Reader, setting: "Setting") -> tuple[str, ...]:
        several = reader.has("classes")
        if several and reader.has("class"):
            reader.problem("This names both a class and classes.", "Name all of them in classes.", "class")
        groups = reader.texts("classes") if several else (reader.text("class"),) if reader.has("class") else ()
        for group in groups:
            if group and group not in setting.classes:
                known = ", ".join(setting.classes) or "none yet"
                reader.problem(
                    f"There is no class {group}.",
                    f"Declare it under classes; known are: {known}.",
                    "classes" if several else "class",
                )
        return groups

    def looks_at(self, each: Input) -> bool:
        return not self.groups or each.group in self.groups

    def is_met(self, each: Input) -> bool:
        """Say whether an input is met, whatever class it belongs to."""
        return each.value >= (each.most if self.met is None else self.met)

    def tally(self, each: Input) -> Fraction | int:
        """Return what one input adds to the number that decides."""
        if not self.looks_at(each):
            return 0
        match self.asks:
            case "all" | "not_all":
                return 0 if self.is_met(each) else 1
            case "percent":
                return each.weight if self.is_met(each) else 0
            case _:
                return 1 if self.is_met(each) else 0

    def cap(self, inputs: Sequence[Input]) -> Fraction:
        """Return the tally from which on more makes no difference."""
        match self.asks:
            case "at_least":
                return self.number
            case "at_most":
                return self.number + 1
            case "percent":
                return self.number * sum(each.weight for each in inputs if self.looks_at(each)) / 100
            case _:
                return Fraction(1)

    def holds(self, tally: Fraction, inputs: Sequence[Input], spared: Sequence[Input]) -> bool:
        """
        Say whether the condition holds.

        Of a class to which nothing belongs, neither all nor any part is met. Where nothing of it applies, all is.
        """
        belongs = any(self.looks_at(each) for each in (*inputs, *spared))
        match self.asks:
            case "all":
                return belongs and tally == 0
            case "some" | "not_all":
                return tally > 0
            case "none":
                return tally == 0
            case "at_most":
                return tally <= self.number
            case "percent":
                return belongs and tally >= self.cap(inputs)
            case _:
                return tally >= self.number

    def culprits(self, inputs: Sequence[Input], *, holds: bool) -> tuple[str, ...]:
        """Return the keys of the inputs because of which the condition holds, or because of which it does not."""
        wants_met = self.asks not in ("none", "at_most", "not_all")
        return tuple(each.key for each in inputs if self.looks_at(each) and self.is_met(each) == (wants_met == holds))

    def check(self, inputs: Sequence[Input], spared: Sequence[Input], level: int, what: str) -> Check:
        """Report what the condition found."""
        seen = [each for each in inputs if self.looks_at(each)]
        tally = sum(self.tally(each) for each in seen)
        return Check(what, sum(map(self.is_met, seen)), len(seen), self.holds(tally, inputs, spared), level)

    def direction(self, setting: "Setting") -> int:
        """Say what better answers do to the condition: 1 fulfil it at most, -1 break it at most, 0 either."""
        adverse = {setting.classes.get(group, False) for group in self.groups or setting.groups}
        if len(adverse) > 1:
            return 0
        upward = 1 if self.asks not in ("none", "at_most", "not_all") else -1
        return -upward if adverse == {True} else upward


def _read_threshold(reader: Reader, setting: "Setting") -> Fraction | None:
    """Read from where on an input is met: a level of the scale, or a value."""
    if reader.has("level"):
        if not setting.on_levels:
            reader.problem("What is asked here are answers, not levels.", "Use met, with a value.", "level")
        if reader.has("met"):
            reader.problem("This gives both a level and a value.", "Remove one of the two.", "met")
        rank = reader.integer("level", setting.scale.lowest, setting.scale.highest)
        return setting.scale.value(rank)
    return reader.number("met") if reader.has("met") else None

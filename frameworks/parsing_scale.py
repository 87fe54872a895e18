"""Read the levels of a framework, and the sets of answers that it declares."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from frameworks.reading import Reader
from frameworks.scale import COMMON_ANSWERS, STRENGTHS, Level, Scale

MOST_ANSWERS = 11


def read_scale(reader: Reader) -> Scale:
    """Read 3 to 6 levels, whose ranks rise by one from 0 or 1 and whose demands never fall."""
    levels = _read_levels(reader, "levels")
    if reader.has("levels") and not 3 <= len(levels) <= 6:
        reader.problem(f"The scale has {len(levels)} levels.", "Use 3 to 6 levels.", "levels")
    reader.close()
    return _sound(levels)


def read_answers(reader: Reader, code: str) -> Scale:
    """Read one set of 2 to 11 answers; the lowest of them needs no evidence."""
    answers = _read_levels(reader, "answers")
    if not 2 <= len(answers) <= MOST_ANSWERS:
        reader.problem(f"These are {len(answers)} answers.", f"Use 2 to {MOST_ANSWERS} answers.", "answers")
    if answers and answers[0].demand:
        reader.problem("Even the lowest answer demands evidence.", "Let it demand 0.", "answers")
    if code in COMMON_ANSWERS:
        reader.problem(f"Every framework has the answers {code} already.", "Choose another code.", "code")
    return _sound(answers)


def _sound(levels: list[Level]) -> Scale:
    """Make a scale that later checks can look at, even where the one that was read is not sound."""
    levels = levels + [Level(1, ""), Level(2, "")][len(levels) :]
    return Scale(tuple(replace(level, rank=levels[0].rank + number) for number, level in enumerate(levels)))


def _read_levels(reader: Reader, field: str) -> list[Level]:
    levels: list[Level] = []
    for each in reader.readers(field):
        level = Level(
            rank=each.integer("rank", 0, MOST_ANSWERS),
            name=each.text("name"),
            meaning=each.text("meaning", required=False),
            demand=each.integer("demand", 0, len(STRENGTHS) - 1, default=0 if field == "answers" else None),
            value=each.number("value") if each.has("value") else None,
        )
        each.close()
        _check_level(level, levels, each)
        levels.append(level)
    return levels


def _check_level(level: Level, levels: list[Level], reader: Reader) -> None:
    if level.value is not None and level.value < 0:
        reader.problem(f"The value is {level.value}.", "Use 0 or more.", "value")
    if level.name in [other.name for other in levels]:
        reader.problem(f"Two levels are named “{level.name}”.", "Give each its own name.", "name")
    if not levels:
        if level.rank > 1:
            reader.problem(f"The scale begins at {level.rank}.", "Begin at 0 or 1.", "rank")
        return
    before = levels[-1]
    if level.rank != before.rank + 1:
        reader.problem(f"Rank {level.rank} follows {before.rank}.", "Let ranks rise by one.", "rank")
    if level.demand < before.demand:
        reader.problem("A higher level demands weaker evidence.", "Let demands never fall.", "demand")
    if _value(level) <= _value(before):
        reader.problem(
            f"The value {_value(level)} follows {_value(before)}.", "Let values rise from level to level.", "value"
        )


def _value(level: Level) -> Fraction:
    return Fraction(level.rank) if level.value is None else level.value


def read_answer_sets(reader: Reader) -> Mapping[str, Scale]:
    """Read the framework's own sets of answers, after those that every framework has."""
    sets = dict(COMMON_ANSWERS)
    for each in reader.readers("answers", required=False):
        code = each.text("code")
        each.text("name", required=False)
        if code in sets and code not in COMMON_ANSWERS:
            each.problem(f"Another set of answers has the code {code}.", "Give each its own code.", "code")
        scale = read_answers(each, code)
        each.close()
        if code not in COMMON_ANSWERS:
            sets[code] = scale
    return sets

"""
What a review has found, criterion by criterion, beside what the place claims and its evidence supports; pure.

`assessments.review_table` reads it from what was sealed and from the reviewers' rows.
"""

import datetime
from dataclasses import dataclass

from frameworks.definition import Definition, Target
from frameworks.wording import listed

LEVEL, CANNOT_JUDGE = "LEVEL", "CANNOT_JUDGE"


@dataclass(frozen=True)
class Finding:
    """What stands for a criterion. `number` counts the findings so far; `level` is None unless the judgement is one."""

    number: int
    judgement: str
    level: int | None
    confidence: str
    words: str
    recommendation: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True)
class Row:
    """
    A criterion with its three standings. `claimed` and `supported` are results of the sealed document.

    `standing` is what must be said beside the claimed level, such as "but split".
    """

    code: str
    name: str
    domain: str
    claimed: dict
    supported: dict
    items: int
    standing: str
    target: int | None
    finding: Finding | None = None

    @property
    def reviewed(self):
        return self.finding and self.finding.level

    @property
    def is_below_target(self):
        return below_target(self.reviewed, self.target)

    @property
    def differs(self):
        return self.reviewed is not None and self.reviewed != self.claimed["level"]

    @property
    def lacks_recommendation(self):
        return self.is_below_target and not self.finding.recommendation


def below_target(level, target):
    """Say whether a reviewed level is below the target; where one of them is missing, it is not."""
    return level is not None and target is not None and level < target


def target_of(definition: Definition, code, claimed, *, aims=None):
    """
    Return the level to reach: the place's own target, else the framework's, else the claimed level.

    `aims` are the place's targets by criterion. The framework's is that of its first target profile with one for the
    criterion or, if none names that, for a part of the framework above it.
    """
    if aims and code in aims:
        return aims[code]
    for profile in definition.targets:
        if (level := level_in(definition, profile, code)) is not None:
            return level
    return claimed


def level_in(definition: Definition, profile: Target, code):
    """Return the level that a target profile has for a criterion or, if not, for what is nearest above it; or None."""
    node = definition.node(code)
    while node.code:
        if node.code in profile.levels:
            return profile.levels[node.code]
        node = definition.node(node.parent_code)
    return None


def left(rows):
    """Return the rows of criteria with items that nobody has reviewed yet."""
    return [row for row in rows if row.items and row.finding is None]


def obstacles(rows, *, open_questions=0):
    """Return why the review cannot be finished or decided on, a sentence each."""
    found = []
    if unreviewed := left(rows):
        found.append(f"Not reviewed yet: {_codes(unreviewed)}.")
    if bare := [row for row in rows if row.lacks_recommendation]:
        found.append(f"A recommendation is missing where the reviewed level is below the target: {_codes(bare)}.")
    if open_questions:
        waits = "One question waits" if open_questions == 1 else f"{open_questions} questions wait"
        found.append(f"{waits} for the place's reply.")
    return tuple(found)


def _codes(rows):
    return listed([row.code for row in rows])

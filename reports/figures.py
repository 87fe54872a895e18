"""
What the charts show, worked out once from an assessment's document.

Pure. The server's SVG, the browser's Plotly figure and the table of numbers are all made from these,
so that they cannot differ.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from assessments import reading
from assessments.standing import beside, of_node
from frameworks.wording import counted, listed
from improvement.projection import expected_levels

STATUS_WORDS = {
    "incomplete": "Incomplete",
    "not_applicable": "Not applicable",
    "none_supported": "No level supported",
    "no_level": "No level by design",
}


UNFINISHED = (STATUS_WORDS["incomplete"], STATUS_WORDS["none_supported"])


@dataclass(frozen=True)
class Mark:
    """
    A result as a chart shows it: a level's rank and name, a number where the rule gives no level, or why there is none.
    """

    level: int | None
    words: str
    number: Fraction | None = None

    @property
    def is_given(self):
        """Say whether there is a level or a number."""
        return self.level is not None or self.number is not None


@dataclass(frozen=True)
class ProfileRow:
    """
    One criterion of the profile.

    `counts` are the members' scores summed over its items, lowest level first, None while hidden.
    `split` names the items over which the board was split. `previous` is None where no round before
    can be compared, and `changed` says why. `target` is None where the place has set none and no open action expects
    a level.
    `projected` is what the evidence would support once the open actions are done, None where that is no more than now.
    `reviewed` is None where the ICB's reviewers have set no level, or the reader does not see it yet. `standing` is
    said beside the agreed level, such as "but split", and `previous_standing` beside the one before.
    """

    code: str
    name: str
    claimed: Mark
    supported: Mark
    previous: Mark | None
    in_date: int
    applicable: int
    counts: tuple[int, ...] | None
    split: tuple[str, ...]
    target: Mark | None = None
    projected: Mark | None = None
    changed: str = ""
    reviewed: Mark | None = None
    noun: str = "item"
    standing: str = ""
    previous_standing: str = ""

    @property
    def agreed(self):
        """What the board agreed, with what must be said beside it."""
        return ", ".join(filter(None, (self.claimed.words, self.standing)))

    @property
    def before(self):
        """What the board agreed the last time, with what must be said beside it; only where that can be compared."""
        return ", ".join(filter(None, (self.previous.words, self.previous_standing)))

    @property
    def sentence(self):
        """Say the row in words, for those who do not see it."""
        told = [f"{self.name}: agreed {self.agreed}", f"evidence supports {self.supported.words}"]
        if not self.claimed.is_given:
            told = [f"{self.name}: {self.claimed.words}"]
        if self.reviewed:
            told.append(f"reviewed {self.reviewed.words}")
        if self.applicable:
            told.append(f"evidence for {self.in_date} of {counted(self.applicable, self.noun, f'{self.noun}s')}")
        if self.previous:
            told.append(f"last time {self.before}")
        elif self.changed:
            told.append("changed since last time, not comparable")
        if self.target:
            told.append(f"target {self.target.words}")
        if self.projected:
            told.append(f"once the actions are done {self.projected.words}")
        if self.split:
            told.append(f"{counted(len(self.split), self.noun, f'{self.noun}s')} split")
        return ", ".join(told)

    @property
    def is_short_of_evidence(self):
        """Say whether the evidence supports less than the board agreed."""
        if self.claimed.level is None:
            return self.claimed.number is not None and self.supported.number != self.claimed.number
        return self.supported.level is None or self.supported.level < self.claimed.level

    @property
    def note(self):
        """What stands in a row of the chart that has no level to mark; "" where it has."""
        if self.claimed.level is not None:
            return ""
        if not self.is_short_of_evidence:
            return self.claimed.words
        return f"{self.claimed.words}, evidence supports {self.supported.words}"

    @property
    def is_unfinished(self):
        """Say whether there is no level because something is still to be done."""
        return self.claimed.words in UNFINISHED


@dataclass(frozen=True)
class ProfileGroup:
    """A domain with the rows of its criteria; one that is a criterion itself has no heading besides."""

    code: str
    name: str
    rows: tuple[ProfileRow, ...]

    @property
    def heading(self):
        return "" if self.is_criterion else self.name

    @property
    def is_criterion(self):
        return [row.code for row in self.rows] == [self.code]


@dataclass(frozen=True)
class Profile:
    """
    The profile of a place: one row per criterion, by domain, over the levels of the framework.

    `levels` are pairs of rank and name, lowest first.
    """

    message: str
    description: str
    levels: tuple[tuple[int, str], ...]
    groups: tuple[ProfileGroup, ...]
    previous_round: str
    noun: str = "item"

    @property
    def rows(self):
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def alone(self):
        """The codes of criteria that are domains themselves, where others have headings: they stand like headings."""
        alone = frozenset(group.code for group in self.groups if group.is_criterion)
        return alone if len(alone) < len(self.groups) else frozenset()

    @property
    def is_folded(self):
        """Say whether there are too many criteria for one chart."""
        return len(self.rows) > reading.MOST_UNFOLDED

    def by_domain(self):
        """Yield each domain's name with a profile of it alone, without a heading of its own."""
        for group in self.groups:
            alone = replace(group, name="")
            yield group.name, replace(self, message=_message(group.rows), groups=(alone,))

    @property
    def is_unfinished(self):
        """Say whether something is still to be done: a criterion has no level yet, or the board was split over one."""
        return any(row.is_unfinished or row.split for row in self.rows)


def profile(document, reviewed=None) -> Profile:
    """Return the profile that an assessment's document shows; `reviewed` gives the reviewers' levels by criterion."""
    levels = tuple((level["rank"], level["name"]) for level in document["framework"]["levels"])
    previous = document["previous"] if document["previous"] and document["previous"]["comparable"] else None
    criteria = {criterion["code"]: criterion for criterion in document["criteria"]}
    targets = _expected(document.get("improvement", {})) | reading.targets(document)
    groups = tuple(
        ProfileGroup(
            code=domain["code"],
            name=domain["name"],
            rows=tuple(
                _row(document, criteria[code], dict(levels), previous, targets, reviewed or {})
                for code in domain["criteria"]
            ),
        )
        for domain in document["domains"]
    )
    return Profile(
        message=_message([row for group in groups for row in group.rows]),
        description=_description(document, len(criteria)),
        levels=levels,
        groups=groups,
        previous_round=previous["round"] if previous else "",
        noun=reading.noun_of(document),
    )


def _expected(improvement):
    """Return the levels that the open actions expect, by criterion."""
    if found := improvement.get("projected"):
        return found["expected"]
    # Content that was sealed before it said what actions come to.
    return expected_levels(improvement.get("pathways", ()), improvement.get("actions", ()))


def _row(document, criterion, names, previous, targets, reviewed):
    before = previous["criteria"].get(criterion["code"]) if previous else None
    return ProfileRow(
        code=criterion["code"],
        name=criterion["name"],
        claimed=mark(criterion["claimed"], names),
        supported=mark(criterion["supported"], names),
        previous=mark(before["claimed"], names) if before else None,
        in_date=criterion["coverage"]["in_date"],
        applicable=criterion["coverage"]["applicable"],
        counts=None if criterion["counts"] is None else tuple(criterion["counts"]),
        split=tuple(criterion["split"]),
        noun=reading.noun_of(document),
        standing=of_node(document, criterion),
        # Content that was frozen before format 4 does not say whether the scores of the round before were split.
        previous_standing=beside(split=before and before["claimed"]["level"] is not None and before.get("split")),
        target=Mark(targets[code], names[targets[code]]) if (code := criterion["code"]) in targets else None,
        projected=_projected(document, criterion, names),
        reviewed=Mark(reviewed[code], names[reviewed[code]]) if code in reviewed else None,
        # Content that was sealed before versions said what changed has no such sentences.
        changed=previous.get("changed", {}).get(criterion["code"], "") if previous else "",
    )


def _projected(document, criterion, names):
    """Return the supported level that the open actions would bring, where it is better than the present one."""
    found = document.get("improvement", {}).get("projected")
    if not found:
        return None
    then, now = found["criteria"][criterion["code"]]["supported"], criterion["supported"]
    is_more = then["level"] is not None and (now["level"] is None or then["level"] > now["level"])
    return mark(then, names) if is_more else None


def mark(result, names) -> Mark:
    """Return a result of the document as a mark; `names` gives the levels' names by rank."""
    if result["level"] is None:
        # Of an earlier round a document says no more than the status.
        words = reading.number_of(result) if result["status"] == "no_level" and "trace" in result else ""
        number = Fraction(result["trace"]["rounding"]["rounded"]) if words else None
        return Mark(None, words or STATUS_WORDS[result["status"]], number)
    return Mark(result["level"], names[result["level"]])


def _message(rows):
    """Say in a sentence what the profile shows."""
    rated = [row for row in rows if row.claimed.is_given]
    if not rated:
        return "No criterion has an agreed level yet"
    short = sum(row.is_short_of_evidence for row in rated)
    every = {1: "its only rated criterion", 2: "both rated criteria"}.get(len(rated), f"all {len(rated)} criteria")
    if not short:
        told = f"The evidence supports what the board agreed in {every}"
    elif short == len(rated):
        told = f"In {every} the evidence supports less than the board agreed"
    else:
        told = f"In {short} of {len(rated)} criteria the evidence supports less than the board agreed"
    incomplete = sum(row.claimed.words == STATUS_WORDS["incomplete"] for row in rows)
    if incomplete:
        told += f"; {incomplete} of {len(rows)} {'is' if incomplete == 1 else 'are'} incomplete"
    return told


def _description(document, criteria):
    assessors = document["agreement"]["assessors"]
    members = f", {counted(assessors, 'member')}" if assessors else ""
    return f"Level by criterion, {counted(criteria, 'criterion', 'criteria')}{members}"


@dataclass(frozen=True)
class Outlook:
    """What the open actions would come to: in a sentence, and the criteria in which the evidence would support more."""

    sentence: str
    rows: tuple[ProfileRow, ...]


def outlook(document, figure: Profile) -> Outlook | None:
    """Return what the open actions would come to; None where none is open, or the content is older than that."""
    found = document["improvement"].get("projected")
    if not found or not found["actions"]:
        return None
    rows = tuple(row for row in figure.rows if row.projected)
    done = "the open action is" if found["actions"] == 1 else f"the {found['actions']} open actions are"
    told = f"Once {done} done, the evidence supports "
    if rows:
        told += f"a higher level in {len(rows)} of {counted(len(figure.rows), 'criterion', 'criteria')}."
    else:
        told += "no higher level in any criterion."
    if number := found["without_level"]:
        told += f" {counted(number, 'action names', 'actions name')} no level that could be worked out."
    if codes := found["out_of_reach"]:
        told += f" What is expected of {listed(codes)} is out of reach by single items."
    return Outlook(told, rows)


@dataclass(frozen=True)
class Movement:
    """
    Criteria whose agreed level differs from the one agreed last time, and how many are the same.

    `changed` are criteria whose meaning changed since, so that nothing is said of their levels.
    """

    round: str
    up: tuple[ProfileRow, ...]
    down: tuple[ProfileRow, ...]
    same: int
    changed: tuple[ProfileRow, ...] = ()


def movement(figure: Profile) -> Movement | None:
    """Return what moved since the last round; None where no comparable round came before."""
    if not figure.previous_round:
        return None
    both = [
        row for row in figure.rows if row.claimed.level is not None and row.previous and row.previous.level is not None
    ]
    return Movement(
        round=figure.previous_round,
        up=tuple(row for row in both if row.claimed.level > row.previous.level),
        down=tuple(row for row in both if row.claimed.level < row.previous.level),
        same=sum(row.claimed.level == row.previous.level for row in both),
        changed=tuple(row for row in figure.rows if row.changed),
    )

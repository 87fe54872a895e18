"""
What one row of a scoring workbook says: the answers that can be chosen, what was given, and the row's sealed mark.

The mark says whose row it is, of which assessment, item and ballot, and what the portal wrote into it, so that each row
is judged by itself: rows can be sorted, copied and left out.
"""

from dataclasses import dataclass

from django.core import signing

from assessments.models import Judgement, Score
from assessments.services.scoring import COMPARED
from frameworks.workbook_cells import as_kept
from partnership.audit import digest

SHEET = "Scores"
LISTS = "Lists"
CRITERION, ITEM, STATEMENT, EVIDENCE = "Criterion", "Item", "Statement", "Evidence"
ANSWER, REASON, CONFIDENCE, COMMENT = "Your level or answer", "Why not applicable", "How sure", "Comment for the board"
MARK = "Mark of the portal"
HEADINGS = (CRITERION, ITEM, STATEMENT, EVIDENCE, ANSWER, REASON, CONFIDENCE, COMMENT, MARK)
GIVEN = (ANSWER, REASON, CONFIDENCE, COMMENT)
SALT = "assessments.workbook.row"
NOTHING = {"judgement": "", "level": None, "reason": "", "confidence": "", "comment": ""}
CONFIDENCES = {label: value for value, label in Score.Confidence.choices}
APART = {each.label: each.value for each in (Judgement.CANNOT_JUDGE, Judgement.NOT_APPLICABLE)}


class NotThePortals(ValueError):
    """The mark is none that the portal wrote."""


@dataclass(frozen=True)
class Mark:
    """
    What the portal sealed into a row: keys as texts, and digests of what it wrote.

    `shown` is of criterion, item and statement, `given` of the member's own cells; `version` is that of their score, 0
    for none.
    """

    person: str
    assessment: str
    item: str
    ballot: int
    version: int
    shown: str
    given: str

    def sealed(self):
        return signing.dumps(list(vars(self).values()), salt=SALT)

    @classmethod
    def opened(cls, text):
        """:raises NotThePortals: if the portal did not write it like this"""
        try:
            return cls(*signing.loads(text, salt=SALT))
        except (signing.BadSignature, TypeError, ValueError) as error:
            raise NotThePortals from error


def mark_of(each, *, assessment, person):
    """Return the mark for a `score_sheet.SheetItem` as it is now."""
    return Mark(
        person=str(person.public_id),
        assessment=str(assessment.public_id),
        item=str(each.item.public_id),
        ballot=each.item.ballot,
        version=each.score.version if each.score else 0,
        shown=digest_of(shown_cells(each)),
        given=digest_of(given_cells(each)),
    )


def shown_cells(each):
    """Return what a row says of its item: criterion, item and statement, with what the place says about it."""
    item = each.item
    account = f"\n\nWhat the place does: {item.account}" if item.account else ""
    name = f"{item.noun.capitalize()} {item.name}"
    return [item.criterion.name, name, item.statement + account]


def given_cells(each):
    """Return what the member gave, as the row's cells hold it."""
    return cells_of(each.scale, {name: getattr(each.score, name) if each.score else NOTHING[name] for name in COMPARED})


def cells_of(scale, values):
    """Return a judgement as the member's own cells hold it."""
    words = {choice: label for label, choice in answers(scale).items()}
    answer = words.get((values["judgement"], values["level"]), "")
    confidence = Score.Confidence(values["confidence"]).label if values["confidence"] else ""
    return [answer, values["reason"], confidence, values["comment"]]


def answers(scale):
    """
    Return what can be chosen on a scale: judgement and level by the words in the list, none twice.

    A level whose name would be taken for something else has its rank before it.
    """
    names = [level.name.casefold() for level in scale.levels] + [label.casefold() for label in APART]
    found = {}
    for level in scale.levels:
        label = level.name if names.count(level.name.casefold()) == 1 else f"{level.rank} {level.name}"
        found[label] = (Judgement.LEVEL.value, level.rank)
    return found | {label: (value, None) for label, value in APART.items()}


def digest_of(texts):
    """Return a digest of texts that spreadsheet programs leave as it is, whatever they do to blanks."""
    return digest("\n\n".join(" ".join(as_kept(text).split()) for text in texts))[:32]

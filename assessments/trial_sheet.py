"""What an author sees who tries a criterion: the page of an assessor, over made-up items that nobody stores."""

from dataclasses import dataclass

from assessments.forms.scoring import ScoreForm
from assessments.forms.trial import StrengthForm
from assessments.models import Artefact, ArtefactLink, EvidenceItem, Judgement, Score
from assessments.score_sheet import Cited, ScoreSheet, SheetItem, Unstored
from frameworks.items import ItemInput
from frameworks.tree import Definition, Node

# So many items are enough to see a rule at work.
MOST_ITEMS = 20
MADE_UP = "Here stands what a place says of itself."


@dataclass(frozen=True)
class TriedItem(Unstored):
    """An item as the scoring page shows it, with the strength of its made-up evidence to choose."""

    sheet: SheetItem
    form: ScoreForm
    strength: StrengthForm


def tried_items(definition: Definition, node: Node, items: tuple[ItemInput, ...]) -> list[TriedItem]:
    """Return what is tried of a criterion: its statements or, beside the items it has, an empty one more."""
    if node.statements:
        given = {item.statement: item for item in items}
        return [
            _row(
                number, each.text, each.answers, given.get(each.code), each.code, definition.group_name(node, each.code)
            )
            for number, each in enumerate(node.asked, start=1)
        ]
    shown = list(items[:1] if node.single_item else items[:MOST_ITEMS])
    if len(shown) < (1 if node.single_item else MOST_ITEMS):
        shown.append(None)
    return [_row(number, MADE_UP, node.answers, item) for number, item in enumerate(shown, start=1)]


def sheet_of(definition: Definition, node: Node, rows: list[TriedItem]) -> ScoreSheet:
    """Return the sheet of a criterion as an assessor has it before them, without what it says of progress."""
    return ScoreSheet(definition, node, node, tuple(row.sheet for row in rows), tasks=None)


def posted_items(node: Node, data) -> tuple[ItemInput, ...]:
    """Return the items that a post gives for a criterion, in their order; what was left open at the end is dropped."""
    if node.statements:
        numbered = enumerate(node.statements, start=1)
        found = [
            _posted(f"{node.code}.{each.code}", number, each.answers, data, each.code) for number, each in numbered
        ]
        return tuple(item for item in found if not _is_empty(item))
    most = 1 if node.single_item else MOST_ITEMS
    found = [_posted(f"{node.code}.{number}", number, node.answers, data) for number in range(1, most + 1)]
    while found and _is_empty(found[-1]):
        found.pop()
    return tuple(found)


def _row(number, text, scale, item, statement="", group=""):
    item = item or ItemInput("")
    stand_in = _stand_in(number, text, statement)
    form = ScoreForm(item=stand_in, scale=scale, score=_score(item))
    strength = StrengthForm(number=number, strength=item.strength)
    return TriedItem(SheetItem(stand_in, scale, _cited(item.strength), None, "", group), form, strength)


def _stand_in(number, text="", statement=""):
    return EvidenceItem(number=number, statement=text, statement_code=statement)


def _score(item):
    if item.not_applicable:
        return Score(judgement=Judgement.NOT_APPLICABLE)
    return None if item.level is None else Score(judgement=Judgement.LEVEL, level=item.level)


def _cited(strength):
    if not strength:
        return ()
    # An artefact that is nowhere has no page of its own.
    artefact = Artefact(public_id="", title="Evidence that is tried", strength=strength)
    return (Cited(ArtefactLink(artefact=artefact), is_old=False),)


def _posted(key, number, scale, data, statement=""):
    judgement = ScoreForm(data, item=_stand_in(number, statement=statement), scale=scale).typed()
    strength = StrengthForm(data, number=number)
    return ItemInput(
        key=key,
        level=judgement["level"] if judgement["level"] in scale.ranks else None,
        not_applicable=judgement["judgement"] == Judgement.NOT_APPLICABLE,
        strength=strength.cleaned_data["strength"] if strength.is_valid() else 0,
        statement=statement,
    )


def _is_empty(item):
    return item.level is None and not item.not_applicable and not item.strength

"""What the roll-up needs to know of one evidence item."""

from dataclasses import dataclass


def noun(is_statement: bool) -> str:
    """Return what people call a thing that is scored: a place's own item, or a statement of the framework's."""
    return "statement" if is_statement else "item"


@dataclass(frozen=True)
class ItemInput:
    """
    One evidence item, or the answer to one statement of a checklist, as the roll-up sees it.

    `key` names it in traces, such as "DD1.4". `level` is the agreed rank on the scale that the criterion is rated on
    (`Node.answers`, or `Statement.answers`), None while there is none. `strength` is that of the item's best artefact
    in date, 0 (none) to 4. `reason` says why an item is not applicable. `statement` is the code of the statement that
    it answers, "" where the criterion has none.
    """

    key: str
    level: int | None = None
    not_applicable: bool = False
    reason: str = ""
    strength: int = 0
    statement: str = ""

    @property
    def has_evidence(self) -> bool:
        """Say whether the item has at least one artefact in date."""
        return self.strength > 0

"""What the roll-up needs to know of one evidence item."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemInput:
    """
    One evidence item as the roll-up sees it.

    `key` names the item in traces, such as "DD1.4". `level` is the agreed rank, None while there is none.
    `strength` is that of the item's best artefact in date, 0 (none) to 4. `reason` says why an item is not applicable.
    """

    key: str
    level: int | None = None
    not_applicable: bool = False
    reason: str = ""
    strength: int = 0

    @property
    def has_evidence(self) -> bool:
        """Say whether the item has at least one artefact in date."""
        return self.strength > 0

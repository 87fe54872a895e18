"""The records of the worked cases that prove a framework."""

from frameworks.kinds import Choice, Either, Field, Flag, Keyed, Many, Number, One, Record, Whole
from frameworks.vocabulary_fields import NAME, RANK

STATUSES = ("incomplete", "not_applicable", "none_supported", "no_level")

GOLDEN: tuple[Record, ...] = (
    Record(
        "golden",
        "A golden case",
        (
            Field("name", NAME, "What the case shows.", required=True),
            Field(
                "items",
                Keyed(
                    "criterion code",
                    Either(
                        (
                            Many("item", 1000),
                            Keyed("statement code", Either((RANK, NAME, One("item")))),
                            Choice(("not_applicable",)),
                        )
                    ),
                ),
                "By criterion, its items; of a checklist, the answers by statement. Of any node, not_applicable "
                "where nothing beneath it applies.",
                required=True,
            ),
            Field("unsettled_splits", Whole(0, 10_000), "How many splits are left unsettled; 0 if left out."),
            Field("open_conditions", Whole(0, 10_000), "How many conditions are open; 0 if left out."),
            Field("expect", One("expect"), "What has to come out.", required=True),
        ),
    ),
    Record(
        "item",
        "An item",
        (
            Field("level", Either((RANK, NAME)), "The agreed level or answer, by rank or name; none yet if empty."),
            Field("not_applicable", Flag(), "True where the item does not apply."),
            Field("strength", Whole(0, 4), "The strength of its best evidence in date; 0 if left out."),
        ),
    ),
    Record(
        "expect",
        "An expectation",
        (
            Field(
                "claimed",
                Keyed("node code", Either((RANK, Choice(STATUSES)))),
                "By node (“” for the root), the level or status that follows from the agreed levels.",
            ),
            Field(
                "supported",
                Keyed("node code", Either((RANK, Choice(STATUSES)))),
                "The same for what evidence supports.",
            ),
            Field("claimed_values", Keyed("node code", Number()), "By node, the exact number that follows."),
            Field("supported_values", Keyed("node code", Number()), "The same for what evidence supports."),
            Field(
                "gates",
                Keyed("pathway code", Keyed("gate code", Choice(("pass", "fail", "cannot_tell")), 60), 20),
                "By pathway and gate, how it turns out.",
            ),
        ),
    ),
)

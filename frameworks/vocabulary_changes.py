"""The records of what became of the version before."""

from frameworks.kinds import Choice, Code, Field, Keyed, Many, One, Record, Text, Texts
from frameworks.vocabulary_fields import CODE

CHANGES: tuple[Record, ...] = (
    Record(
        "changes",
        "Changes from the version before",
        (
            Field("number", Text(20), "The number of the version before.", required=True),
            Field(
                "criteria",
                Keyed("criterion code", One("origin")),
                "By criterion of this version, what it is to the version before.",
                required=True,
            ),
            Field("dropped", Many("dropped", 5000), "Criteria of the version before that are no more."),
        ),
    ),
    Record(
        "origin",
        "An origin",
        (
            Field(
                "what",
                Choice(("same", "reworded", "moved", "split", "merged", "new")),
                "What became of it.",
                required=True,
            ),
            Field("from", Texts(40), "The codes it had in the version before; its own if left out."),
            Field("note", Text(), "Anything that readers of both versions should know."),
        ),
    ),
    Record(
        "dropped",
        "A dropped criterion",
        (
            Field("code", Code(CODE), "Its code in the version before.", required=True),
            Field("note", Text(), "Why it is no more."),
        ),
    ),
)

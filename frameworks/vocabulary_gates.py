"""The records of what a place may be ready for, and of profiles to aim for."""

from frameworks.kinds import Choice, Code, Field, Flag, Keyed, Many, Record, Text, Whole
from frameworks.vocabulary_fields import CODE, NAME, RANK, SLUG

GATES: tuple[Record, ...] = (
    Record(
        "pathway",
        "A pathway",
        (
            Field("code", Code(SLUG), "Its code.", required=True),
            Field("name", NAME, "Its name.", required=True),
            Field("summary", Text(), "What being ready for it would mean."),
            Field("ready_text", Text(), "What is said of a place that is ready."),
            Field("gates", Many("gate", 60), "Its gates.", required=True),
        ),
    ),
    Record(
        "gate",
        "A gate",
        (
            Field("code", Code(), "Its code within the pathway.", required=True),
            Field("name", NAME, "What it asks, in a few words."),
            Field(
                "kind",
                Choice(("node_at_least", "floor", "coverage", "complete", "splits_settled", "conditions_closed")),
                "What it looks at.",
                required=True,
            ),
            Field("foundational", Flag(), "True where no planned action can make up for it.", required=True),
        ),
        (
            (
                "node_at_least",
                (
                    Field("node", Code(CODE), "The node it looks at.", required=True),
                    Field("level", RANK, "The level that evidence has to support.", required=True),
                ),
            ),
            ("floor", (Field("level", RANK, "The level that no criterion may be below.", required=True),)),
            (
                "coverage",
                (
                    Field("node", Code(CODE), "The node whose items are counted; all items if left out."),
                    Field("percent", Whole(0, 100), "The least part of items with evidence in date.", True),
                ),
            ),
        ),
    ),
    Record(
        "target",
        "A target",
        (
            Field("code", Code(SLUG), "Its code.", required=True),
            Field("name", NAME, "Its name.", required=True),
            Field("summary", Text(), "Whom it is for, and why."),
            Field("levels", Keyed("node code", RANK), "By node, the level to aim for.", required=True),
        ),
    ),
)

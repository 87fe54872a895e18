"""The records of the rules by which levels follow."""

from frameworks.kinds import Choice, Code, Either, Field, Keyed, Many, Number, Record, Texts, Whole
from frameworks.vocabulary_fields import NOT_APPLICABLE, RANK

UNANSWERED = Field(
    "unanswered",
    Choice(("required", "until_decided")),
    "Whether everything has to be answered (required, the usual), or only what could still change the level "
    "(until_decided).",
)
COUNTING = (
    Field("rounding", Choice(("none", "half_up", "floor", "truncate")), "How the number is rounded before the bands."),
    Field("digits", Whole(0, 6), "To how many decimals it is rounded; 0 if left out."),
    Field(
        "bands",
        Either((Choice(("none",)), Keyed("rank", Number(), 6))),
        "By rank, the number from which on the level is reached; or none, where only the number matters.",
    ),
    Field(
        "carry",
        Choice(("level", "value", "exact")),
        "What the parts pass on: their level (the usual), their rounded number (value), or the exact one (exact).",
    ),
    Field(
        "not_applicable",
        NOT_APPLICABLE,
        "What “not applicable” does: its weight goes to the others (redistribute), or is kept and earns nothing "
        "(leave_out).",
    ),
)


RULES: tuple[Record, ...] = (
    Record(
        "rule",
        "A rule",
        (
            Field(
                "kind",
                Choice(
                    (
                        "headline",
                        "lower_median",
                        "minimum",
                        "mean",
                        "sum",
                        "percent_of_maximum",
                        "cumulative_gate",
                        "rule_table",
                        "profile_only",
                    )
                ),
                "Which rule it is.",
                required=True,
            ),
        ),
        (
            ("mean", COUNTING),
            ("sum", COUNTING),
            ("percent_of_maximum", COUNTING),
            (
                "cumulative_gate",
                (
                    Field("percent", Number(), "The part, by weight, that each level needs; 100 if left out."),
                    Field("met", Number(), "What an answer has to count to be met; the most it can if left out."),
                    Field("met_below", Number(), "The same for what belongs to lower levels than the one asked."),
                    UNANSWERED,
                ),
            ),
            (
                "rule_table",
                (
                    Field("rows", Many("row", 60), "Lines; the first whose conditions all hold decides.", True),
                    UNANSWERED,
                ),
            ),
        ),
    ),
    Record(
        "row",
        "A row",
        (
            Field("level", RANK, "The level that the line gives.", required=True),
            Field("when", Many("condition", 30), "Its conditions; the last line has none."),
        ),
    ),
    Record(
        "condition",
        "A condition",
        (
            Field("class", Code(), "The class it looks at; everything if left out."),
            Field("classes", Texts(40), "Several classes that it looks at together."),
            Field("is", Choice(("all", "some", "none", "not_all")), "Whether all, some, none or not all are met."),
            Field("at_least", Whole(0, 10_000), "That so many or more are met."),
            Field("at_most", Whole(0, 10_000), "That so many or fewer are met."),
            Field("percent", Number(), "That this part or more, by weight, is met."),
            Field("level", RANK, "The level from which on something is met."),
            Field("met", Number(), "What an answer has to count to be met; the most it can if left out."),
        ),
    ),
)

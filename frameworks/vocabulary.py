"""
Every record and field of the written format, in one list.

The JSON Schema, the workbook's sheets, the bounds on what a file may hold and the tables of
docs/framework-format.md follow from it; a test holds it equal to what the parser knows.
"""

from collections.abc import Mapping

from frameworks.kinds import Choice, Code, Either, Field, Flag, Keyed, Many, Number, One, Record, Text, Texts, Whole

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
CODE = "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*"
LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
# Names are headings: they stand in columns of the database and of tables.
NAME = Text(200)
# What a node may be about, where a chapter of the report gathers that.
TOPICS = ("community",)
STATUSES = ("incomplete", "not_applicable", "none_supported", "no_level")
RANK = Whole(0, 6)

NOT_APPLICABLE = Choice(("redistribute", "leave_out"))
UNANSWERED = Field(
    "unanswered",
    Choice(("required", "until_decided")),
    "Whether everything has to be answered (required, the usual), or only what could still change the level "
    "(until_decided).",
)
WEIGHT = Field("weight", Number(), "How much it counts beside its neighbours; 1 if left out, and 0 leaves it out.")
CLASS = Field("class", Code(), "The code of its class, where a rule table asks by class.")
OF_LEVEL = Field("of_level", RANK, "The level that it belongs to, where a cumulative gate asks level by level.")
WEIGHTS_TOTAL = "What the weights have to add up to"

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


def _levels(demand_required: bool) -> tuple[Field, ...]:
    return (
        Field("rank", Whole(0, 11), "Its number. Ranks begin at 0 or 1 and rise by one.", required=True),
        Field("name", NAME, "Its name, such as Established.", required=True),
        Field("meaning", Text(), "What it means, in a sentence."),
        Field(
            "demand",
            Whole(0, 4),
            "The strength of evidence, 0 to 4, that it needs before evidence supports it; never falling.",
            required=demand_required,
        ),
        Field("value", Number(), "What it counts in sums and means; its rank if left out. Values rise with ranks."),
    )


RECORDS: Mapping[str, Record] = {
    record.name: record
    for record in (
        Record(
            "framework",
            "The framework",
            (
                Field("format", Whole(1, 1), "The number of this format: 1.", required=True),
                Field("code", Code(SLUG, 50), "The framework's code, the same through all versions.", required=True),
                Field("number", Text(20), "The version's number, in quotes, such as “1.0”.", required=True),
                Field("name", NAME, "The framework's name.", required=True),
                Field("owner", NAME, "Who owns it."),
                Field("notes", Text(), "What readers should know about it."),
                Field(
                    "language",
                    Code(LANGUAGE, 35),
                    "The language of its texts, such as en-GB, cy or fr.",
                    required=True,
                ),
                Field("tiers", Texts(60, 12), "The names of the tiers of the tree, from the top.", required=True),
                Field("scale", One("scale"), "The levels.", required=True),
                Field("classes", Many("class", 100), "Classes of statements or nodes, for rule tables."),
                Field("answers", Many("answer_set", 50), "Sets of answers, for what is not rated on the levels."),
                Field("not_applicable", NOT_APPLICABLE, "What “not applicable” does where a rule does not say."),
                Field("weights_total", Number(), f"{WEIGHTS_TOTAL} under every node."),
                Field("rules", Keyed("name", One("rule"), 100), "Rules by name, to be used by several nodes."),
                Field(
                    "rule",
                    Either((Code(), One("rule"))),
                    "How the domains come to one level; profile_only, so that they do not, if left out.",
                ),
                Field("nodes", Many("node", 1000), "The domains.", required=True),
                Field("pathways", Many("pathway", 20), "What a place may be ready for, with the gates that decide it."),
                Field("targets", Many("target", 20), "Profiles to aim for."),
                Field("golden", Many("golden", 200), "Worked cases that prove the framework before it is used."),
                Field("changes_from", One("changes"), "What became of the criteria of the version before this one."),
            ),
        ),
        Record(
            "scale",
            "The scale",
            (Field("levels", Many("level", 6), "Three to six levels, the lowest first.", required=True),),
        ),
        Record("level", "A level", _levels(demand_required=True)),
        Record(
            "class",
            "A class",
            (
                Field("code", Code(CODE), "Its code.", required=True),
                Field("name", NAME, "Its name.", required=True),
                Field("adverse", Flag(), "True where a statement that holds counts against the place."),
            ),
        ),
        Record(
            "answer_set",
            "A set of answers",
            (
                Field("code", Code(), "Its code.", required=True),
                Field("name", NAME, "Its name."),
                Field("answers", Many("answer", 11), "Two to eleven answers, the lowest first.", required=True),
            ),
        ),
        Record("answer", "An answer", _levels(demand_required=False)),
        Record(
            "node",
            "A node",
            (
                Field("code", Code(CODE), "Its code, never used again for anything else.", required=True),
                Field("name", Text(300), "Its name.", required=True),
                Field("summary", Text(), "What it asks, in a sentence or two."),
                WEIGHT,
                CLASS,
                OF_LEVEL,
                Field("optional", Flag(), "True where “not applicable” fails no gate that names it."),
                Field(
                    "rule",
                    Either((Code(), One("rule"))),
                    "How its level follows from what lies beneath it: a rule, or the name of one; headline if left "
                    "out.",
                ),
                Field("weights_total", Number(), f"{WEIGHTS_TOTAL} right beneath this node."),
                Field("nodes", Many("node", 1000), "The nodes beneath it. A node without any is a criterion."),
                Field(
                    "scoring",
                    Choice(("descriptors", "checklist")),
                    "How a criterion is scored: by level descriptors (the usual), or by a checklist of statements.",
                ),
                Field("answers", Code(), "The set of answers that is used, if not the levels; yes_no for a checklist."),
                Field("statements", Many("statement", 1000), "The statements of a checklist."),
                Field("items", Choice(("several", "one")), "Whether it takes several evidence items, or exactly one."),
                Field("descriptors", Keyed("rank", Text(), 11), "By rank, what the level means for the criterion."),
                Field("anchors", Keyed("rank", Texts(), 11), "By rank, examples of what the level looks like."),
                Field("expected_evidence", Texts(), "What evidence usually shows it."),
                Field(
                    "topic",
                    Choice(TOPICS),
                    "What it is about, with all beneath it, for the report: community, where it is about how the "
                    "people of the place are heard; nothing in particular if left out.",
                ),
            ),
        ),
        Record(
            "statement",
            "A statement",
            (
                Field("code", Code(), "Its code within the criterion.", required=True),
                Field("text", Text(), "The statement.", required=True),
                Field("answers", Code(), "The set of answers, if not the criterion's."),
                WEIGHT,
                CLASS,
                OF_LEVEL,
            ),
        ),
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
}

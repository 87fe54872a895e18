"""The records of a framework itself: its levels, its tree, and what is asked."""

from frameworks.kinds import Choice, Code, Either, Field, Flag, Keyed, Many, Number, One, Record, Text, Texts, Whole
from frameworks.vocabulary_fields import CLASS, CODE, LANGUAGE, NAME, NOT_APPLICABLE, OF_LEVEL, SLUG, TOPICS, WEIGHT

WEIGHTS_TOTAL = "What the weights have to add up to"


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


TREE: tuple[Record, ...] = (
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
                "How its level follows from what lies beneath it: a rule, or the name of one; headline if left out.",
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
)

"""Which sheets a framework's workbook has, and which column holds what."""

from dataclasses import dataclass

from frameworks import workbook_changes
from frameworks.kinds import Code, Either, Field, Keyed, Kind, One, Text
from frameworks.vocabulary import RECORDS
from frameworks.vocabulary_fields import NAME, RANK

FRAMEWORK, NODES, READ_ME = "Framework", "Nodes", "Read me"
FRAMEWORK_HEADINGS = ("field", "value", "meaning")
RULES, ITEMS, RESULTS, OUTCOMES = "Rules", "Golden items", "Expected levels", "Expected gates"
# In place of a level: nothing beneath the node applies.
NOTHING_APPLIES = "not_applicable"
STANDINGS = ("claimed", "supported", "claimed_values", "supported_values")


@dataclass(frozen=True)
class Table:
    """
    A sheet with one row per record of a list, the field `holder` of each row of another sheet or of the framework.

    The column `parent` says, by its `key`, to which row of the sheet `within` a row belongs.
    """

    sheet: str
    record: str
    holder: str
    meaning: str
    within: str = ""
    parent: str = ""
    key: str = "code"


# Parents stand before what belongs to them.
TABLES = (
    Table("Levels", "level", "levels", "The levels of the framework, the lowest first.", key="name"),
    Table("Classes", "class", "classes", "Classes of statements or nodes, for rule tables."),
    Table("Answer sets", "answer_set", "answers", "Sets of answers, for what is not rated on the levels."),
    Table("Answers", "answer", "answers", "The answers of each set, the lowest first.", "Answer sets", "set", "name"),
    Table(
        NODES, "node", "nodes", "The tree: one row per node, parents before what lies beneath them.", NODES, "parent"
    ),
    Table("Statements", "statement", "statements", "The statements of checklists.", NODES, "criterion"),
    Table("Pathways", "pathway", "pathways", "What a place may be ready for."),
    Table("Gates", "gate", "gates", "The gates of each pathway.", "Pathways", "pathway"),
    Table("Targets", "target", "targets", "Profiles to aim for."),
    Table("Golden cases", "golden", "golden", "Worked cases that prove the framework.", key="name"),
)
BY_SHEET = {table.sheet: table for table in TABLES}

# Sheets that are not lists of records: their columns with what they mean.
OTHER_COLUMNS: dict[str, tuple[Field, ...]] = {
    **workbook_changes.COLUMNS,
    RULES: (
        Field("name", Code(), "The name by which nodes use the rule.", required=True),
        Field("rule", Either((Code(), One("rule"))), "The rule, such as “kind: minimum”.", required=True),
    ),
    ITEMS: (
        Field("case", NAME, "The name of the golden case.", required=True),
        Field("criterion", Code(), "The criterion.", required=True),
        Field("statement", Code(), "The statement of a checklist that is answered."),
        *RECORDS["item"].fields,
    ),
    RESULTS: (
        Field("case", NAME, "The name of the golden case.", required=True),
        Field("standing", Text(20), f"What is expected: one of {', '.join(STANDINGS)}.", required=True),
        Field("node", Code(), "The node; the root if left empty."),
        Field("expected", NAME, "The level, status or number that has to come out.", required=True),
    ),
    OUTCOMES: (
        Field("case", NAME, "The name of the golden case.", required=True),
        Field("pathway", Code(), "The pathway.", required=True),
        Field("gate", Code(), "The gate.", required=True),
        Field("expected", NAME, "How it has to turn out: pass, fail or cannot_tell.", required=True),
    ),
}
OTHER_MEANINGS = {
    **workbook_changes.MEANINGS,
    RULES: "Rules by name, to be used by several nodes.",
    ITEMS: "The items of each golden case, one row each.",
    RESULTS: "What each golden case expects of nodes.",
    OUTCOMES: "What each golden case expects of gates.",
}
SHEETS = (FRAMEWORK, *BY_SHEET, *OTHER_COLUMNS)


def framework_fields() -> tuple[Field, ...]:
    """Return what the sheet of the framework holds: all but what has a sheet of its own."""
    apart = {table.holder for table in TABLES if not table.within} | {"scale", "rules", "nodes"}
    return tuple(field for field in RECORDS["framework"].fields if field.name not in apart)


def columns(table: Table) -> tuple[Field, ...]:
    """Return the fields that have a column of their own on a sheet."""
    apart = {other.holder for other in TABLES if other.within == table.sheet}
    apart |= {"items", "expect"} if table.record == "golden" else set()
    return tuple(field for field in RECORDS[table.record].all_fields() if field.name not in apart)


def by_rank(kind: Kind) -> bool:
    """Say whether a value is laid out over several columns, one for each rank."""
    return isinstance(kind, Keyed) and kind.keys == "rank"


def expected_kind(standing: str) -> Kind:
    """Return the kind of what is expected of a node."""
    expected = RECORDS["expect"].field(standing)
    return expected.kind.of if expected and isinstance(expected.kind, Keyed) else RANK

"""A framework with a checklist, and where its statements stand in a round."""

from partnership.roles import Role
from tests import factories
from tests.unit.frameworks.definitions import garden

STATEMENTS = [
    {"code": "F1", "class": "base", "text": "There is a plan."},
    {"code": "F2", "class": "base", "text": "The plan is followed."},
    {"code": "W1", "class": "warning", "answers": "yes_no", "text": "The plan was ignored."},
    {"code": "Z1", "weight": 0, "text": "Nobody counts this."},
]
TABLE = {
    "kind": "rule_table",
    "rows": [
        {"level": 4, "when": [{"class": "base", "is": "all"}, {"class": "warning", "is": "none"}]},
        {"level": 2, "when": [{"class": "base", "is": "all", "met": "1/2"}]},
        {"level": 1},
    ],
}
SHOWN = {
    "code": "shown",
    "answers": [
        {"rank": 0, "name": "No", "value": 0},
        {"rank": 1, "name": "Partly", "value": "1/2", "demand": 1},
        {"rank": 2, "name": "Yes", "value": 1, "demand": 2},
    ],
}


def checklist(statements=STATEMENTS, rule=TABLE, **more):
    """Return a small framework: a checklist and a criterion that the place writes items for, of one level only."""
    listed = {"code": "CH", "name": "Checklist", "scoring": "checklist", "answers": "shown", "rule": rule}
    given = {each["code"]: "No" if each["code"] == "W1" else "Yes" for each in statements if each.get("weight") != 0}
    return garden(
        code="checked",
        name="Checked",
        tiers=["Criterion"],
        nodes=[listed | {"statements": statements}, {"code": "IT", "name": "Items"}],
        classes=[
            {"code": "base", "name": "Foundations"},
            {"code": "warning", "name": "Warning signs", "adverse": True},
        ],
        answers=[SHOWN],
        pathways=[],
        golden=[{"name": "Best", "items": {"CH": given}, "expect": {"claimed": {"CH": 4}}}],
        **more,
    )


def asked(assessment, code):
    return assessment.items.select_related("criterion", "assessment").get(statement_code=code)


def lead(assessment):
    return factories.holder(Role.LEAD, assessment.place)

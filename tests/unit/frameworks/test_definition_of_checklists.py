"""What a definition may and may not say of checklists, answers, classes, named rules and weights."""

import copy
from fractions import Fraction

import pytest

from frameworks.definition import DefinitionError, parse
from frameworks.golden import run
from frameworks.practices import CumulativeGate
from frameworks.scale import COMMON_ANSWERS
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.test_definition import places, problems_of, problems_with

CLASSES = [{"code": "good", "name": "Good"}, {"code": "bad", "name": "Bad", "adverse": True}]
ANSWERS = [
    {
        "code": "coverage",
        "name": "How widely",
        "answers": [
            {"rank": 0, "name": "Nowhere", "value": 0},
            {"rank": 1, "name": "In places", "value": "1/4", "demand": 1},
            {"rank": 2, "name": "Everywhere", "value": 1, "demand": 2},
        ],
    }
]
TABLE = {
    "kind": "rule_table",
    "unanswered": "until_decided",
    "rows": [
        {"level": 1, "when": [{"class": "bad", "is": "some"}]},
        {"level": 4, "when": [{"class": "good", "is": "all"}, {"classes": ["good"], "at_least": 1, "met": 1}]},
        {"level": 2, "when": [{"percent": "50", "class": "good"}]},
        {"level": 1},
    ],
}
STATEMENTS = [
    {"code": "a", "text": "Tools are shared", "class": "good", "of_level": 2},
    {"code": "b", "text": "Tools are lost", "class": "bad", "of_level": 2, "weight": "3/2"},
    {"code": "c", "text": "Tools are mended", "class": "good", "of_level": 3, "answers": "coverage"},
]
SHED = {
    "format": 1,
    "code": "shed",
    "number": "1",
    "name": "Shed",
    "language": "en",
    "tiers": ["Part", "Criterion"],
    "scale": garden()["scale"],
    "answers": ANSWERS,
    "classes": CLASSES,
    "rules": {"table": TABLE},
    "not_applicable": "leave_out",
    "targets": [{"code": "tidy", "name": "Tidy", "levels": {"T1": 3, "T": 2}}],
    "nodes": [
        {
            "code": "T",
            "name": "Tools",
            "rule": {"kind": "sum", "bands": {1: 0, 2: 3, 3: 5, 4: 7}},
            "weights_total": 100,
            "nodes": [
                {
                    "code": "T1",
                    "name": "Sharing",
                    "weight": 60,
                    "scoring": "checklist",
                    "statements": STATEMENTS,
                    "rule": "table",
                    "anchors": {1: ["A locked shed"], 4: ["A lending library", "A repair day"]},
                },
                {"code": "T2", "name": "Care", "weight": "40", "items": "one", "of_level": 2, "class": "good"},
            ],
        }
    ],
    "golden": [
        {
            "name": "Shared",
            "items": {
                "T1": {"a": "Yes", "b": 0, "c": {"level": "Everywhere", "strength": 2}},
                "T2": "not_applicable",
            },
            "expect": {"claimed": {"T1": 4}, "claimed_values": {"T": 240}, "supported_values": {"T": "240"}},
        }
    ],
}


T1, T2, T = ("nodes", 0, "nodes", 0), ("nodes", 0, "nodes", 1), ("nodes", 0)


def shed(where=(), **changes):
    """Return a fresh copy of the shed's definition with fields of one of its parts replaced; None removes one."""
    data = part = copy.deepcopy(SHED)
    for name in where:
        part = part[name]
    for name, value in changes.items():
        name = name.removesuffix("_")
        part.pop(name, None)
        if value is not None:
            part[name] = value
    return data


def test_a_checklist_is_read_with_its_answers_classes_and_levels():
    definition = parse(SHED)
    node = definition.node("T1")

    assert [each.code for each in node.statements] == ["a", "b", "c"]
    assert [each.answers.most for each in node.statements] == [1, 1, 1]
    assert node.statement("c").answers.levels[1].value == Fraction(1, 4)
    assert node.statement("a").answers is COMMON_ANSWERS["yes_no"]
    assert (node.statement("b").adverse, node.statement("b").weight) == (True, Fraction(3, 2))
    assert node.anchors == {1: ("A locked shed",), 4: ("A lending library", "A repair day")}
    assert node.is_checklist
    assert not definition.node("T2").is_checklist
    assert definition.node("T2").single_item
    assert definition.node("T2").answers is definition.scale
    assert definition.targets[0].levels == {"T1": 3, "T": 2}
    assert run(definition) == []


def test_a_table_knows_whether_better_answers_can_lower_its_level():
    assert parse(SHED).node("T1").rule.monotone
    rows = [
        {"level": 2, "when": [{"class": "good", "is": "all"}]},
        {"level": 3, "when": [{"is": "some"}]},
        {"level": 1},
    ]
    assert (
        not parse(shed(("rules",), table={"kind": "rule_table", "rows": rows}) | {"golden": []})
        .node("T1")
        .rule.monotone
    )


def row(*conditions, level=2):
    return {"kind": "rule_table", "rows": [{"level": level, "when": list(conditions)}, {"level": 1}]}


@pytest.mark.parametrize(
    "data, where",
    [
        (shed(T1, scoring="list"), "nodes[0].nodes[0].scoring"),
        (shed(T1, scoring=None), "nodes[0].nodes[0].statements"),
        (shed(T1, statements=None), "nodes[0].nodes[0].statements"),
        (shed(T1, statements=[STATEMENTS[0] | {"weight": 0}]), "nodes[0].nodes[0].statements"),
        (shed(T1, statements=[STATEMENTS[0], STATEMENTS[0]]), "nodes[0].nodes[0].statements[1].code"),
        (shed(T1, statements=[STATEMENTS[0] | {"code": "x" * 41}]), "nodes[0].nodes[0].statements[0].code"),
        (shed(T1, statements=[STATEMENTS[0] | {"class": "best"}]), "nodes[0].nodes[0].statements[0].class"),
        (shed(T1, statements=[STATEMENTS[0] | {"answers": "maybe"}]), "nodes[0].nodes[0].statements[0].answers"),
        (shed(T1, statements=[STATEMENTS[0] | {"of_level": 5}]), "nodes[0].nodes[0].statements[0].of_level"),
        (shed(T1, items="one"), "nodes[0].nodes[0].items"),
        (shed(T1, rule=None), "nodes[0].nodes[0].rule"),
        (shed(T1, rule={"kind": "headline"}), "nodes[0].nodes[0].rule"),
        (shed(T1, rule="chair"), "nodes[0].nodes[0].rule"),
        (shed(T1, rule=None), "rules.table"),
        (shed(T1, anchors={5: ["Too high"]}), "nodes[0].nodes[0].anchors.5"),
        (shed(T1, weight=50), "nodes[0].nodes"),
        (shed(T1, weights_total=3), "nodes[0].nodes[0].statements"),
        (shed(T, weights_total=None) | {"weights_total": 100}, "nodes"),
        (shed(T2, items="two"), "nodes[0].nodes[1].items"),
        (shed(T2, answers="coverage"), "nodes[0].nodes[1].rule"),
        (shed(T2, class_="bad"), "nodes[0].nodes[1].class"),
        (shed(T2, rule={"kind": "cumulative_gate"}), "nodes[0].nodes[1].rule"),
        (shed(T2, rule={"kind": "mean", "carry": "value"}), "nodes[0].nodes[1].rule.carry"),
        (shed(T2, rule={"kind": "mean", "bands": "none"}), "nodes[0].rule"),
        (shed(T2, code="x" * 41), "nodes[0].nodes[1].code"),
        (shed(T, rule={"kind": "cumulative_gate"}), "nodes[0].rule"),
        (shed(T, rule={"kind": "sum"}), "nodes[0].rule.bands"),
        (shed(T, rule={"kind": "sum", "bands": {2: 3, 3: 4}}), "nodes[0].rule.bands.4"),
        (shed(T, rule={"kind": "percent_of_maximum", "bands": {2: 3, 3: 4, 4: 101}}), "nodes[0].rule.bands.4"),
        (shed(T, rule={"kind": "mean", "not_applicable": "ignore"}), "nodes[0].rule.not_applicable"),
        (shed(T, rule={"kind": "mean", "carry": "all"}), "nodes[0].rule.carry"),
        (shed(not_applicable="ignore"), "not_applicable"),
        (shed(classes=[*CLASSES, CLASSES[0]]), "classes[2].code"),
        (shed(answers=[*ANSWERS, ANSWERS[0]]), "answers[1].code"),
        (shed(answers=[*ANSWERS, ANSWERS[0] | {"code": "yes_no"}]), "answers[1].code"),
        (shed(("answers", 0), answers=ANSWERS[0]["answers"][:1]), "answers[0].answers"),
        (shed(("answers", 0, "answers", 0), demand=1), "answers[0].answers"),
        (shed(("answers", 0, "answers", 2), value="1/5"), "answers[0].answers[2].value"),
        (shed(("answers", 0, "answers", 0), value=-1), "answers[0].answers[0].value"),
        (shed(("scale", "levels", 1), value=9), "scale.levels[2].value"),
        (shed(("rules",), spare={"kind": "mean"}), "rules.spare"),
        (shed(("rules",), table=row({"is": "all", "at_least": 2})), "rules.table.rows[0].when[0].at_least"),
        (shed(("rules",), table=row({"class": "good"})), "rules.table.rows[0].when[0]"),
        (shed(("rules",), table=row({"class": "best", "is": "all"})), "rules.table.rows[0].when[0].class"),
        (
            shed(("rules",), table=row({"class": "good", "classes": ["bad"], "is": "all"})),
            "rules.table.rows[0].when[0].class",
        ),
        (shed(("rules",), table=row({"classes": ["best"], "is": "all"})), "rules.table.rows[0].when[0].classes"),
        (shed(("rules",), table=row({"is": "all", "level": 2})), "rules.table.rows[0].when[0].level"),
        (shed(("rules",), table=row({"percent": 0})), "rules.table.rows[0].when[0].percent"),
        (shed(("rules",), table=row({"is": "all"}, level=7)), "rules.table.rows[0].level"),
        (shed(("rules", "table"), rows=TABLE["rows"][:2]), "rules.table.rows"),
        (shed(("rules", "table"), rows=[{"level": 1}, {"level": 2}]), "rules.table.rows[1].when"),
        (
            shed(("rules", "table"), rows=[{"level": 2, "when": [{"class": "bad", "is": "some"}]}, {"level": 1}]),
            "rules.table.unanswered",
        ),
        (shed(("rules", "table"), unanswered="never"), "rules.table.unanswered"),
        (shed(("targets", 0), levels={"T9": 3}), "targets[0].levels.T9"),
        (shed(("targets", 0), levels={"T1": 5}), "targets[0].levels.T1"),
        (shed(targets=[SHED["targets"][0]] * 2), "targets[1].code"),
        (shed(("golden", 0), items={"T1": {"z": 1}}), "golden[0].items.T1.z"),
        (shed(("golden", 0), items={"T1": {"a": True}}), "golden[0].items.T1.a"),
        (shed(("golden", 0), items={"T1": {"a": "Perhaps"}}), "golden[0].items.T1.a"),
        (shed(("golden", 0), items={"T1": {"a": 2}}), "golden[0].items.T1.a"),
        (shed(("golden", 0), items={"T1": [{"level": 1}]}), "golden[0].items.T1"),
        (shed(("golden", 0), items={"T2": [{"level": 1}, {"level": 2}]}), "golden[0].items.T2"),
        (shed(("golden", 0), expect={"claimed_values": {"T1": 0.5}}), "golden[0].expect.claimed_values.T1"),
        (shed(("golden", 0), expect={"supported_values": {"X": 1}}), "golden[0].expect.supported_values.X"),
    ],
)
def test_an_unsound_checklist_is_refused(data, where):
    assert where in problems_of(data)


def test_a_floor_needs_a_level_from_every_criterion():
    data = shed(T2, rule={"kind": "mean", "bands": "none"})
    data["nodes"][0]["rule"] = {"kind": "profile_only"}
    data |= {"targets": [], "golden": []}
    data["pathways"] = [
        {"code": "way", "name": "A way", "gates": [{"code": "G", "kind": "floor", "level": 2, "foundational": True}]}
    ]

    assert "T2 comes to none" in problems_of(data)["pathways[0].gates[0].kind"]


def test_a_gate_may_leave_a_part_without_weight_out():
    data = shed(T1, weight=0, of_level=None)
    data["nodes"][0] |= {"rule": {"kind": "cumulative_gate"}, "weights_total": 40}
    data["golden"] = []

    assert isinstance(parse(data).node("T").rule, CumulativeGate)


def test_a_rule_that_many_nodes_use_is_told_wrong_once():
    data = shed(("rules",), table=row({"class": "best", "is": "all"}))
    data["nodes"][0]["nodes"].append(copy.deepcopy(data["nodes"][0]["nodes"][0]) | {"code": "T3", "weight": 0})

    with pytest.raises(DefinitionError) as caught:
        parse(data)
    assert [problem.where for problem in caught.value.problems].count("rules.table.rows[0].when[0].class") == 1


@pytest.mark.parametrize("junk", [None, [[]], {"x": 1}, "x", 10**30, True, {"kind": "rule_table"}])
def test_junk_anywhere_is_a_named_problem_and_never_a_crash(junk):
    refused = [problem for path in list(places(SHED))[1:] for problem in problems_with(junk, path, shed)]

    assert len(refused) > 50
    assert all(problem.where and problem.what and problem.mend for problem in refused)

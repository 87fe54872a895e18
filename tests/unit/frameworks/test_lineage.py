"""What changed between two versions: every planted variation is found, and nothing else."""

import copy

import pytest

from frameworks import lineage
from frameworks.definition import parse
from frameworks.differences import Facet
from tests.unit.frameworks.definitions import LEVELS, criterion, garden
from tests.unit.frameworks.garden_versions import next_version, node, second_garden

FIRST = parse(garden())


def compared(change=None, **account):
    later = parse(second_garden(change, **account))
    return lineage.difference(later, FIRST, (later, FIRST))


def problems(change=None, **account):
    return {
        each.where.removeprefix("changes_from."): each.what
        for each in lineage.problems(parse(second_garden(change, **account)), FIRST)
    }


def put(code, **values):
    return lambda data: node(data, code).update(values)


def move(code, to):
    def change(data):
        here = node(data, code)
        parent = next(each for each in (*data["nodes"], node(data, "PE2")) if here in each["nodes"])
        parent["nodes"].remove(here)
        node(data, to)["nodes"].append(here)

    return change


def rescaled(**values):
    def change(data):
        data["scale"]["levels"][2].update(values)

    return change


CHECKLIST = {"scoring": "checklist", "rule": {"kind": "rule_table", "rows": [{"level": 1}]}}


@pytest.mark.parametrize(
    "change, facet",
    [
        (put("SO1", name="Earth"), Facet.WORDING),
        (put("SO1", summary="Something else."), Facet.WORDING),
        (put("SO1", descriptors={rank: f"New {rank}" for rank in range(1, 5)}), Facet.WORDING),
        (put("SO1", anchors={2: ["A heap of compost"]}), Facet.WORDING),
        (put("SO1", weight=2), Facet.WEIGHT),
        (put("SO1", rule={"kind": "minimum"}), Facet.RULE),
        (put("SO1", optional=True), Facet.RULE),
        (put("SO1", items="one"), Facet.RULE),
        (put("SO1", expected_evidence=["A photograph"]), Facet.EVIDENCE),
        (put("SO1", topic="community"), Facet.TOPIC),
        (move("SO1", "PE2"), Facet.POSITION),
    ],
)
def test_a_change_of_one_criterion_is_found_there_and_nowhere_else(change, facet):
    found = compared(change)

    assert {each.code: {change.facet for change in each.changes} for each in found.criteria if each.changes} == {
        "SO1": {facet}
    }
    harmless = facet in (Facet.POSITION, Facet.EVIDENCE, Facet.TOPIC)
    assert found.criterion("SO1").is_comparable == harmless
    assert found.criterion("SO2").is_comparable


@pytest.mark.parametrize(
    "change, what, before, after",
    [
        (rescaled(name="Rooted"), "The scale, level 3: its name changed", "Established", "Rooted"),
        (rescaled(meaning="Grown."), "The scale, level 3: its meaning changed", "In use.", "Grown."),
        (
            rescaled(demand=1),
            "The scale, level 3: it demands other evidence",
            "documented process in use",
            "documented intent",
        ),
        (rescaled(value="7/2"), "The scale, level 3: it counts differently", "nothing", "7/2"),
    ],
)
def test_a_change_of_the_scale_changes_the_meaning_of_every_level(change, what, before, after):
    found = compared(change)

    assert [(each.what, each.before, each.after) for each in found.scale] == [(what, before, after)]
    assert found.comparable == ()
    assert found.criterion("SO1").changed_facets == (Facet.SCALE,)
    assert found.criterion("SO1").heading == "Same words, other scale"


def test_a_level_more_changes_the_scale():
    def change(data):
        data["scale"]["levels"] = [*LEVELS, {"rank": 5, "name": "Wild", "demand": 4}]
        for code in ("SO1", "SO2", "SO3", "PE1", "PE2a", "PE2b", "PE3"):
            node(data, code)["descriptors"][5] = "Overgrown"

    found = compared(change)

    assert found.scale[0].after.endswith("and 5 Wild")
    assert found.comparable == ()


def checklist(data):
    statements = [{"code": "a", "text": "There is soil", "weight": 1}, {"code": "b", "text": "There is rain"}]
    node(data, "SO1").update(CHECKLIST, statements=statements)
    node(data, "SO1").pop("expected_evidence")


@pytest.mark.parametrize(
    "change, facets",
    [
        (lambda first: first.update(text="There is good soil"), (Facet.WORDING,)),
        (lambda first: first.update(weight=2), (Facet.WEIGHT,)),
        (lambda first: first.update(of_level=2), (Facet.WEIGHT,)),
        (lambda first: first.update(answers="yes_partly_no"), (Facet.SCALE,)),
        (lambda first: first.update(code="c"), (Facet.WORDING,)),
    ],
)
def test_a_change_of_one_statement_is_found(change, facets):
    before = garden()
    checklist(before)
    before["golden"] = before["pathways"] = []
    after = next_version(before, lambda data: change(node(data, "SO1")["statements"][0]))

    found = lineage.difference(parse(after), parse(before))

    assert found.criterion("SO1").changed_facets == facets
    assert len(found.comparable) == 6


def test_what_did_not_change_says_so():
    found = compared()

    assert [each.sentence for each in found.criteria][:1] == ["SO1 Criterion SO1 is as it was in version 1.0."]
    assert len(found.comparable) == 7
    assert (found.dropped, found.scale, found.parts) == ((), (), ())


def test_changes_are_told_in_plain_english():
    def change(data):
        put("SO1", name="Earth", weight=2)(data)
        move("SO1", "PE2")(data)

    found = compared(change).criterion("SO1")

    assert found.sentence == "SO1 Earth: since version 1.0 its wording and weight changed, and it was moved."
    assert [(each.what, each.before, each.after) for each in found.changes] == [
        ("The name changed", "Criterion SO1", "Earth"),
        ("It has another weight", "1", "2"),
        ("It stands elsewhere", "SO", "PE › PE2"),
    ]


def split(data):
    soil = node(data, "SO")
    soil["nodes"] = [criterion("SO1a"), criterion("SO1b"), *soil["nodes"][1:]]


SPLIT = {code: {"what": "split", "from": ["SO1"]} for code in ("SO1a", "SO1b")}


def merge(data):
    soil = node(data, "SO")
    soil["nodes"] = [criterion("SO9"), soil["nodes"][2]]


MERGED = {"SO9": {"what": "merged", "from": ["SO1", "SO2"]}}


def test_the_parts_of_a_split_are_not_compared_with_the_whole():
    found = compared(split, criteria=SPLIT, dropped=[])

    assert [each.code for each in found.targets("SO1")] == ["SO1a", "SO1b"]
    assert not found.criterion("SO1a").is_comparable
    assert found.criterion("SO1a").sentence == (
        "SO1a Criterion SO1a is one part of what was SO1 Criterion SO1 in version 1.0."
    )


def test_what_is_merged_is_not_compared_with_its_parts():
    found = compared(merge, criteria=MERGED, dropped=[])

    assert [each.code for each in found.targets("SO2")] == ["SO9"]
    assert not found.criterion("SO9").is_comparable
    assert found.criterion("SO9").sentence == (
        "SO9 Criterion SO9 was made from SO1 Criterion SO1 and SO2 Criterion SO2 of version 1.0."
    )


def test_what_is_new_comes_from_nothing_and_what_is_dropped_goes_nowhere():
    found = compared(merge, criteria={"SO9": {"what": "new"}}, dropped=["SO1", "SO2"])

    assert found.criterion("SO9").sentence == "SO9 Criterion SO9 is new in version 2.0."
    assert [each.code for each, _ in found.dropped] == ["SO1", "SO2"]
    assert found.targets("SO1") == ()


def test_a_criterion_may_have_another_code_and_still_be_compared():
    def change(data):
        node(data, "SO1")["code"] = "SO7"

    found = compared(change, criteria={"SO7": {"what": "moved", "from": ["SO1"]}}, dropped=[])

    assert found.criterion("SO7").is_comparable
    assert found.criterion("SO7").sentence == "SO7 Criterion SO1: since version 1.0 its code changed from SO1."


def test_domains_pathways_and_rules_above_the_criteria_are_told():
    def change(data):
        put("SO", name="Ground", rule={"kind": "minimum"}, topic="community")(data)
        data["nodes"].append({"code": "WA", "name": "Water", "nodes": [criterion("WA1")]})

    found = compared(change)

    assert [(code, [each.what for each in changes]) for code, _, changes in found.parts] == [
        ("SO", ["The name changed", "The rule changed", "It is about another topic"]),
        ("WA", ["It is new"]),
    ]
    assert [each.what for each in found.pathways] == ["Pathway “Seed fund” is dropped"]


def test_a_gate_that_asks_for_more_is_told():
    first = garden()
    second = copy.deepcopy(first) | {"number": "2.0", "golden": []}
    second["pathways"][0]["gates"][0]["level"] = 3

    (change,) = lineage.difference(parse(second), FIRST).pathways

    assert (change.what, change.before, change.after) == (
        "Pathway “Seed fund”: gate G1 changed",
        "SO1 at Evolving or above, foundational",
        "SO1 at Established or above, foundational",
    )


# Over several versions


def test_a_criterion_is_followed_through_several_versions():
    second = second_garden(split, criteria=SPLIT, dropped=[])
    third = next_version(
        second,
        lambda data: node(data, "SO1a").update(code="SO4", name="Worms"),
        number="3.0",
        criteria={"SO4": {"what": "reworded", "from": ["SO1a"]}},
        dropped=[],
    )
    versions = {each["number"]: parse(each) for each in (garden(), second, third)}
    way = lineage.chain(versions["3.0"], versions["1.0"], versions)

    found = lineage.difference(versions["3.0"], versions["1.0"], way)

    assert [each.number for each in way] == ["3.0", "2.0", "1.0"]
    assert (found.criterion("SO4").what, [each.code for each in found.criterion("SO4").sources]) == ("split", ["SO1"])
    assert found.criterion("SO2").is_comparable


def test_what_was_reworded_and_reworded_back_can_be_compared():
    second = second_garden(put("SO1", name="Earth"))
    third = next_version(second, put("SO1", name="Criterion SO1"), number="3.0")
    versions = {each["number"]: parse(each) for each in (garden(), second, third)}
    way = lineage.chain(versions["3.0"], versions["1.0"], versions)

    assert lineage.difference(versions["3.0"], versions["1.0"], way).criterion("SO1").is_comparable


def test_versions_that_no_account_links_are_compared_by_code():
    def change(data):
        put("SO1", weight=2)(data)
        put("SO2", name="Earth")(data)

    later = parse(second_garden(change))

    found = lineage.difference(later, FIRST)

    assert lineage.chain(FIRST, later, {"1.0": FIRST, "2.0": later}) is None
    assert [(each.code, each.what) for each in found.criteria if not each.is_comparable] == [
        ("SO1", "same"),
        ("SO2", "reworded"),
    ]


def test_nothing_is_compared_between_frameworks_that_share_codes_by_chance():
    other = parse(garden(code="orchard"))

    assert lineage.difference(other, FIRST).comparable == ()


# What speaks against an account


def test_a_sound_account_has_no_problems():
    assert problems(put("SO1", name="Earth")) == {}
    assert problems(split, criteria=SPLIT, dropped=[]) == {}
    assert problems(merge, criteria=MERGED, dropped=[]) == {}


def test_a_version_that_says_nothing_of_the_one_before_is_refused():
    later = parse(garden(number="2.0"))

    (problem,) = lineage.problems(later, FIRST)

    assert problem.what == "Version 1.0 came before, and nothing is said of it."


@pytest.mark.parametrize(
    "change, account, where, what",
    [
        (put("SO1", name="Earth"), {"SO1": {"what": "same"}}, "SO1", "Its words changed: the name changed."),
        (put("SO1", name="Earth"), {"SO1": {"what": "moved"}}, "SO1", "Its words changed: the name changed."),
        (None, {"SO1": {"what": "reworded"}}, "SO1", "None of its words changed."),
        (None, {"SO1": {"what": "moved"}}, "SO1", "It stands where it stood."),
        (
            move("SO1", "PE2"),
            {"SO1": {"what": "same"}},
            "SO1",
            "It did not stay where it was: it stands elsewhere.",
        ),
    ],
)
def test_a_claim_that_the_versions_contradict_is_named(change, account, where, what):
    assert problems(change, criteria=account) == {f"criteria.{where}.what": what}


def test_an_old_criterion_of_which_nothing_is_said_is_named():
    assert problems(split, criteria={code: {"what": "new"} for code in ("SO1a", "SO1b")}, dropped=[]) == {
        "changes_from": "It is not said what became of SO1 Criterion SO1."
    }


def test_codes_that_the_version_before_did_not_have_are_named():
    found = problems(criteria={"SO1": {"what": "merged", "from": ["SO1", "XX"]}}, dropped=["YY"])

    assert found == {
        "criteria.SO1.from": "Version 1.0 has no criterion XX.",
        "dropped": "Version 1.0 has no criterion YY.",
    }


def test_an_account_of_another_version_is_named():
    data = second_garden()
    data["changes_from"]["number"] = "0.9"

    (problem,) = lineage.problems(parse(data), FIRST)

    assert problem.what == "Version 0.9 is not the one before."

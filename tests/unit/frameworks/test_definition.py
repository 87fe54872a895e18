import json
from fractions import Fraction

import pytest

from frameworks import rules
from frameworks.definition import DefinitionError, canonical_text, digest, load, parse
from frameworks.reading import LONGEST_GUESSED, MOST_GUESSED, likely
from tests.unit.frameworks.definitions import GARDEN, LEVELS, criterion, garden


def problems_of(data):
    with pytest.raises(DefinitionError) as caught:
        parse(data)
    return {problem.where: problem.what for problem in caught.value.problems}


def soil(**changes):
    """Return the garden with its first domain changed."""
    data = garden()
    data["nodes"][0] |= changes
    return data


def test_parse_builds_the_tree_in_document_order():
    definition = parse(GARDEN)

    assert [node.code for node in definition.criteria] == ["SO1", "SO2", "SO3", "PE1", "PE2a", "PE2b", "PE3"]
    assert [node.code for node in definition.domains] == ["SO", "PE"]
    assert [node.tier for node in definition.nodes.values()][:3] == ["", "Domain", "Theme"]
    assert definition.node("").name == "Community garden framework"
    assert definition.node("PE2a").parent_code == "PE2"
    assert definition.node("SO").parent_code == ""
    assert definition.root.parent_code is None
    assert definition.node("PE1").weight == Fraction(3, 2)
    assert definition.node("SO1").descriptors[4] == "SO1 at 4"
    assert definition.pathway("seed-fund").gates[0].level == 2


def test_rules_default_to_a_headline_and_to_a_profile_at_the_root():
    definition = parse({name: value for name, value in garden().items() if name != "rule"})

    assert isinstance(definition.root.rule, rules.ProfileOnly)
    assert isinstance(definition.node("SO1").rule, rules.Headline)


def test_a_zero_weight_leaves_out_everything_beneath_it():
    data = garden(pathways=[], golden=[])
    data["nodes"][1]["nodes"][1]["weight"] = 0

    assert [node.code for node in parse(data).counted_criteria()] == ["SO1", "SO2", "SO3", "PE1"]
    assert [node.code for node in parse(data).counted_criteria("PE")] == ["PE1"]


def test_supported_is_the_highest_level_whose_demand_is_met():
    scale = parse(GARDEN).scale

    assert [scale.supported(4, strength) for strength in range(5)] == [2, 2, 3, 4, 4]
    assert scale.supported(1, 4) == 1


def test_no_level_is_supported_when_even_the_lowest_demands_more():
    levels = [level | {"demand": 1 + level["demand"] // 2} for level in LEVELS]
    scale = parse(garden(scale={"levels": levels})).scale

    assert scale.supported(4, 0) is None
    assert scale.name(None) == "no supported level"


def test_canonical_text_is_the_same_from_yaml_and_from_json():
    text = canonical_text(GARDEN)

    assert canonical_text(json.loads(text)) == text
    assert " :" not in text
    assert text.startswith('{"code":"garden"')
    assert digest("£") == "b4fe151e413445357b1c0935e7cf04a429492ebd23dc62bfadb2f898c431c1fd"


def test_canonical_text_refuses_numbers_that_are_not_exact():
    with pytest.raises(ValueError, match=r"1\.5 has no exact form"):
        canonical_text({"weight": 1.5})


def test_load_gives_one_object_per_text():
    text = canonical_text(GARDEN)

    assert load(text) is load(text)
    assert load(text).name == parse(GARDEN).name


def test_load_explains_text_that_is_not_json():
    with pytest.raises(DefinitionError, match="not JSON"):
        load("code: garden")


def test_all_problems_are_named_at_once():
    data = garden(language=None, nmae="Garden")
    data["nodes"][0]["nodes"][1]["code"] = "SO1"
    data["nodes"][1]["rule"] = {"kind": "average"}
    data["pathways"][0]["gates"][0]["node"] = "XX"

    found = problems_of(data)

    assert found["language"] == "This is missing."
    assert found["nmae"] == "This field is not known here."
    assert found["nodes[0].nodes[1].code"] == "Another node has the code SO1."
    assert found["nodes[1].rule.kind"] == "“average” is not known."
    assert found["pathways[0].gates[0].node"] == "There is no node XX."


@pytest.mark.parametrize(
    "name, mend",
    [
        ("minimum", "write rule: {kind: minimum}."),
        ("minimun", "If the kind minimum is meant, write rule: {kind: minimum}. Declare"),
        ("weakest", "Declare it under rules, where now there are: none yet; or write a kind"),
    ],
)
def test_a_kind_of_rule_in_place_of_a_name_is_told_how_it_is_written(name, mend):
    data = garden()
    data["nodes"][1]["rule"] = name

    with pytest.raises(DefinitionError) as refused:
        parse(data)

    assert [problem.mend for problem in refused.value.problems if mend in problem.mend]


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_what_is_no_definition_at_all_is_refused_for_that_alone(data):
    assert list(problems_of(data).values()) == ["This is not a set of named fields."]


def test_a_definition_without_anything_lacks_what_it_needs_and_is_told_nothing_else():
    assert set(problems_of({}).values()) == {"This is missing."}


def test_where_no_tier_is_named_the_tree_is_looked_at_all_the_same():
    data = garden(tiers=None)
    data["nodes"][0]["nodes"][1]["smmary"] = "Words."

    assert problems_of(data) == {
        "tiers": "This is missing.",
        "nodes[0].nodes[1].smmary": "This field is not known here.",
    }


def test_a_misspelt_field_is_told_what_was_probably_meant_and_a_wrong_expectation_no_more_than_that_it_is_wrong():
    data = garden(golden=[{"name": "One", "items": {}, "expect": {"claimed": {"SO": "so what"}}}])
    data["nodes"][0]["wieght"] = 2

    with pytest.raises(DefinitionError) as refused:
        parse(data)

    misspelt, expected = refused.value.problems
    assert misspelt.mend.startswith("Remove it or correct its name, perhaps to weight; known are: ")
    assert expected.what == "“so what” cannot be expected here."


def test_what_was_meant_is_guessed_for_as_many_problems_as_anybody_mends_and_for_no_longer_words():
    data = garden(**{"nane" * LONGEST_GUESSED: 1, **{f"own{number}er": 1 for number in range(MOST_GUESSED + 10)}})

    with pytest.raises(DefinitionError) as refused:
        parse(data)

    guessed = ["perhaps to" in problem.mend for problem in refused.value.problems]
    assert guessed == [False] + [True] * (MOST_GUESSED - 1) + [False] * 11


def test_which_kind_of_rule_was_meant_is_guessed_for_no_more():
    parts = [{"code": f"C{number}", "name": "One", "rule": f"medain{number}"} for number in range(MOST_GUESSED + 5)]
    nodes = [{"code": "D", "name": "Domain", "nodes": parts}]
    data = garden(tiers=["Domain", "Criterion"], nodes=nodes, pathways=[], golden=[])

    with pytest.raises(DefinitionError) as refused:
        parse(data)

    guessed = ["the kind mean is meant" in problem.mend for problem in refused.value.problems]
    assert guessed == [True] * MOST_GUESSED + [False] * 5


def test_only_the_beginning_of_a_long_word_is_compared():
    assert likely("n" * 10_000 + "name", ["n" * LONGEST_GUESSED]) == "n" * LONGEST_GUESSED


def test_what_people_write_in_place_of_ranks_codes_and_lists_is_told_what_to_write_and_nothing_that_follows():
    data = garden(golden=[{"name": "One", "items": {"SO1": 3}, "expect": {"claimed": {"SO": 3}}}])
    soil, first = data["nodes"][0], data["nodes"][0]["nodes"][0]
    first["descriptors"] = {"Emerging": "Poor", 2: "Fair", 3: "Good", 4: "Best"}
    soil["weights_total"], first["weight"] = 100, "60%"
    data["pathways"][0]["gates"][0]["node"] = soil["name"]

    with pytest.raises(DefinitionError) as refused:
        parse(data)

    mends = {problem.where: problem.mend for problem in refused.value.problems}
    assert mends.pop("nodes[0].nodes[0].descriptors.Emerging") == "Write its rank, 1."
    assert mends.pop("pathways[0].gates[0].node") == "Use its code, SO."
    assert mends.pop("golden[0].items.SO1") == "Write them as a list, such as [{level: 3, strength: 2}]."
    assert mends == {"nodes[0].nodes[0].weight": "Write a whole number, or “3/2” or “1.5” in quotes."}


@pytest.mark.parametrize(
    "levels, where",
    [
        (LEVELS[:2], "scale.levels"),
        ([*LEVELS[:2], LEVELS[3]], "scale.levels[2].rank"),
        ([level | {"rank": level["rank"] + 1} for level in LEVELS], "scale.levels[0].rank"),
        ([*LEVELS[:3], LEVELS[3] | {"demand": 1}], "scale.levels[3].demand"),
        ([*LEVELS[:3], LEVELS[3] | {"name": "Emerging"}], "scale.levels[3].name"),
        ([*LEVELS[:3], LEVELS[3] | {"demand": True}], "scale.levels[3].demand"),
        ([*LEVELS[:3], "Thriving"], "scale.levels[3]"),
        ([], "scale.levels"),
    ],
)
def test_an_unsound_scale_is_refused(levels, where):
    assert where in problems_of(garden(scale={"levels": levels}, golden=[], pathways=[]))


@pytest.mark.parametrize(
    "data, where",
    [
        (garden(format=2), "format"),
        (garden(code="Garden of Eden"), "code"),
        (garden(number=1.0), "number"),
        (garden(language="English"), "language"),
        (garden(tiers=["Domain", "Theme", "Criterion", "Item"]), "tiers"),
        (garden(tiers=["Domain", "Criterion"]), "nodes[1].nodes[1].nodes"),
        (garden(tiers=[f"Tier {number}" for number in range(13)]), "tiers"),
        (garden(nodes=[]), "nodes"),
        (soil(weight=-1), "nodes[0].weight"),
        (soil(weight=0.5), "nodes[0].weight"),
        (soil(weight="1/0"), "nodes[0].weight"),
        (soil(weight=True), "nodes[0].weight"),
        (soil(optional="yes"), "nodes[0].optional"),
        (soil(name=" "), "nodes[0].name"),
        (soil(descriptors={1: "Poor"}), "nodes[0].descriptors"),
        (soil(nodes="SO1"), "nodes[0].nodes"),
        (soil(nodes=[criterion("SO1", weight=0)]), "nodes[0].nodes"),
        (
            soil(nodes=[criterion("SO1", descriptors={1: "Poor", 2: "Fair", 3: "Good"})]),
            "nodes[0].nodes[0].descriptors.4",
        ),
        (soil(nodes=[criterion("SO1", expected_evidence=[3])]), "nodes[0].nodes[0].expected_evidence[0]"),
        (soil(nodes=[criterion("SO1", rule={"kind": "profile_only"})]), "nodes[0].nodes[0].rule"),
        (garden(rule={"kind": "minimum"}) | {"nodes": soil(rule={"kind": "profile_only"})["nodes"]}, "rule"),
        (soil(rule={"kind": "headline", "digits": 2}), "nodes[0].rule.digits"),
        (soil(rule={"kind": "mean", "rounding": "up"}), "nodes[0].rule.rounding"),
        (soil(rule={"kind": "mean", "bands": {1: "3/2"}}), "nodes[0].rule.bands.1"),
        (soil(rule={"kind": "mean", "bands": {2: 3, 3: 3}}), "nodes[0].rule.bands.3"),
        (soil(rule={"kind": "mean", "bands": {4: "9/2"}}), "nodes[0].rule.bands.4"),
        (soil(rule={"kind": "mean", "bands": {5: 5}}), "nodes[0].rule.bands.5"),
    ],
)
def test_an_unsound_tree_is_refused(data, where):
    assert where in problems_of(data)


@pytest.mark.parametrize(
    "gate, field",
    [
        ({"kind": "luck"}, "kind"),
        ({"kind": "floor", "level": 5}, "level"),
        ({"kind": "floor", "level": 2, "node": "SO"}, "node"),
        ({"kind": "coverage", "percent": 101}, "percent"),
        ({"kind": "coverage", "percent": 50, "node": "XX"}, "node"),
        ({"kind": "node_at_least", "node": "PE3", "level": 2}, "node"),
        ({"kind": "complete", "foundational": None}, "foundational"),
        ({"kind": "complete", "code": "G2"}, "code"),
    ],
)
def test_an_unsound_gate_is_refused(gate, field):
    data = garden(golden=[])
    data["pathways"][0]["gates"] = [
        {"code": "G2", "kind": "complete", "foundational": True},
        {"code": "G1", "foundational": True} | gate,
    ]

    assert f"pathways[0].gates[1].{field}" in problems_of(data)


@pytest.mark.parametrize(
    "case, where",
    [
        ({"items": {"SO": []}}, "golden[0].items.SO"),
        ({"items": {"SO1": [{"level": 9}]}}, "golden[0].items.SO1[0].level"),
        ({"items": {"SO1": [{"level": 2, "not_applicable": True}]}}, "golden[0].items.SO1[0].level"),
        ({"items": {"SO1": [{"strength": 5}]}}, "golden[0].items.SO1[0].strength"),
        ({"expect": {}}, "golden[0].expect"),
        ({"expect": {"claimed": {"SO": 5}}}, "golden[0].expect.claimed.SO"),
        ({"expect": {"claimed": {"SO": True}}}, "golden[0].expect.claimed.SO"),
        ({"expect": {"claimed": {"XX": 2}}}, "golden[0].expect.claimed.XX"),
        ({"expect": {"gates": {"flight": {"G1": "pass"}}}}, "golden[0].expect.gates.flight"),
        ({"expect": {"gates": {"seed-fund": {"G9": "pass"}}}}, "golden[0].expect.gates.seed-fund.G9"),
        ({"expect": {"gates": {"seed-fund": {"G1": "maybe"}}}}, "golden[0].expect.gates.seed-fund.G1"),
    ],
)
def test_an_unsound_golden_case_is_refused(case, where):
    data = garden()
    data["golden"][0] |= case

    assert where in problems_of(data)


def places(value, path=()):
    """Yield the path of every value in nested data, outermost first."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield from places(inner, (*path, name))


@pytest.mark.parametrize("junk", [None, [[]], {"x": 1}, "x", 10**30, True])
def test_junk_anywhere_is_a_named_problem_and_never_a_crash(junk):
    refused = [problem for path in list(places(GARDEN))[1:] for problem in problems_with(junk, path)]

    assert len(refused) > 50
    assert all(problem.where and problem.what and problem.mend for problem in refused)


def problems_with(junk, path, make=garden):
    """Return the problems of a definition with junk in one place; none where it happens to be allowed there."""
    data = inner = make()
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = junk
    try:
        parse(data)
    except DefinitionError as error:
        return error.problems
    return ()

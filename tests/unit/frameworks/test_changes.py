"""What a version says became of the one before it, as far as one file alone can show that it is sound."""

import pytest

from frameworks.definition import DefinitionError, Origin, canonical_text, load, parse
from tests.unit.frameworks.definitions import garden

SAME = {code: {"what": "same"} for code in ("SO1", "SO2", "SO3", "PE1", "PE2a", "PE2b", "PE3")}


def garden_2(criteria=(), dropped=(), number="1.0"):
    said = {"number": number, "criteria": SAME | dict(criteria), "dropped": list(dropped)}
    return garden(number="2.0", changes_from=said)


def problems_of(data):
    with pytest.raises(DefinitionError) as caught:
        parse(data)
    return {problem.where: problem.what for problem in caught.value.problems}


def test_a_first_version_says_nothing_of_one_before():
    assert parse(garden()).changes_from is None


def test_changes_survive_the_canonical_text():
    data = garden_2({"SO1": {"what": "merged", "from": ["SO1", "SO0"], "note": "One now."}}, [{"code": "XX"}])

    changes = load(canonical_text(data)).changes_from

    assert changes.number == "1.0"
    assert changes.criteria["SO1"] == Origin("merged", ("SO1", "SO0"), "One now.")
    assert changes.dropped == {"XX": ""}


def test_a_criterion_that_keeps_its_code_need_not_repeat_it():
    assert parse(garden_2()).changes_from.criteria["PE1"] == Origin("same", ("PE1",))


@pytest.mark.parametrize(
    "criteria, dropped, where, what",
    [
        ({"SO1": {"what": "new", "from": ["SO1"]}}, [], "SO1.from", "What is new comes from nothing."),
        (
            {"SO1": {"what": "moved", "from": ["A", "B"]}},
            [],
            "SO1.from",
            "What is moved comes from one criterion, not 2.",
        ),
        ({"SO1": {"what": "split"}}, [], "SO1.from", "What is split comes from one criterion, not 0."),
        ({"SO1": {"what": "merged", "from": ["A"]}}, [], "SO1.from", "What is merged comes from two criteria or more."),
        ({"SO1": {"what": "merged", "from": ["A", "A"]}}, [], "SO1.from", "A criterion is named twice."),
        ({"SO1": {"what": "split", "from": ["A"]}}, [], "SO1", "A is split, but only SO1 came from it."),
        ({"SO1": {"what": "same", "from": ["SO2"]}}, [], "SO1", "SO1 and SO2 all come from SO2."),
        ({"SO1": {"what": "merged", "from": ["SO1", "SO2"]}}, [], "SO1", "SO1 and SO2 all come from SO2."),
        ({"SO1": {"what": "changed"}}, [], "SO1.what", "“changed” is not known."),
        ({"SO1": {"what": "same", "form": ["SO1"]}}, [], "SO1.form", "This field is not known here."),
        ({"NN": {"what": "new"}}, [], "NN", "There is no criterion NN."),
    ],
)
def test_a_criterion_that_is_wrongly_accounted_for_is_named(criteria, dropped, where, what):
    assert problems_of(garden_2(criteria, dropped))[f"changes_from.criteria.{where}"] == what


def test_a_criterion_that_is_not_accounted_for_is_named():
    data = garden_2()
    del data["changes_from"]["criteria"]["PE2a"]

    assert problems_of(data) == {"changes_from.criteria.PE2a": "It is not said where PE2a comes from."}


@pytest.mark.parametrize(
    "dropped, where, what",
    [
        ([{"code": "SO1"}], "dropped", "SO1 is dropped, but SO1 came from it."),
        ([{"code": "XX"}, {"code": "XX"}], "dropped[1].code", "XX is dropped twice."),
    ],
)
def test_what_is_wrongly_dropped_is_named(dropped, where, what):
    assert problems_of(garden_2(dropped=dropped)) == {f"changes_from.{where}": what}


def test_a_version_does_not_come_from_itself():
    assert problems_of(garden_2(number="2.0")) == {"changes_from.number": "This is the version's own number."}


def test_the_parts_of_a_split_are_sound_together():
    halves = {code: {"what": "split", "from": ["SO1"]} for code in ("SO1", "SO2")}

    assert parse(garden_2(halves)).changes_from.criteria["SO2"].sources == ("SO1",)

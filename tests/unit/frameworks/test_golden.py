from frameworks.definition import parse
from frameworks.golden import run
from tests.unit.frameworks.definitions import GARDEN, garden


def test_cases_that_come_out_as_expected_have_no_failures():
    assert run(parse(GARDEN)) == []


def test_every_difference_is_named_with_what_was_got():
    data = garden()
    data["golden"][0]["expect"] = {
        "claimed": {"SO1": 4, "SO3": "incomplete", "": "no_level"},
        "supported": {"SO1": "none_supported"},
        "gates": {"seed-fund": {"G1": "cannot_tell", "G5": "fail"}},
    }

    assert [str(failure) for failure in run(parse(data))] == [
        "Good soil, few people: claimed SO1 should be 4, but is 3",
        "Good soil, few people: claimed SO3 should be incomplete, but is not_applicable",
        "Good soil, few people: supported SO1 should be none_supported, but is 3",
        "Good soil, few people: gate G1 of seed-fund should be cannot_tell, but is pass",
    ]

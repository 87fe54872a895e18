"""What a review still lacks, and where a recommendation is needed."""

import pytest

from assessments.findings import Finding, Row, below_target, obstacles, target_of
from frameworks import definition
from tests.factories import AT
from tests.unit.frameworks.definitions import garden


def row(code="SO1", *, claimed=3, target=3, items=2, **found):
    finding = None
    if found:
        defaults = {"judgement": "LEVEL", "level": 3, "words": "", "recommendation": ""}
        finding = Finding(number=1, confidence="Sure", by="A reviewer", at=AT, **defaults | found)
    result = {"level": claimed, "status": "level"}
    return Row(code, code, "Soil", result, result, items, standing="", target=target, finding=finding)


@pytest.mark.parametrize(
    "level, target, below", [(2, 3, True), (3, 3, False), (4, 3, False), (None, 3, False), (2, None, False)]
)
def test_a_level_below_its_target(level, target, below):
    assert below_target(level, target) is below


def test_what_is_not_reviewed_stands_in_the_way_unless_it_has_no_items():
    assert obstacles([row("SO1"), row("SO2", items=0), row("SO3", level=3)]) == ("Not reviewed yet: SO1.",)


def test_a_level_below_the_target_needs_a_recommendation():
    said = "A recommendation is missing where the reviewed level is below the target: SO1."

    assert obstacles([row(level=2)]) == (said,)
    assert obstacles([row(level=2, recommendation="Adopt the plan")]) == ()
    assert obstacles([row(judgement="CANNOT_JUDGE", level=None, words="Nothing was shown")]) == ()


def test_the_target_is_the_frameworks_profile_and_else_what_the_place_claims():
    plain = definition.parse(garden())
    aiming = definition.parse(garden(targets=[{"code": "aim", "name": "Aim", "levels": {"SO1": 4}}]))

    assert target_of(plain, "SO1", 2) == 2
    assert target_of(aiming, "SO1", 2) == 4
    assert target_of(aiming, "SO2", 2) == 2
    assert target_of(aiming, "SO1", 2, aims={"SO1": 3}) == 3
    above = definition.parse(garden(targets=[{"code": "aim", "name": "Aim", "levels": {"SO": 3, "SO1": 4}}]))
    assert [target_of(above, code, 2) for code in ("SO1", "SO2", "PE1")] == [4, 3, 2]

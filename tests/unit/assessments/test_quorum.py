import pytest

from assessments.quorum import Quorum

COUNCIL, TRUST, CHARITY, HOUSING = "Borough Council", "Hospital Trust", "Citizens' Charity", "Housing Group"


def quorum(given, *, required=(COUNCIL,), minimum=2, expected=(COUNCIL, TRUST, CHARITY)):
    return Quorum(required=required, minimum=minimum, expected=expected, given=given)


@pytest.mark.parametrize(
    "given, met",
    [
        ({}, False),
        ({COUNCIL: "SIGNED"}, False),
        ({TRUST: "SIGNED", CHARITY: "SIGNED"}, False),
        ({COUNCIL: "SIGNED", TRUST: "SIGNED"}, True),
        ({COUNCIL: "RESERVED", TRUST: "SIGNED"}, True),
        ({COUNCIL: "SIGNED", TRUST: "DECLINED"}, False),
        ({COUNCIL: "SIGNED", TRUST: "INTEREST"}, False),
        ({COUNCIL: "DECLINED", TRUST: "SIGNED", CHARITY: "SIGNED"}, False),
        ({COUNCIL: "INTEREST", TRUST: "SIGNED", CHARITY: "SIGNED"}, False),
        ({COUNCIL: "SIGNED", TRUST: "DECLINED", CHARITY: "RESERVED"}, True),
    ],
)
def test_quorum_is_met_by_the_named_organisations_and_enough_in_all(given, met):
    assert quorum(given).met is met


def test_each_problem_is_named():
    problems = quorum({COUNCIL: "DECLINED"}, required=(COUNCIL, HOUSING), minimum=2).problems

    assert problems == (
        "Borough Council must sign, but it declined.",
        "Housing Group must sign and has not yet.",
        "The round asks for at least 2, so 2 more signatures must be given.",
    )


def test_who_declined_is_not_missing_and_a_required_organisation_without_signatory_is():
    asked = quorum({TRUST: "DECLINED"}, required=(COUNCIL, HOUSING))

    assert asked.missing == (COUNCIL, CHARITY, HOUSING)


def test_the_rule_reads_as_a_sentence():
    assert quorum({}).rule == "At least 2 organisations must sign, among them Borough Council."
    assert quorum({}, required=(), minimum=1).rule == "At least one organisation must sign."

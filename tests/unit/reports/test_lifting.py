"""What would lift a level, from the document alone."""

from reports.lifting import items_of, remedies, result_of
from tests.unit.reports.documents import ITEMS, definition, document, item


def test_the_documents_items_roll_up_to_the_documents_levels():
    made = document()

    for code in ("SO1", "SO2", "PE1"):
        criterion = next(each for each in made["criteria"] if each["code"] == code)
        assert result_of(made, definition(), code) == criterion
    assert sum(map(len, items_of(made).values())) == len(ITEMS)


def test_a_tier_between_domain_and_criterion_is_worked_out():
    found = result_of(document(item("PE2a", level=3), item("PE2b", level=2)), definition(), "PE2")

    assert (found["claimed"]["level"], found["supported"]["level"]) == (3, 2)
    assert found["claimed"]["sentence"].startswith("Established:")


def test_evidence_lifts_what_is_supported_and_levels_lift_what_was_agreed():
    found = remedies(document(item("SO1", level=3)), definition(), "SO1")

    assert found["supported"]["sentence"] == (
        "Give item SO1.1 evidence in date of documented process in use or stronger."
    )
    assert found["supported"]["level"] == "Established"
    assert found["claimed"]["sentence"] == "Raise item SO1.1 from Established to Thriving."


def test_nothing_lifts_the_highest_level_or_an_incomplete_one():
    made = document(item("SO1", level=4, cites=["figures"]), item("SO2"))

    assert remedies(made, definition(), "SO1") == {}
    assert remedies(made, definition(), "SO2") == {}

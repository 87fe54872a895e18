from pathlib import Path

from assessments.workflow import ACTS, MOVES, State
from assessments.workflow_docs import diagram, page

DOCS = Path(__file__).resolve().parents[3] / "docs" / "assessment-states.md"


def test_the_docs_say_what_the_tables_say():
    assert DOCS.read_text() == page(), "Run: manage.py print_workflow > docs/assessment-states.md"


def test_the_diagram_shows_every_state_and_every_move_from_each_of_its_sources():
    arrows = diagram().count("-->")
    ends = sum(not any(state in rule.sources for rule in MOVES.values()) for state in State)

    assert arrows == 2 + sum(len(rule.sources) for rule in MOVES.values()) + ends
    assert all(state.value in diagram() for state in State)


def test_the_page_names_every_act():
    assert all(act.label in page() for act in ACTS)

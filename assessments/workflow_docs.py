"""The life of an assessment as a page of the docs, with its diagram, written from the tables themselves; pure."""

from assessments.workflow import ACTS, ALL_STATES, MOVES, WHEN_ONLY_READ, Act, State
from partnership.roles import Role

HEAD = """\
# The states of an assessment

Written by `manage.py print_workflow` from `assessments/workflow.py`: change the tables there, then run
`manage.py print_workflow > docs/assessment-states.md`. A test holds the two equal.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([HEAD, diagram(), moves_table(), acts_table()])


def diagram() -> str:
    """Draw the states and the moves between them as Mermaid does."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> PREPARING"]
    for state in State:
        for move, rule in MOVES.items():
            if state in rule.sources:
                lines.append(f"    {state.value} --> {rule.target.value}: {move.label}")
    lines.append(f"    [*] --> AGREEING: {Act.REOPEN.label}")
    lines += [
        f"    {state.value} --> [*]" for state in State if not any(state in rule.sources for rule in MOVES.values())
    ]
    return "\n".join([*lines, "```", ""])


def moves_table() -> str:
    """Write from where to where each move leads, and who makes it."""
    rows = [
        [move.label, _states(rule.sources), rule.target.label, _who(rule), "yes" if rule.needs_reason else ""]
        for move, rule in MOVES.items()
    ]
    return "## Moves\n\n" + _table(["Move", "From", "To", "Who", "Says why"], rows)


def acts_table() -> str:
    """Write who may do what in which states, with what the table cannot say beneath it."""
    rows = [[act.label, _who(rule), _states(rule.states)] for act, rule in ACTS.items()]
    note = (
        "Reading is also for the ICB's programme office and reviewers once the assessment is submitted. "
        "Somebody of another place whom the programme office names as a peer reviewer of one assessment is a reviewer "
        "there. Nobody who has a part at a place reviews it or decides on it. "
        "Every move and act is refused to anybody else, and to everybody in any other state.\n\n"
        "Re-opening leaves the signed version in its state and makes a new one, in agreeing, that takes its place. "
        "Of a version that was superseded, and of every assessment of a place that has closed, only this is left: "
        + ", ".join(act.label[0].lower() + act.label[1:] for act in Act if act in WHEN_ONLY_READ)
        + ". Withdrawing the new version lets the earlier one stand again. "
        ""
        "“Standing in” is a lead whom the chair lets do so, on some days and for this kind of acts. "
        "Whoever has a part at the place that a closed one is part of now is an observer there.\n"
    )
    return "## What may be done in which state\n\n" + _table(["Act", "Who", "In the states"], rows) + "\n" + note


def _who(rule) -> str:
    return _roles(rule.roles) + (", or Place lead standing in" if rule.power else "")


def _roles(roles) -> str:
    return (
        "everybody with a part there"
        if roles == frozenset(Role)
        else ", ".join(role.label for role in Role if role in roles)
    )


def _states(states) -> str:
    return "all" if states == ALL_STATES else ", ".join(state.label for state in State if state in states)


def _table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

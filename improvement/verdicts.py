"""What becomes of a readiness verdict when actions are planned for the gates that failed. Pure."""

from frameworks.readiness import GateResult, Outcome, verdict


def verdict_with(pathway, *, remedied):
    """
    Return the verdict on a document's pathway if the gates in `remedied` had an action with an owner and a date.

    What the gates found stays as the document says.
    """
    return str(verdict(gates_of(pathway), remedied))


def gates_of(pathway):
    """Return the gates of a document's pathway as they were judged."""
    return [
        GateResult(
            code=gate["code"],
            name=gate["name"],
            kind=gate["kind"],
            foundational=gate["foundational"],
            status=Outcome(gate["status"]),
            value=gate["value"],
            threshold=gate["threshold"],
            sentence=gate["sentence"],
            node_code=gate["node"],
            remedy=gate["remedy"],
        )
        for gate in pathway["gates"]
    ]

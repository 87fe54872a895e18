"""What the open actions would come to, once they are done: levels and gates, by the same roll-up. Pure."""

from dataclasses import replace

from frameworks import readiness
from frameworks.definition import Definition
from frameworks.projection import project
from frameworks.trace import Standing
from improvement.verdicts import gates_of

# These look at nothing that an action changes.
AS_THEY_ARE = frozenset({"splits_settled", "conditions_closed"})


def expected_levels(pathways, actions):
    """
    Return the highest level that an open action expects, by node; an action for a gate counts for the gate's node.

    `pathways` and `actions` are as a document tells them.
    """
    nodes = {(pathway["code"], gate["code"]): gate["node"] for pathway in pathways for gate in pathway["gates"]}
    expected = {}
    for action in actions:
        code = action["criterion"] or nodes.get((action["pathway"], action["gate"]))
        if code and action["expected_level"] is not None and action["status"] == "OPEN":
            expected[code] = max(action["expected_level"], expected.get(code, action["expected_level"]))
    return expected


def projected(definition: Definition, items, pathways, actions):
    """
    Return what the place would come to once the open actions are done, as the document tells it.

    `items` are the roll-up's inputs by criterion. A gate that has an open action is taken to pass if that action names
    no level that could be worked out: its word is all there is.
    """
    expected = expected_levels(pathways, actions)
    open_actions = [action for action in actions if action["status"] == "OPEN"]
    found = project(definition, items, expected)
    facts = readiness.facts_of(definition, found.items, unsettled_splits=0, open_conditions=0)
    return {
        "actions": len(open_actions),
        "without_level": sum(action["expected_level"] is None for action in open_actions),
        "expected": expected,
        "out_of_reach": list(found.out_of_reach),
        "criteria": {
            node.code: {
                str(standing): {"status": str(result.status), "level": result.level}
                for standing, results in ((Standing.CLAIMED, facts.claimed), (Standing.SUPPORTED, facts.supported))
                for result in [results[node.code]]
            }
            for node in definition.criteria
        },
        "pathways": {pathway["code"]: _pathway(definition, pathway, facts, open_actions) for pathway in pathways},
    }


def _pathway(definition, pathway, facts, open_actions):
    promised = {
        action["gate"]
        for action in open_actions
        if action["pathway"] == pathway["code"] and action["expected_level"] is None
    }
    before = {gate.code: gate for gate in gates_of(pathway)}
    gates = [
        before[gate.code] if gate.kind in AS_THEY_ARE else gate
        for gate in readiness.evaluate(definition, definition.pathway(pathway["code"]), facts)
    ]
    # One that passes by what was worked out needs no promise.
    promised = {gate.code for gate in gates if gate.code in promised and gate.status != readiness.PASS}
    gates = [replace(gate, status=readiness.PASS) if gate.code in promised else gate for gate in gates]
    return {
        "verdict": str(readiness.verdict(gates, remedied=())),
        "failing": [gate.code for gate in gates if gate.status != readiness.PASS],
        "promised": sorted(promised),
    }

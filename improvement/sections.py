"""The sections that this room adds to an assessment's document: its readiness and its actions."""

from frameworks import readiness as gates
from improvement.models import Action
from improvement.selectors import actions_of


def section(*, assessment, case):
    """Return actions and readiness: per pathway the verdict, and every gate with value, threshold and remedy."""
    actions = list(actions_of(assessment))
    return {
        "actions": [_action(action) for action in actions],
        "pathways": [_pathway(case, pathway, actions) for pathway in case.definition.pathways],
    }


def _pathway(case, pathway, actions):
    results = gates.evaluate(case.definition, pathway, case.facts)
    planned = {}
    for action in actions:
        if action.pathway == pathway.code and action.status == Action.Status.OPEN:
            planned.setdefault(action.gate, []).append(str(action.public_id))
    verdict = gates.verdict(results, remedied=set(planned))
    return {
        "code": pathway.code,
        "name": pathway.name,
        "summary": pathway.summary,
        "ready_text": pathway.ready_text,
        "verdict": str(verdict),
        "gates": [
            {
                "code": result.code,
                "name": result.name,
                "kind": result.kind,
                "foundational": result.foundational,
                "status": str(result.status),
                "value": result.value,
                "threshold": result.threshold,
                "sentence": result.sentence,
                "node": result.node_code,
                "remedy": result.remedy,
                "actions": planned.get(result.code, []),
            }
            for result in results
        ],
    }


def _action(action: Action):
    return {
        "id": str(action.public_id),
        "title": action.title,
        "owner": action.owner.name,
        "owner_name": action.owner_name,
        "due_on": action.due_on.isoformat(),
        "criterion": action.criterion.code if action.criterion else "",
        "pathway": action.pathway,
        "gate": action.gate,
        "expected_level": action.expected_level,
        "status": action.status,
    }

"""The sections that this room adds to an assessment's document: its readiness and its actions."""

from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from frameworks import readiness as gates
from frameworks.wording import listed
from improvement.models import Action
from improvement.projection import projected
from improvement.selectors import actions_of


def section(*, assessment, case):
    """Return actions and readiness: per pathway the verdict, and every gate with value, threshold and remedy."""
    actions = list(actions_of(assessment))
    pathways = [_pathway(case, pathway, actions) for pathway in case.definition.pathways]
    undertaken = [told(action) for action in actions]
    return {
        "actions": undertaken,
        "pathways": pathways,
        "projected": projected(case.definition, case.inputs, pathways, undertaken),
        "statements": [_statement(pathway) for pathway in pathways],
    }


def _statement(pathway):
    """Say what a pathway's gates come to, for the page on which the content is signed."""
    failing = [gate for gate in pathway["gates"] if gate["status"] != gates.PASS]
    foundational = sum(gate["foundational"] for gate in failing)
    count = len(pathway["gates"])
    sentence = f"All {count} gates pass."
    if failing:
        fail = "fails" if len(failing) == 1 else "fail"
        sentence = f"{len(failing)} of {count} gates {fail}, {foundational or 'none'} of them foundational."
    return {
        "verdict": pathway["verdict"],
        "heading": f"{pathway['name']}: {pathway['verdict'].replace('_', ' ').lower()}",
        "sentence": sentence,
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


def told(action: Action):
    """Return an action as the document tells it."""
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


def in_words(document):
    """Return the section in words, as parts with a heading and lines: what signatories read before they sign."""
    section = document["improvement"]
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    for pathway in section["pathways"]:
        yield {
            "heading": f"Gates of {pathway['name']}",
            "intro": pathway["summary"],
            "lines": [_gate_in_words(gate) for gate in pathway["gates"]],
            "empty": "The framework sets no gates.",
        }
    yield {
        "heading": "Actions",
        "intro": _outlook_in_words(document, names),
        "lines": [_action_in_words(action, names) for action in section["actions"]],
        "empty": "No actions are planned.",
    }


def _outlook_in_words(document, names):
    """Say which levels the evidence would support once the open actions are done; "" where that is none but now's."""
    found = document["improvement"].get("projected", {"criteria": {}})["criteria"]
    better = [
        f"{node['code']} {names[then]}"
        for node in document["criteria"]
        if (then := found.get(node["code"], {}).get("supported", {}).get("level")) is not None
        and then > (node["supported"]["level"] or 0)
    ]
    return f"Once the open ones are done, the evidence would support {listed(better)}." if better else ""


def _gate_in_words(gate):
    heading = f"{gate['code']} {gate['name']}".strip() + (" (foundational)" if gate["foundational"] else "")
    remedy = f" To mend it: {gate['remedy']}" if gate["remedy"] else ""
    return {"heading": heading, "text": gate["sentence"] + remedy}


def _action_in_words(action, names):
    owner = ", ".join(filter(None, [action["owner"], action["owner_name"]]))
    due = date_format(parse_date(action["due_on"]), "j F Y")
    aim = action["criterion"] or f"gate {action['gate']}"
    level = f", to reach {names[action['expected_level']]}" if action["expected_level"] is not None else ""
    status = Action.Status(action["status"]).label.lower()
    return {"heading": action["title"], "text": f"{owner}; due {due}; for {aim}{level}; {status}."}

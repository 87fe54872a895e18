"""A framework's own texts are read out in its language, on every page where people write, score, try and agree."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from frameworks import definition
from tests import factories, whole_round
from tests.integration.assessments.checklist_frameworks import SHOWN, checklist
from tests.unit.frameworks.definitions import criterion

pytestmark = pytest.mark.django_db
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Spoken(HTMLParser):
    """Note each text of a page with the language in which it is read out."""

    def __init__(self):
        super().__init__()
        self.languages, self.heard = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.languages.append(dict(attributes).get("lang") or (self.languages or [""])[-1])

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.languages.pop()

    def handle_data(self, data):
        self.heard.append((" ".join(data.split()), (self.languages or [""])[-1]))


def in_french():
    """Return a framework in French: a checklist in classes, and a criterion with all the texts that one may have."""
    data = checklist(language="fr")
    data["nodes"][1] |= criterion("IT", name="Ce que fait le lieu", anchors={1: ["Un exemple au premier niveau."]})
    data["tiers"] = ["Domaine", "Critère"]
    data["nodes"][1] = {"code": "DO", "name": "Le domaine", "nodes": [data["nodes"][1]]}
    data["nodes"][0] |= {"name": "Liste de contrôle", "summary": "Ce que demande la liste."}
    named = [each | {"meaning": f"Ce que veut dire {each['name']}."} for each in SHOWN["answers"]]
    return data | {"answers": [SHOWN | {"answers": named}]}


def texts(nodes, code):
    """Return the texts of a criterion, or of all, that a page may show as they are."""
    if not code:
        return set().union(*(texts(nodes, each) for each in ("CH", "IT")))
    node = nodes[code]
    told = [node.name, node.summary, *node.descriptors.values(), *node.expected_evidence]
    told += [example for examples in node.anchors.values() for example in examples]
    told += [level.meaning for each in node.asked for level in each.answers.levels]
    return {text for text in (*told, *(each.text for each in node.statements), "Foundations", "Warning signs") if text}


def test_the_frameworks_texts_are_read_out_in_its_language(client):
    assessment = whole_round.written(whole_round.opened(whole_round.published(in_french())))
    version = assessment.framework_version
    nodes = definition.load(version.definition).nodes
    people = {
        "lead": factories.holder("LEAD", assessment.place),
        "member": factories.board(assessment.place, 3)[0],
        "chair": factories.holder("CHAIR", assessment.place),
        "author": factories.create_user(administrator=True),
    }

    def heard(who, route, pk, *code):
        client.force_login(people[who])
        page = Spoken()
        page.feed(client.get(reverse(f"assessments:{route}", args=[pk, *code])).text)
        known = texts(nodes, *code or [""]) | ({"Le domaine"} if route != "trial_node" else set())
        found = [(text, language) for text, language in page.heard if text in known]
        assert [text for text, language in found if language != "fr"] == [], (route, code)
        return {text for text, _ in found}

    written = {code: heard("lead", "items", assessment.public_id, code) for code in ("CH", "IT")}
    tried = {code: heard("author", "trial_node", version.public_id, code) for code in ("CH", "IT")}
    assessment = whole_round.scored(assessment)
    scored = {code: heard("member", "score", assessment.public_id, code) for code in ("CH", "IT")}
    listed = heard("member", "score_all", assessment.public_id)
    whole_round.agreed(assessment)
    agreed = {code: heard("chair", "agree", assessment.public_id, code) for code in ("CH", "IT")}

    asked = {"Liste de contrôle", "There is a plan.", "Foundations", "Warning signs"}
    assert asked <= written["CH"]
    assert asked <= agreed["CH"]
    assert {"Liste de contrôle", "There is a plan.", "Ce que fait le lieu"} <= listed
    assert asked | {"Ce que demande la liste.", "Ce que veut dire Partly."} <= scored["CH"] & tried["CH"]
    assert {"Ce que fait le lieu", "What IT asks.", "IT at 1", "IT at 4"} <= scored["IT"] & tried["IT"]
    assert {"Le domaine", "What IT asks.", "A plan for IT"} <= written["IT"]
    assert {"Le domaine", "Ce que fait le lieu"} <= agreed["IT"] & scored["IT"]

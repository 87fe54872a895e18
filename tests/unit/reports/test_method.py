"""The method annex has words for whatever a framework may declare."""

from frameworks.rulebook import RULES
from reports import method


def node(code, rule):
    return {"code": code, "claimed": {"trace": {"rule": rule}}}


def test_every_rule_has_words():
    assert method.RULES.keys() == RULES.keys()


def test_the_rules_that_were_used_are_named_with_what_they_made():
    document = {
        "domains": [node("SO", "headline"), node("PE", "mean")],
        "criteria": [node("SO1", "headline"), node("PE1", "minimum")],
    }

    used = method.rules_used(document)

    assert [(rule["name"], rule["nodes"]) for rule in used] == [
        ("Headline", "SO and SO1"),
        ("Minimum", "PE1"),
        ("Mean", "PE"),
    ]
    assert all(rule["words"] for rule in used)


def test_one_rule_for_all_is_said_so():
    document = {"domains": [node("SO", "headline")], "criteria": [node("SO1", "headline")]}

    assert [rule["nodes"] for rule in method.rules_used(document)] == ["every domain and criterion"]


def test_each_level_comes_with_the_evidence_that_it_demands():
    levels = [{"rank": 1, "name": "Emerging", "demand": 0}, {"rank": 2, "name": "Thriving", "demand": 3}]

    told = method.demands({"framework": {"levels": levels}})

    assert [level["demand_words"] for level in told] == ["no evidence", "measured performance"]

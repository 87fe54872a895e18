"""A document's nodes as rows to export: each once, beneath what it lies beneath."""

from reports.exports.content_rows import nodes
from tests.unit.reports.documents import BUILDINGS, document, item

TREE = {"SO": "", "SO1": "SO", "PE": "", "PE2": "PE", "PE2a": "PE2", "PE3": "PE", "BU": ""}


def written(made):
    return [(row["node"], row["parent"], row["domain"]) for row in nodes(made)]


def test_every_domain_tier_and_criterion_is_there_once_beneath_its_parent():
    made = written(document(item("BU", level=2), framework=BUILDINGS))

    assert [code for code, _, _ in made] == ["SO", "SO1", "SO2", "SO3", "PE", "PE1", "PE2", "PE2a", "PE2b", "PE3", "BU"]
    assert {code: parent for code, parent, _ in made if code in TREE} == TREE
    assert all(code.startswith(domain) for code, _, domain in made)


def test_content_from_before_tiers_were_shown_has_its_domains_and_criteria():
    made = document(item("BU", level=2), framework=BUILDINGS)
    for criterion in made["criteria"]:
        del criterion["parent"]
    del made["tiers"]

    assert {code: parent for code, parent, _ in written(made) if code in TREE} == {
        "SO": "",
        "SO1": "SO",
        "PE": "",
        "PE2a": "PE",
        "PE3": "PE",
        "BU": "",
    }

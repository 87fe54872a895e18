"""What is said beside an agreed level."""

from assessments.standing import of_item, of_node
from tests.unit.reports.documents import document, item

NODES = ("criteria", "domains", "tiers")


def standings(made):
    return {node["code"]: of_node(made, node) for kind in NODES for node in made[kind]}


def test_a_split_beneath_is_said_beside_every_level_above_it_and_no_other():
    made = document()
    split = {each["code"] for each in made["criteria"] if each["split"]}
    assert split
    for kind in NODES:
        for node in made[kind]:
            is_above = split.intersection(node.get("criteria", [node["code"]]))
            said = "but split" if is_above and node["claimed"]["level"] is not None else ""
            assert of_node(made, node) == said
    whole = {"code": "", "claimed": {"level": 2}}
    assert of_node(made, whole) == "but split"


def test_nothing_is_said_where_no_level_is_agreed_or_the_scores_are_hidden():
    made = document(item("SO1", 1, counts={1: 5, 4: 5}))
    [only] = made["items"]

    assert made["criteria"][0]["split"]
    assert standings(made)["SO1"] == ""
    assert of_item(only) == ""
    assert of_item(only | {"level": 2}) == "but split"
    assert of_item(only | {"level": 2, "spread": None}) == ""

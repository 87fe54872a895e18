"""What would lift a level that a document shows: its items put back into the framework's own calculation. Pure."""

from frameworks.definition import Definition
from frameworks.items import ItemInput
from frameworks.lift import apply_changes, describe, lift
from frameworks.rollup import roll_up
from frameworks.trace import Standing


def items_of(document):
    """Return a document's items by criterion, as the roll-up takes them."""
    items = {}
    for item in document["items"]:
        applies = item["judgement"] != "NOT_APPLICABLE"
        items.setdefault(item["criterion"], []).append(
            ItemInput(
                key=item["label"],
                level=item["level"],
                not_applicable=not applies,
                reason="" if applies else item["rationale"],
                strength=item["strength"],
                # Content that was sealed before checklists could be scored holds none.
                statement=item["asked"]["code"] if item.get("asked") else "",
            )
        )
    return items


def result_of(document, definition: Definition, code):
    """
    Return a node as the document describes it.

    Older documents hold criteria and domains alone; a tier between them is worked out from the same items.
    """
    if not code and document.get("whole"):
        return document["whole"]
    for node in document["criteria"] + document["domains"] + document.get("tiers", []):
        if node["code"] == code and code:
            return node
    node = definition.node(code)
    found = {"code": code, "name": node.name, "criteria": [child.code for child in node.walk() if child.is_criterion]}
    for standing in Standing:
        result = roll_up(definition, items_of(document), standing=standing)[code]
        found[str(standing)] = {
            "status": str(result.status),
            "level": result.level,
            "sentence": result.trace.sentence(definition),
            "trace": result.trace.to_data(definition),
        }
    return found


def remedies(document, definition: Definition, code):
    """
    Say, for what was agreed and what evidence supports, what smallest change lifts a node to its next level.

    A dict by standing of {sentence, level, exact}; a standing that no such change can lift is left out.
    """
    items, found = items_of(document), {}
    for standing in Standing:
        lifted = lift(definition, items, roll_up(definition, items, standing=standing), code)
        if lifted and lifted.changes:
            after = roll_up(definition, apply_changes(items, lifted.changes), standing=standing)[code]
            found[str(standing)] = {
                "sentence": describe(definition, items, lifted.changes, exact=lifted.exact),
                "level": definition.scale.name(after.level),
                "exact": lifted.exact,
            }
    return found

"""What must be said beside a level wherever it is written: scores were split, evidence supports less; pure."""

BUT_SPLIT = "but split"


def beside(*, split, level=None, supported=None, names=None):
    """
    Return the words beside an agreed level: "but split, evidence supports Evolving"; "" where there is nothing to say.

    `split` says whether members' scores of the item, or of any item beneath, were split. Where `names` (of levels by
    rank) are given, so is what the evidence supports, if that is another level than `level`.
    """
    said = [BUT_SPLIT] if split else []
    if names is not None and level is not None and supported != level:
        said.append(f"evidence supports {names.get(supported, 'no level')}")
    return ", ".join(said)


def of_node(document, node):
    """Return the words beside the agreed level of a criterion, a part above it or the whole; "" without a level."""
    if node["claimed"]["level"] is None:
        return ""
    codes = [node["code"]] if "items" in node else node.get("criteria")
    beneath = (each for each in document["criteria"] if codes is None or each["code"] in codes)
    return beside(split=any(each["split"] for each in beneath))


def of_item(item):
    """Return the words beside the agreed level of an item of the document; "" without a level."""
    return beside(split=item["level"] is not None and item["spread"] and item["spread"]["split"])

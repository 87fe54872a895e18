"""What of an assessment a report calls strong, in want of development, or too little scored to say; pure."""


def is_strength(item, levels):
    """
    Say whether an item stands at one of the two highest levels and its evidence supports that in full.

    Single answers are no strengths: there may be hundreds, and their criteria tell.
    """
    if item.get("answers") or item.get("asked"):
        return False
    return item["level"] is not None and item["level"] >= levels[-2]["rank"] and item["supported"] == item["level"]


def too_few(item):
    """Say whether too few scored an item to say how the board saw it; where the others decide, nobody needed to."""
    return bool(item["spread"]) and item["spread"]["split"] is None and not item.get("is_decided")


def is_strong_checklist(criterion, document):
    """Say whether a checklist comes to one of the two highest levels and evidence supports that in full."""
    keys = set(criterion["items"])
    if not any(item["id"] in keys and item.get("asked") for item in document["items"]):
        return False
    claimed, supported = criterion["claimed"]["level"], criterion["supported"]["level"]
    return claimed is not None and claimed >= document["framework"]["levels"][-2]["rank"] and supported == claimed


def is_development(criterion):
    """Say whether a criterion lacks a level, or the evidence for what was agreed."""
    return criterion["claimed"]["status"] == "incomplete" or criterion["is_short"]

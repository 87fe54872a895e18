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


def split_beneath(document, codes):
    """Return the labels of the split items of these criteria of a document, in its order."""
    return [label for each in document["criteria"] if each["code"] in codes for label in each["split"]]

"""How the results of a report were worked out, in words, for its method annex; pure."""

from frameworks.scale import STRENGTHS
from frameworks.spread import FEWEST_TO_SAY, SPLIT_CONSENSUS, SPLIT_RANGE
from frameworks.wording import listed

RULES = {
    "headline": (
        "Headline",
        "The lower median, but no more than one level above the lowest: the smaller of the lower median and the "
        "minimum plus one. An average cannot hide a hole.",
    ),
    "lower_median": (
        "Lower median",
        "The first level, counted upwards, at which half of the weight is reached.",
    ),
    "minimum": ("Minimum", "The lowest level."),
    "mean": (
        "Mean",
        "The weighted mean in exact fractions, rounded as the framework declares and placed in its bands.",
    ),
    "sum": ("Sum", "The weighted sum in exact fractions, placed in the framework’s bands."),
    "percent_of_maximum": (
        "Percentage of the maximum",
        "The weighted sum as a percentage of the most that it could be, rounded as the framework declares and placed "
        "in its bands.",
    ),
    "cumulative_gate": (
        "Cumulative gate",
        "A level is reached when all that belongs to it and to the levels below it is met, or the part of it that the "
        "framework declares.",
    ),
    "rule_table": (
        "Rule table",
        "The level of the first line of the framework’s table whose conditions all hold.",
    ),
    "profile_only": ("Profile only", "No level: what lies beneath is shown side by side."),
}
STATISTICS = (
    (
        "Lower median",
        "The first level, counted upwards, at which half of the scores are reached. Those who cannot judge, or hold "
        "the item not applicable, are counted outside.",
    ),
    (
        "Consensus",
        "1 + Σ p·log₂(1 − |x − mean| / width) over the levels, where p is the share of the scores at level x and width "
        "is that of the whole scale: 1 where all agree, 0 where half stand at either end (Tastle and Wierman, 2007).",
    ),
    (
        "Split",
        f"Scores that are {SPLIT_RANGE} levels or more apart with a consensus below {SPLIT_CONSENSUS}, or of which two "
        "thirds or fewer lie on the best pair of neighbouring levels. Settling a split needs a rationale; the label "
        f"stays. Fewer than {FEWEST_TO_SAY} scores are too few to say.",
    ),
    (
        "Krippendorff’s alpha",
        "Agreement over all items, for ordered levels: 1 where all agree, 0 where the scores agree no more than chance "
        "would have it (Krippendorff, 2011). It is left out where nine tenths of the scores or more are equal, since "
        "it would then mislead.",
    ),
)
MISSING = (
    "Missing is never zero: a criterion without items, or with an item that has no agreed level, is incomplete, and so "
    "is what it belongs to. What does not apply leaves the calculation, with its reason."
)
SUPPORTED = (
    "The supported level of an item is the highest level, not above the agreed one, whose demand its best artefact in "
    "date meets on the day named above. The same rules then make the supported levels of criteria and domains."
)
READINESS = (
    "Gates look at supported levels. A pathway is ready when all its gates pass; ready with conditions when all "
    "foundational gates pass and each other one that fails has an action with an owner and a date; otherwise not "
    "ready. A gate whose data are missing cannot be told, and counts as failing. Nothing is averaged."
)


def rules_used(document):
    """Return each roll-up rule that the document used: its name, what it does, and the nodes that it made."""
    nodes, all_nodes = {}, (*document["domains"], *document["criteria"])
    for node in all_nodes:
        nodes.setdefault(node["claimed"]["trace"]["rule"], []).append(node["code"])
    return [
        {
            "name": RULES[kind][0],
            "words": RULES[kind][1],
            "nodes": "every domain and criterion" if len(nodes[kind]) == len(all_nodes) else listed(nodes[kind]),
        }
        for kind in RULES
        if kind in nodes
    ]


def demands(document):
    """Return each level with its meaning and the strength of evidence that it demands, in words."""
    return [
        level | {"demand_words": STRENGTHS[level["demand"]] if level["demand"] else "no evidence"}
        for level in document["framework"]["levels"]
    ]

"""
Frameworks of the shapes that others publish, made up and small but faithful: what the portal must take without change.

Each has a golden case in which all is at its best, or as its author would work it out by hand.
"""

LEVELS = ("Absent", "Begun", "Planned", "In use", "Measured", "Leading")
BEST = {"name": "All at its best"}


def levels(*names, lowest=1, demands=None):
    demands = demands or [0] * len(names)
    return {
        "levels": [
            {"rank": lowest + place, "name": name, "meaning": f"{name}.", "demand": demand}
            for place, (name, demand) in enumerate(zip(names, demands, strict=True))
        ]
    }


def answers(code, *named):
    return {
        "code": code,
        "answers": [{"rank": rank, "name": name, "value": value} for rank, (name, value) in enumerate(named)],
    }


def framework(code, name, *, tiers, scale, nodes, golden, **more):
    return {
        "format": 1,
        "code": code,
        "number": "1.0",
        "name": name,
        "owner": "Made up for the tests",
        "notes": "",
        "language": "en-GB",
        "tiers": tiers,
        "scale": scale,
        "nodes": nodes,
        "golden": golden,
    } | more


def best(items, expect):
    return [BEST | {"items": items, "expect": {"claimed": expect}}]


def weighted_categories():
    """Categories with weights that total 100, whose means are rounded down; six levels counted from 0."""
    weights = {"A": "40", "B": "35", "C": "25"}
    nodes = [
        {
            "code": code,
            "name": f"Category {code}",
            "weight": weight,
            "rule": {"kind": "mean", "rounding": "floor"},
            "nodes": [
                {
                    "code": f"{code}{n}",
                    "name": f"Indicator {code}{n}",
                    "weight": str(n),
                    "rule": {"kind": "mean", "rounding": "floor"},
                    "descriptors": {str(rank): f"{code}{n} is {each}" for rank, each in enumerate(LEVELS)},
                }
                for n in range(1, 4)
            ],
        }
        for code, weight in weights.items()
    ]
    leaves = [leaf["code"] for node in nodes for leaf in node["nodes"]]
    return framework(
        "weighted-categories",
        "Weighted categories",
        tiers=["Category", "Indicator"],
        scale=levels(*LEVELS, lowest=0),
        rule={"kind": "mean", "rounding": "floor", "carry": "value"},
        nodes=nodes,
        golden=best({leaf: [{"level": 5}] for leaf in leaves}, {"": 5, "A": 5}),
    )


def outcomes():
    """39 outcomes with 449 statements in three classes, each outcome's level by a table of rules; three levels."""
    kinds = ("not", "part", "full")
    sizes = iter([12] * 20 + [11] * 19)

    def outcome(code):
        # Nearly as many of each class, in the order of the classes.
        counted = sorted(n % 3 for n in range(next(sizes)))
        return {
            "code": code,
            "name": f"Outcome {code}",
            "scoring": "checklist",
            "rule": "outcome",
            "statements": [
                {
                    "code": f"{kinds[kind][0].upper()}{n + 1}",
                    "class": kinds[kind],
                    "text": f"For {code}, statement {n + 1}: what is done here is known, written down, tested with "
                    "those whom it concerns and put right where it fails.",
                }
                for n, kind in enumerate(counted)
            ],
        }

    def part(code, kind, nodes):
        return {"code": code, "name": f"{kind} {code}", "rule": {"kind": "profile_only"}, "nodes": nodes}

    principles = {"A": 4, "B": 4, "C": 4, "D": 1}
    nodes = [
        part(
            objective,
            "Objective",
            [
                part(f"{objective}{n}", "Principle", [outcome(f"{objective}{n}.{each}") for each in "abc"])
                for n in range(1, number + 1)
            ],
        )
        for objective, number in principles.items()
    ]
    every = [leaf for node in nodes for each in node["nodes"] for leaf in each["nodes"]]
    assert (len(every), sum(len(leaf["statements"]) for leaf in every)) == (39, 449)
    achieved = {
        leaf["code"]: {each["code"]: "No" if each["class"] == "not" else "Yes" for each in leaf["statements"]}
        for leaf in every
    }
    return framework(
        "outcomes",
        "Outcomes of good practice",
        tiers=["Objective", "Principle", "Outcome"],
        scale=levels("Not achieved", "Partially achieved", "Achieved"),
        classes=[
            {"code": "not", "name": "Not achieved", "adverse": True},
            {"code": "part", "name": "Partially achieved"},
            {"code": "full", "name": "Achieved"},
        ],
        rules={
            "outcome": {
                "kind": "rule_table",
                "rows": [
                    {"level": 1, "when": [{"class": "not", "is": "some"}]},
                    {"level": 3, "when": [{"class": "full", "is": "all"}]},
                    {"level": 2, "when": [{"class": "part", "is": "all"}]},
                    {"level": 1},
                ],
            }
        },
        rule={"kind": "profile_only"},
        nodes=nodes,
        golden=best(achieved, {"A1.a": 3, "D1.c": 3}),
    )


def ragged():
    """A ragged tree: a domain that is a criterion, tiers of different depth, and a dimension that is optional."""

    def leaf(code, **more):
        return {"code": code, "name": f"Indicator {code}"} | more

    nodes = [
        leaf("R1"),
        {
            "code": "R2",
            "name": "People",
            "rule": {"kind": "headline"},
            "nodes": [
                leaf("R2.1"),
                {
                    "code": "R2.2",
                    "name": "Skills",
                    "rule": {"kind": "minimum"},
                    "nodes": [
                        leaf("R2.2.1"),
                        {
                            "code": "R2.2.2",
                            "name": "Training",
                            "rule": {"kind": "lower_median"},
                            "nodes": [leaf("R2.2.2.1"), leaf("R2.2.2.2")],
                        },
                    ],
                },
            ],
        },
        {
            "code": "R3",
            "name": "Abroad",
            "optional": True,
            "rule": {"kind": "minimum"},
            "nodes": [leaf("R3.1", optional=True), leaf("R3.2", optional=True)],
        },
    ]
    items = {code: [{"level": 4}] for code in ("R1", "R2.1", "R2.2.1", "R2.2.2.1", "R2.2.2.2")}
    return framework(
        "ragged",
        "A ragged tree",
        tiers=["Dimension", "Theme", "Topic", "Indicator"],
        scale=levels("One", "Two", "Three", "Four", demands=[0, 0, 2, 3]),
        rule={"kind": "minimum"},
        nodes=nodes,
        # A gate may go without a name.
        pathways=[
            {
                "code": "abroad",
                "name": "Abroad",
                "gates": [{"code": "A1", "kind": "coverage", "percent": 99, "foundational": False}],
            }
        ],
        golden=best(items | {"R3": "not_applicable"}, {"": 4, "R3": "not_applicable"}),
    )


def ladder():
    """Practices as ladders: rungs in order, asked until the first that is not met."""
    nodes = [
        {
            "code": f"L{n}",
            "name": f"Practice {n}",
            "scoring": "checklist",
            "rule": {"kind": "cumulative_gate", "unanswered": "until_decided"},
            "statements": [
                {"code": f"r{rung}", "of_level": rung, "text": f"Rung {rung} of practice {n} is reached."}
                for rung in range(2, 6)
            ],
        }
        for n in range(1, 5)
    ]
    climbed = {f"L{n}": {"r2": "Yes", "r3": "No"} for n in range(1, 5)}
    return framework(
        "ladder",
        "Ladders of practice",
        tiers=["Practice"],
        scale=levels("Ground", "First", "Second", "Third", "Fourth"),
        rule={"kind": "minimum"},
        nodes=nodes,
        golden=best(climbed, {"": 2, "L1": 2}),
    )


def streams():
    """Practices with two streams by level, each answered in quarters and added up, whatever lies below."""
    nodes = [
        {
            "code": function,
            "name": f"Function {function}",
            "rule": {"kind": "mean", "carry": "value", "bands": "none"},
            "nodes": [
                {
                    "code": f"{function}{n}",
                    "name": f"Practice {function}{n}",
                    "scoring": "checklist",
                    "answers": "quarters",
                    "rule": {"kind": "sum", "bands": "none"},
                    "statements": [
                        {
                            "code": f"{stream}{level}",
                            "of_level": level,
                            "weight": "1/2",
                            "text": f"Stream {stream} at level {level}.",
                        }
                        for stream in "AB"
                        for level in (1, 2, 3)
                    ],
                }
                for n in (1, 2)
            ],
        }
        for function in ("G", "D", "V")
    ]
    full = {f"{stream}{level}": "Most or all" for stream in "AB" for level in (1, 2, 3)}
    practices = [f"{function}{n}" for function in "GDV" for n in (1, 2)]
    case = {"items": dict.fromkeys(practices, full), "expect": {"claimed": {"": "no_level"}}}
    case["expect"]["claimed_values"] = {"": 3, "G1": 3}
    return framework(
        "streams",
        "Streams of practice",
        tiers=["Function", "Practice"],
        scale=levels("Initial", "Structured", "Optimised"),
        answers=[
            answers("quarters", ("No", "0"), ("Some", "1/4"), ("Half", "1/2"), ("Most or all", "1")),
        ],
        rule={"kind": "mean", "carry": "value", "bands": "none", "rounding": "half_up", "digits": 2},
        nodes=nodes,
        golden=[BEST | case],
    )


def territoire():
    """367 nodes in French: parts in per cent that total 100 at every tier, one item each, and a label by points."""
    parts = {6: ["20", "20", "20", "15", "15", "10"], 9: ["15", "15", "10", "10", "10", "10", "10", "10", "10"]}
    assert all(sum(map(int, some)) == 100 for some in parts.values())
    rule = {"kind": "percent_of_maximum", "carry": "value", "bands": "none", "rounding": "truncate", "digits": 1}
    nodes = [
        {
            "code": f"{axe}",
            "name": f"Axe {axe} : énergie, mobilité et qualité de l’air",
            "weight": parts[6][axe - 1],
            "rule": rule,
            "nodes": [
                {
                    "code": f"{axe}.{domaine}",
                    "name": f"Domaine {axe}.{domaine} : élaborer et évaluer",
                    "weight": parts[6][domaine - 1],
                    "rule": rule,
                    "nodes": [
                        {
                            "code": f"{axe}.{domaine}.{action}",
                            "name": f"Action {axe}.{domaine}.{action}",
                            "summary": "La collectivité définit, met en œuvre et évalue l’action avec ses partenaires.",
                            "weight": parts[9][action - 1],
                            "answers": "statuts",
                            "items": "one",
                            "rule": {"kind": "percent_of_maximum", "bands": "none"},
                        }
                        for action in range(1, 10)
                    ],
                }
                for domaine in range(1, 7)
            ],
        }
        for axe in range(1, 7)
    ]
    actions = [each["code"] for axe in nodes for domaine in axe["nodes"] for each in domaine["nodes"]]
    assert 1 + 6 + 36 + len(actions) == 367
    return framework(
        "territoire",
        "Territoire engagé : référentiel d’évaluation",
        language="fr",
        tiers=["Axe", "Domaine", "Action"],
        scale=levels("Pas d’étoile", "Une étoile", "Deux étoiles", "Trois étoiles"),
        answers=[
            answers("statuts", ("Pas fait", "0"), ("Programmé", "1/4"), ("En cours", "1/2"), ("Fait", "1")),
        ],
        rule=rule | {"bands": {"1": 0, "2": 35, "3": 50, "4": 75}},
        nodes=nodes,
        golden=best({code: [{"level": "Fait"}] for code in actions}, {"": 4}),
    )


def truncated():
    """Means cut to one decimal before they are banded, in areas and as a whole."""
    rule = {"kind": "mean", "rounding": "truncate", "digits": 1}
    bands = {"1": 1, "2": "1.8", "3": "2.6", "4": "3.4", "5": "4.2"}
    nodes = [
        {
            "code": area,
            "name": f"Area {area}",
            "rule": rule | {"bands": bands},
            "nodes": [{"code": f"{area}{n}", "name": f"Question {area}{n}", "items": "one"} for n in range(1, 4)],
        }
        for area in "PQR"
    ]
    items = {f"{area}{n}": [{"level": 5}] for area in "PQR" for n in range(1, 4)}
    return framework(
        "truncated",
        "Means cut to one decimal",
        tiers=["Area", "Question"],
        scale=levels("Initial", "Aware", "Defined", "Managed", "Leading"),
        rule=rule | {"carry": "value", "bands": bands},
        nodes=nodes,
        golden=best(items, {"": 5, "P": 5}),
    )


SHAPES = {
    build.__name__: build for build in (weighted_categories, outcomes, ragged, ladder, streams, territoire, truncated)
}

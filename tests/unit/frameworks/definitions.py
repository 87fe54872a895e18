"""A small made-up framework that has something of everything, and ways to vary it."""

import copy

from frameworks.definition import Definition, parse

LEVELS = [
    {"rank": 1, "name": "Emerging", "meaning": "First steps.", "demand": 0},
    {"rank": 2, "name": "Evolving", "meaning": "Under way.", "demand": 0},
    {"rank": 3, "name": "Established", "meaning": "In use.", "demand": 2},
    {"rank": 4, "name": "Thriving", "meaning": "Proven.", "demand": 3},
]


def criterion(code: str, **more: object) -> dict:
    return {
        "code": code,
        "name": f"Criterion {code}",
        "summary": f"What {code} asks.",
        "descriptors": {rank: f"{code} at {rank}" for rank in range(1, 5)},
        "expected_evidence": [f"A plan for {code}"],
    } | more


# Unlike the real framework: uneven depth, fractions as weights, a part without weight and one of each rule.
GARDEN = {
    "format": 1,
    "code": "garden",
    "number": "1.0",
    "name": "Community garden framework",
    "owner": "The allotment society",
    "notes": "Made up for the tests.",
    "language": "en-GB",
    "tiers": ["Domain", "Theme", "Criterion"],
    "scale": {"levels": LEVELS},
    "rule": {"kind": "profile_only"},
    "nodes": [
        {
            "code": "SO",
            "name": "Soil",
            "rule": {"kind": "headline"},
            "nodes": [criterion("SO1"), criterion("SO2"), criterion("SO3", optional=True)],
        },
        {
            "code": "PE",
            "name": "People",
            "rule": {"kind": "mean", "rounding": "half_up", "digits": 0},
            "nodes": [
                criterion("PE1", weight="3/2", rule={"kind": "minimum"}),
                {
                    "code": "PE2",
                    "name": "Welcome",
                    "rule": {"kind": "lower_median"},
                    "nodes": [criterion("PE2a", weight=2), criterion("PE2b", rule={"kind": "lower_median"})],
                },
                criterion("PE3", weight=0),
            ],
        },
    ],
    "pathways": [
        {
            "code": "seed-fund",
            "name": "Seed fund",
            "summary": "Spending up to a small sum.",
            "ready_text": "The society may hand over the seed fund.",
            "gates": [
                {"code": "G1", "kind": "node_at_least", "node": "SO1", "level": 2, "foundational": True},
                {"code": "G2", "kind": "floor", "level": 2, "foundational": True},
                {"code": "G3", "kind": "coverage", "percent": 50, "foundational": False},
                {"code": "G4", "kind": "complete", "foundational": True},
                {"code": "G5", "kind": "splits_settled", "foundational": False},
                {"code": "G6", "kind": "conditions_closed", "foundational": False},
                {"code": "G7", "kind": "coverage", "percent": 100, "node": "SO", "foundational": False},
            ],
        }
    ],
    "golden": [
        {
            "name": "Good soil, few people",
            "items": {
                "SO1": [{"level": 3, "strength": 2}, {"level": 4, "strength": 2}],
                "SO2": [{"level": 3, "strength": 4}],
                "SO3": [{"not_applicable": True}],
                "PE1": [{"level": 2, "strength": 0}],
                "PE2a": [{"level": 2}],
                "PE2b": [{"level": 3, "strength": 1}],
            },
            "unsettled_splits": 1,
            "expect": {
                "claimed": {"SO1": 3, "SO3": "not_applicable", "SO": 3, "PE": 2, "": "no_level", "PE3": "incomplete"},
                "supported": {"SO1": 3, "PE2b": 2},
                "gates": {"seed-fund": {"G1": "pass", "G2": "pass", "G5": "fail", "G7": "pass"}},
            },
        }
    ],
}


def garden(**changes: object) -> dict:
    """Return a fresh copy of the garden's definition with some of its top fields replaced."""
    return copy.deepcopy(GARDEN) | changes


def flat(
    *codes: str, rule: dict | None = None, levels: list[dict] | None = None, gates: list[dict] | None = None
) -> Definition:
    """Build a framework of criteria in one domain D, all with the same rule."""
    rule = rule or {"kind": "headline"}
    levels = levels or LEVELS
    texts = {level["rank"]: level["name"] for level in levels}
    data = garden(
        tiers=["Domain", "Criterion"],
        scale={"levels": levels},
        nodes=[
            {
                "code": "D",
                "name": "Design",
                "rule": rule,
                "nodes": [criterion(code, rule=rule, descriptors=texts) for code in codes],
            }
        ],
        pathways=[{"code": "way", "name": "A way", "gates": gates}] if gates else [],
        golden=[],
    )
    return parse(data)

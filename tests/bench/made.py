"""Frameworks and items of any size for the benchmark, the same in every run."""

from frameworks.items import ItemInput

LEVELS = [
    {"rank": 1, "name": "Emerging", "meaning": "First steps.", "demand": 0},
    {"rank": 2, "name": "Evolving", "meaning": "Under way.", "demand": 1},
    {"rank": 3, "name": "Established", "meaning": "In use.", "demand": 2},
    {"rank": 4, "name": "Thriving", "meaning": "Proven.", "demand": 3},
]
BENEATH = 10
DESCRIPTOR = "What a board would see at this level, in a sentence or two of ordinary length, as they mostly are. "


def framework(criteria: int) -> dict:
    """Return a framework with so many criteria, ten in each domain, a pathway, and two golden cases."""
    domains = [
        {
            "code": f"D{domain}",
            "name": f"Domain {domain}",
            "summary": "What the domain is about.",
            "rule": "headline" if domain % 2 else {"kind": "mean", "rounding": "half_up", "digits": 0},
            "nodes": [_criterion(f"D{domain}.{number}", number) for number in range(min(BENEATH, criteria - at))],
        }
        for domain, at in enumerate(range(0, criteria, BENEATH), start=1)
    ]
    for each in domains:
        if each["rule"] == "headline":
            del each["rule"]
    first = domains[0]["nodes"][0]["code"]
    gates = [
        {"code": "G1", "kind": "floor", "level": 2, "foundational": True},
        {"code": "G2", "kind": "node_at_least", "node": "D1", "level": 3, "foundational": True},
        {"code": "G3", "kind": "coverage", "percent": 80, "foundational": False},
        {"code": "G4", "kind": "complete", "foundational": True},
    ]
    return {
        "format": 1,
        "code": f"bench-{criteria}",
        "number": "1.0",
        "name": f"A framework of {criteria} criteria",
        "language": "en-GB",
        "tiers": ["Domain", "Criterion"],
        "scale": {"levels": LEVELS},
        "rule": {"kind": "headline"},
        "nodes": domains,
        "pathways": [{"code": "all", "name": "All", "gates": gates}],
        "golden": [
            {"name": "Nothing is agreed", "items": {}, "expect": {"claimed": {"": "incomplete"}}},
            {"name": "One item", "items": {first: [{"level": 3, "strength": 1}]}, "expect": {"supported": {first: 2}}},
        ],
    }


def _criterion(code: str, number: int) -> dict:
    return {
        "code": code,
        "name": f"Criterion {code}",
        "summary": "What the criterion asks of a place, in one sentence of ordinary length.",
        "weight": 1 + number % 3,
        "descriptors": {str(rank): DESCRIPTOR * 2 for rank in range(1, 5)},
        "expected_evidence": ["A plan that the board has adopted", "Minutes that show it in use"],
    }


def items(definition, number: int) -> dict[str, list[ItemInput]]:
    """Return so many items, spread evenly over the criteria, at levels and with evidence that differ."""
    found = {node.code: [] for node in definition.criteria}
    codes = list(found)
    for at in range(number):
        some = found[codes[at % len(codes)]]
        key = f"{codes[at % len(codes)]}.{len(some) + 1}"
        some.append(ItemInput(key, 1 + (at * 7 + at // 5) % 4, strength=(at * 3 + at // 7) % 5))
    return found

"""The sections of the readiness report, in their order, with their numbers; pure."""

BEFORE = (
    ("readiness", "Readiness and its gates"),
    ("profile", "Profile"),
    ("coverage", "Evidence coverage"),
    ("agreement", "Agreement"),
    ("strengths", "Strengths and development areas"),
)
AFTER = (
    ("actions", "Actions"),
    ("governance", "Governance, partners and board"),
    ("signing", "Sign-off"),
)
ANNEXES = (
    ("register", "Evidence register"),
    ("method", "Method and formulas"),
    ("history", "History and proof"),
)


def sections_of(domains):
    """Return the report's sections by anchor, each with its number ("4", "A") and title, in the order of the report."""
    numbered = [*BEFORE, *((f"domain-{domain['code']}", domain["name"]) for domain in domains), *AFTER]
    sections = {
        anchor: {"anchor": anchor, "number": str(number), "title": title}
        for number, (anchor, title) in enumerate(numbered, 1)
    }
    for letter, (anchor, title) in zip("ABC", ANNEXES, strict=True):
        sections[anchor] = {"anchor": anchor, "number": f"Annex {letter}", "title": title}
    return sections

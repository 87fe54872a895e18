"""The sections of the readiness report, in their order, with their numbers; pure."""

# Reports of content that was sealed in an earlier format were printed in another order.
SINCE_FORMAT = 7
NUMBERED = (
    ("readiness", "Readiness and its gates"),
    ("profile", "Profile"),
    ("coverage", "Evidence coverage"),
    ("agreement", "Agreement and split items"),
    ("strengths", "Strengths and development areas"),
    ("actions", "Actions"),
    ("improvement", "Improvement"),
    ("voice", "Voice of the community"),
    ("governance", "Governance, partners and board"),
    ("signing", "Sign-off"),
)
# After the domains, which are the parts of annex A.
ANNEXES = (
    ("register", "Evidence register"),
    ("method", "Method and formulas"),
    ("history", "History and proof"),
)


def sections_of(domains):
    """Return the report's sections by anchor, each with its number ("4", "Annex B") and title, in their order."""
    told = [(str(number), *section) for number, section in enumerate(NUMBERED, 1)]
    told += [
        (f"Annex A{number}", f"domain-{domain['code']}", domain["name"]) for number, domain in enumerate(domains, 1)
    ]
    told += [(f"Annex {letter}", *section) for letter, section in zip("BCD", ANNEXES, strict=True)]
    return {anchor: {"anchor": anchor, "number": number, "title": title} for number, anchor, title in told}

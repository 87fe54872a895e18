"""
The words of the portal and what they mean, each once.

Pages show them with the tag of `partnership.templatetags.glossary`; the names of levels are the framework's own and
stand where it is used.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word with its meaning; `code` names it in templates and addresses, and `also` names terms to read beside it."""

    code: str
    name: str
    meaning: str
    also: tuple[str, ...] = ()


TERMS = (
    Term(
        "agreed-level",
        "Agreed level",
        "The level that the board settles on for an item after it has seen everybody's scores, with the reason where "
        "one is needed. It is a decision, not a calculation: the scores inform it.",
        ("lower-median", "dissent"),
    ),
    Term(
        "artefact",
        "Artefact",
        "A document, link, minute, data extract, chart or certificate that shows something. It stands once in the "
        "place's evidence register and can be attached to many items.",
        ("strength", "evidence-item"),
    ),
    Term(
        "ballot",
        "Ballot",
        "One round of scores for an item. If the board scores an item again, that is a second ballot; the first is "
        "kept.",
    ),
    Term(
        "cannot-judge",
        "Cannot judge",
        "What a member chooses who does not know enough about an item. It is counted and shown, but it is no level and "
        "moves no result.",
        ("not-applicable",),
    ),
    Term(
        "checklist",
        "Checklist",
        "A criterion whose questions the framework asks word for word. The board answers each of them, and the level "
        "follows from the answers.",
        ("criterion",),
    ),
    Term(
        "claimed",
        "Claimed level",
        "What the place itself says: the level that follows from what its board agreed.",
        ("supported", "reviewed"),
    ),
    Term(
        "condition",
        "Condition",
        "Something that the ICB asks for when it accepts a pathway, with a day by which it must be done. It stays open "
        "until somebody closes it on record.",
        ("pathway",),
    ),
    Term(
        "consensus",
        "Consensus",
        "How close together an item's scores lie, as a number from 0 to 1. At 1 all chose the same level; at 0 half "
        "chose the lowest level and half the highest. (The measure of Tastle and Wierman.)",
        ("split",),
    ),
    Term(
        "coverage",
        "Coverage",
        "How many items have at least one artefact in date, out of the items that apply.",
        ("in-date", "not-applicable"),
    ),
    Term(
        "criterion",
        "Criterion",
        "One of the things that the framework asks about. Criteria are grouped in domains, and a place writes its "
        "items against them.",
        ("domain", "evidence-item"),
    ),
    Term(
        "declaration",
        "Declaration of interest",
        "What a signatory records who should not sign because of an interest of their own. It is printed, and does not "
        "count towards the quorum.",
        ("quorum",),
    ),
    Term(
        "decline",
        "Decline",
        "What a signatory records whose organisation does not sign, with the reason. It is printed, and does not count "
        "towards the quorum.",
        ("reservation", "quorum"),
    ),
    Term(
        "descriptor",
        "Descriptor",
        "What a level means for one criterion: a sentence or two that describe a partnership at that level.",
        ("level",),
    ),
    Term(
        "dissent",
        "Dissent",
        "What a member puts on record who does not share the agreed level. It is printed beside the level; the member "
        "chooses whether their organisation is named.",
        ("agreed-level",),
    ),
    Term("domain", "Domain", "A group of criteria, such as governance or delivery.", ("criterion",)),
    Term(
        "evidence-item",
        "Evidence item",
        "A numbered statement that the place makes about itself against a criterion. It is what members score. On a "
        "checklist the framework makes the statement.",
        ("artefact", "criterion"),
    ),
    Term(
        "foundational",
        "Foundational gate",
        "A gate that nothing can stand in for. If one fails, the pathway reads “not ready”, whatever is planned.",
        ("gate", "ready"),
    ),
    Term(
        "framework",
        "Framework",
        "The criteria, levels, rules and gates by which places are judged. Each version is published once and never "
        "changes afterwards.",
        ("criterion", "level"),
    ),
    Term(
        "gate",
        "Gate",
        "One thing that a readiness pathway asks for, such as a level in a criterion or enough evidence. Each is shown "
        "with its value and what would mend it.",
        ("pathway", "foundational"),
    ),
    Term(
        "golden-case",
        "Golden case",
        "Made-up levels with the results that must follow from them. A framework is published only if it gives exactly "
        "those.",
        ("framework",),
    ),
    Term(
        "hash",
        "Hash",
        "A long number worked out from a text, like a fingerprint. If a single character of the text changed, the "
        "number would be another, so two texts with the same hash are the same.",
        ("snapshot",),
    ),
    Term(
        "headline",
        "Headline rule",
        "A rule for summing up: the lower median, but at most one level above the lowest. So a good average cannot "
        "hide a hole.",
        ("lower-median", "roll-up"),
    ),
    Term("icb", "ICB", "Integrated Care Board: the NHS body of a system. It decides what to delegate to its places."),
    Term(
        "in-date",
        "In date",
        "An artefact whose review-by day has not passed. One that is out of date counts for nothing until somebody "
        "renews it.",
        ("artefact", "strength"),
    ),
    Term(
        "incomplete",
        "Incomplete",
        "A result that cannot be given yet because an item is missing or not settled. It is never counted as zero.",
    ),
    Term(
        "level",
        "Level",
        "A step on the framework's scale, lowest first. Each framework names its own and says what they mean for each "
        "criterion.",
        ("descriptor", "scale"),
    ),
    Term(
        "lower-median",
        "Lower median",
        "The middle of the scores: the first level, counted from the lowest, at which half of them are reached. Where "
        "two levels share the middle it is the lower one.",
        ("spread",),
    ),
    Term(
        "not-applicable",
        "Not applicable",
        "Said of an item that makes no sense for this place, always with a reason. It is left out of every result; how "
        "many were left out is shown.",
        ("cannot-judge",),
    ),
    Term(
        "pathway",
        "Readiness pathway",
        "A step of delegation that a place can be ready for, such as a shadow committee. It passes when its gates do.",
        ("gate", "ready"),
    ),
    Term(
        "quorum",
        "Quorum",
        "Who must have signed before the chair can close the signing: the organisations that the round names, and a "
        "least number in all. A signature with a reservation counts.",
        ("reservation", "decline"),
    ),
    Term(
        "rationale",
        "Rationale",
        "Why the board settled on a level, in its own words. An item whose scores are split cannot be settled without "
        "one.",
        ("split",),
    ),
    Term(
        "ready",
        "Ready, ready with conditions, not ready",
        "Ready: every gate passes. Ready with conditions: every foundational gate passes, and each other one that "
        "fails has an action with an owner and a day. Not ready: anything else.",
        ("gate", "foundational"),
    ),
    Term(
        "reservation",
        "Reservation",
        "Words that a signatory signs with, because something in the content troubles their organisation. They are "
        "printed beside the signature, which counts.",
        ("quorum",),
    ),
    Term(
        "reviewed",
        "Reviewed level",
        "The level that a reviewer gives after the place has submitted. It stands beside the place's own and replaces "
        "nothing.",
        ("claimed", "supported"),
    ),
    Term(
        "roll-up",
        "Roll-up",
        "How levels of items become a level of their criterion, domain or place: by a rule that the framework declares "
        "for each of them. The page of each result shows its rule and what went in.",
        ("headline", "lower-median"),
    ),
    Term(
        "round",
        "Round",
        "One cycle of assessment in a system: the same framework version and dates for every place in it.",
    ),
    Term("scale", "Scale", "The levels of a framework in their order.", ("level",)),
    Term(
        "signatory",
        "Signatory",
        "The person who gives their organisation's word on what is put up for signature. They may name a deputy.",
        ("snapshot", "quorum"),
    ),
    Term(
        "snapshot",
        "Snapshot",
        "The content of an assessment as it was put up for signature, written down once with its hash. Everybody signs "
        "the same one; nothing in it changes afterwards.",
        ("hash",),
    ),
    Term(
        "split",
        "Split",
        "Said of an item whose scores lie far apart: two levels or more with little consensus, or no two neighbouring "
        "levels that hold more than two thirds of them. The word stays beside the level, also once it is settled.",
        ("spread", "consensus", "rationale"),
    ),
    Term(
        "spread",
        "Spread",
        "How the scores of an item lie over the levels. With fewer than three scores there are too few to say.",
        ("split", "lower-median"),
    ),
    Term(
        "strength",
        "Strength of evidence",
        "What an artefact can show, from 0 to 4: none or out of date, documented intent, documented process in use, "
        "measured performance, independent assurance. The place lead proposes it; until then the artefact counts for "
        "nothing. The framework says how strong evidence each level needs.",
        ("artefact", "supported"),
    ),
    Term(
        "superseded",
        "Superseded",
        "Said of a signed version whose place a later one has taken. It can still be read and checked.",
        ("snapshot",),
    ),
    Term(
        "supported",
        "Supported level",
        "The highest level, not above the claimed one, for which the evidence in date is strong enough. It can be "
        "lower than what the board agreed, or none at all.",
        ("claimed", "strength"),
    ),
    Term(
        "target",
        "Target",
        "The level that a place aims for in a criterion by a day that it chose itself.",
    ),
    Term(
        "workshop",
        "Workshop",
        "A meeting in which the board settles items together: one screen for the room, and each member votes from "
        "their own device.",
        ("ballot",),
    ),
)
BY_CODE = {term.code: term for term in TERMS}

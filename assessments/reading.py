"""Read from an assessment's document what pages and reports of more than one room show. Pure."""

from datetime import date
from fractions import Fraction

from frameworks.items import noun
from frameworks.wording import decimal

# Pages fold a framework with more criteria than this by its domains.
MOST_UNFOLDED = 60
# What people read from top to bottom before they sign is folded where it has more items or statements than this, too.
MOST_ITEMS_UNFOLDED = 150


def noun_of(document):
    """Return what the things that were scored are called: statements where nothing else was, items otherwise."""
    return noun(bool(document["items"]) and all(item.get("asked") for item in document["items"]))


def is_long(document):
    """Say whether a document has more than anybody reads on an unfolded page."""
    return len(document["criteria"]) > MOST_UNFOLDED or len(document["items"]) > MOST_ITEMS_UNFOLDED


def counts(item):
    """Say whether an item counts for coverage: it applies, and the level is not decided without it."""
    return item["judgement"] != "NOT_APPLICABLE" and not item.get("is_decided")


def levels_of(document, item):
    """Return what an item is rated on: the framework's levels or, on a checklist, the answers to its statement."""
    framework = document["framework"]
    # Content that was sealed before checklists could be scored says nothing of answers.
    return framework["answers"][item["answers"]] if item.get("answers") else framework["levels"]


def tags(levels, *, is_numbered=True):
    """
    Return levels by rank as components/level_tag.html takes them: name, place from 1 among how many, and number.

    Answers have names alone.
    """
    return {
        level["rank"]: {
            "level": level["rank"],
            "name": level["name"],
            "rank": place,
            "of": len(levels),
            "number": level["rank"] if is_numbered else "",
        }
        for place, level in enumerate(sorted(levels, key=lambda level: level["rank"]), start=1)
    }


def item_tags(document, item):
    """Return what an item is rated on, by rank, as `tags` does."""
    return tags(levels_of(document, item), is_numbered=not item.get("answers"))


def number_of(result):
    """Return the number that a rule calculated, in words such as "62%" or "2.83 (17/6)"; "" where none did."""
    trace = result["trace"]
    if not trace["rounding"]:
        return ""
    return decimal(Fraction(trace["rounding"]["rounded"]), "%" if trace["rule"] == "percent_of_maximum" else "")


def number_beside(result):
    """Return the number to be shown beside a result's level; "" where it is the level's own, which says it already."""
    number = number_of(result)
    return "" if number == str(result["level"]) else number


def without_level(result, statuses):
    """Return what stands where a result has no level: its number where its rule gives one, else its status in words."""
    number = number_of(result) if result["status"] == "no_level" else ""
    return number or statuses.get(result["status"], "")


def in_order(document, domain, criteria):
    """
    Yield what a domain holds, in document order: each tier between before its first criterion, and the criteria.

    `criteria` are the document's by code. Content that was sealed before tiers between were shown has none.
    """
    tiers = {tier["code"]: tier for tier in document.get("tiers", ())}
    told = {domain["code"]}
    for code in domain["criteria"]:
        above, parent = [], criteria[code].get("parent", "")
        while parent in tiers and parent not in told:
            above.insert(0, tiers[parent])
            parent = tiers[parent]["parent"]
        told.update(tier["code"] for tier in above)
        yield from above
        yield criteria[code]


def targets(document):
    """Return the place's targets by criterion; none where it has none, or was frozen before there were any."""
    found = document.get("aims", {}).get("targets")
    return found["levels"] if found else {}


def target_day(document):
    """Return the day by which the place's targets are to be reached; None where it has none."""
    found = document.get("aims", {}).get("targets")
    return date.fromisoformat(found["reach_by"]) if found else None


def planned(document, pathway):
    """Return the day that is planned for a pathway, with all that were planned before it, or None."""
    return document.get("aims", {}).get("pathways", {}).get(pathway)


def reviewed(document):
    """
    Return what the ICB's reviewers had found when the content was made: levels, day and digest of the decision.

    `of` says what it was on: the version that this one took the place of, else the round before. None where the ICB had
    decided on neither, and in content that was sealed before format 7.
    """
    if found := (document.get("reopens") or {}).get("reviewed"):
        return found | {"of": f"version {document['reopens']['number']}"}
    if found := (document["previous"] or {}).get("reviewed"):
        return found | {"of": document["previous"]["round"]}
    return None

"""A frozen document as pages go through it: domains with criteria with items, levels by name, nothing left out."""

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.module_loading import import_string

from assessments import reading
from assessments.standing import beside, of_node
from frameworks.items import noun

STATUSES = {
    "incomplete": "Incomplete",
    "not_applicable": "Not applicable",
    "none_supported": "No level supported",
    "no_level": "No single level",
}


def displayed(document):
    """
    Return a frozen document as a page goes through it, every part of it.

    Higher rooms put their own sections into words (`settings.SNAPSHOT_SECTIONS_IN_WORDS`): a list of parts, each with
    a heading and lines.
    """
    criteria = {criterion["code"]: criterion for criterion in document["criteria"]}
    items = {item["id"]: item for item in document["items"]}
    artefacts = {artefact["id"]: artefact for artefact in document["artefacts"]}
    levels = reading.tags(document["framework"]["levels"])

    def shown_item(item):
        rated_on = reading.item_tags(document, item)
        return item | {
            "agreed": rated_on.get(item["level"]),
            "agreed_words": "Not applicable" if item["judgement"] == "NOT_APPLICABLE" else "Not settled",
            "standing": beside(
                split=item["spread"] and item["spread"]["split"],
                level=item["level"],
                supported=item["supported"],
                names={rank: level["name"] for rank, level in rated_on.items()},
            ),
            "evidence": [artefacts[citation["artefact"]] | citation for citation in item["cited"]],
        }

    def with_levels(node):
        claimed, supported = node["claimed"], node["supported"]
        return node | {
            "claimed_level": levels.get(claimed["level"]),
            "claimed_words": STATUSES.get(claimed["status"], ""),
            "claimed_number": reading.number_beside(claimed),
            "supported_level": levels.get(supported["level"]),
            "supported_words": STATUSES.get(supported["status"], ""),
            "supported_number": reading.number_beside(supported),
            "split_words": of_node(document, node),
        }

    def shown_criterion(code):
        own = [items[key] for key in criteria[code]["items"]]
        return with_levels(criteria[code]) | {
            "noun": noun(bool(own) and bool(own[0].get("asked"))),
            "items": [shown_item(item) for item in own],
        }

    return document | {
        "noun": reading.noun_of(document),
        "is_folded": reading.is_long(document),
        "as_at": parse_date(document["as_at"]),
        "whole": with_levels(document["whole"]) if document.get("whole") else None,
        "domains": [
            with_levels(domain) | {"criteria": [shown_criterion(code) for code in domain["criteria"]]}
            for domain in document["domains"]
        ],
        "artefacts": [
            artefact
            | {day: parse_date(artefact[day] or "") for day in ("dated_on", "review_by")}
            | {"sensitivity_words": _within(artefact["sensitivity"])}
            for artefact in document["artefacts"]
        ],
        # What was frozen in format 1 says less of bodies and nothing of agreements.
        "bodies": [body | {"starts_on": parse_date(body.get("starts_on") or "")} for body in document["bodies"]],
        "agreements": [
            each | {day: parse_date(each[day] or "") for day in ("starts_on", "ends_on", "review_by")}
            for each in document.get("agreements", ())
        ],
        "agreement": document["agreement"] | {"split": [items[key]["label"] for key in document["agreement"]["split"]]},
        "previous": document["previous"]
        and document["previous"] | {"sealed_at": parse_datetime(document["previous"]["sealed_at"])},
        "aims_in_words": list(_aims(document)),
        "parts": [part for name in document for part in _in_words(name, document)],
        # Higher rooms' sections may bring statements of their own, such as readiness in a sentence.
        "statements": [
            statement
            for section in document.values()
            if isinstance(section, dict)
            for statement in section.get("statements", ())
        ],
    }


def _aims(document):
    """Yield what the place aims for as headings and texts; what was frozen before format 4 says nothing of it."""
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    aims = document.get("aims", {"targets": None, "pathways": {}})
    if found := aims["targets"]:
        levels = "; ".join(f"{code} {names[level]}" for code, level in found["levels"].items())
        yield {"heading": f"Targets for {_day(found['reach_by'])}", "text": f"{levels}. {_said(found)}"}
    for code, found in aims["pathways"].items():
        for said in found["history"]:
            yield {"heading": f"{code} planned for {_day(said['planned_on'])}", "text": _said(said)}


def _said(said):
    told = f"Said by {said['set_by']} on {_day(said['set_at'][:10])}."
    return f"{told} {said['reason']}".strip()


def _day(text):
    return date_format(parse_date(text), "j F Y")


def _in_words(name, document):
    """Return the parts into which a higher room puts its section, none for what is this room's own."""
    path = settings.SNAPSHOT_SECTIONS_IN_WORDS.get(name)
    if path is None:
        return ()
    return import_string(path)(document)


def _within(words):
    """Return words as they stand within a sentence."""
    return words[:1].lower() + words[1:]

"""
The document of a case: what pages show, what is frozen for signature, and what the report is made from.

Pure. All three come from one place, so that they say the same. docs/content.md describes the document.
"""

from assessments.case import Case
from assessments.sectors import large_shares
from frameworks.definition import Node

CONTENT_FORMAT = 8

# What stands for the title of an artefact that only the board may read about.
BOARD_ONLY = "An artefact for the board only"


def content(case: Case) -> dict:
    """
    Return the case as a document of plain data: text, whole numbers, lists and dicts only.

    Fractions stand as "n/d" text, dates as ISO text. Sections of higher rooms are added by those who freeze it.
    """
    definition, answers = case.definition, _answers(case)
    return {
        "format": CONTENT_FORMAT,
        "as_at": case.as_at.isoformat(),
        "framework": {
            "code": definition.code,
            "number": definition.number,
            "name": definition.name,
            "notes": definition.notes,
            "levels": _levels(definition.scale),
            "answers": {key: _levels(scale) for scale, key in answers.items()},
        },
        "whole": _whole(case),
        "tiers": [_tier(case, node) for node in definition.nodes.values() if _is_between(node)],
        "domains": [_domain(case, node) for node in definition.domains],
        "criteria": [_criterion(case, node) for node in definition.criteria],
        "items": [_item(case, item, answers) for item in case.items],
        "artefacts": [_artefact(case, artefact) for artefact in case.evidence.values()],
        "coverage": _coverage(case),
        "agreement": _agreement(case),
    }


def _agreement(case):
    """Return how far the board agreed over the whole assessment; who scored what is for the board alone."""
    rated = case.rated_by_level
    return {
        "assessors": len(case.panel),
        "counts": _summed(case, rated) if rated else [],
        "not_in_counts": len(case.items) - len(rated),
        "split": [item.key for item in case.items if case.is_split(item)],
        "large_shares": len(large_shares(case.panel)),
        "alpha": None if (alpha := case.alpha()) is None else f"{alpha:.3f}",
    }


def _levels(scale):
    return [
        {"rank": level.rank, "name": level.name, "meaning": level.meaning, "demand": level.demand}
        for level in scale.levels
    ]


def _answers(case):
    """Return the scales other than the framework's levels that items are rated on, each with a key of its own."""
    scales = dict.fromkeys(scale for item in case.items if (scale := case.scale(item)) != case.definition.scale)
    return {scale: str(number) for number, scale in enumerate(scales, start=1)}


def _whole(case):
    """Return the framework's one result for the place; None where it sums nothing up, as most do not."""
    rule = case.definition.root.rule
    return _standings(case, case.definition.root) if rule.gives_level or rule.gives_value else None


def _is_between(node: Node):
    """Say whether a node is neither the root, nor a domain, nor a criterion."""
    return bool(node.parent_code) and not node.is_criterion


def _tier(case, node: Node):
    return _standings(case, node) | {
        "parent": node.parent_code,
        "criteria": [child.code for child in node.walk() if child.is_criterion],
    }


def _result(case, result):
    return {
        "status": str(result.status),
        "level": result.level,
        "sentence": result.trace.sentence(case.definition),
        "trace": result.trace.to_data(case.definition),
    }


def _standings(case, node):
    return {
        "code": node.code,
        "name": node.name,
        "tier": node.tier,
        "is_optional": node.optional,
        "claimed": _result(case, case.claimed[node.code]),
        "supported": _result(case, case.supported[node.code]),
        "coverage": _coverage(case, node.code),
    }


def _domain(case, node: Node):
    return _standings(case, node) | {"criteria": [child.code for child in node.walk() if child.is_criterion]}


def _criterion(case, node: Node):
    items = case.by_criterion[node.code]
    return _standings(case, node) | {
        "domain": _domain_of(case.definition, node),
        "parent": node.parent_code or "",
        "topic": _topic(case.definition, node),
        "summary": node.summary,
        "items": [item.key for item in items],
        "split": [item.label for item in items if case.is_split(item)],
        "counts": _summed(case, items),
    }


def _domain_of(definition, node):
    while node.parent_code:
        node = definition.node(node.parent_code)
    return node.code


def _topic(definition, node):
    """Return what a criterion is about, by itself or by a part that it lies in; "" for nothing in particular."""
    while not node.topic and node.parent_code:
        node = definition.node(node.parent_code)
    return node.topic


def _summed(case, items):
    """Add the members' scores of several items, level by level; None while hidden, empty where answers are given."""
    if any(item.counts is None for item in items):
        return None
    if any(case.scale(item) != case.definition.scale for item in items):
        return []
    return [sum(item.counts.get(rank, 0) for item in items) for rank in case.definition.scale.ranks]


def _coverage(case, code=""):
    coverage = case.coverage(code)
    return {"in_date": coverage.in_date, "applicable": coverage.applicable}


def _item(case, item, answers):
    return {
        "id": item.key,
        "lineage": item.lineage,
        "label": item.label,
        "criterion": item.criterion,
        "number": item.number,
        "statement": item.statement,
        "account": item.account,
        "answers": answers.get(case.scale(item), ""),
        "asked": _asked(case, item),
        "is_decided": item.label in case.not_asked.keys,
        "judgement": item.judgement,
        "level": item.level,
        "rationale": item.rationale,
        "undisputed": item.undisputed,
        "supported": None if item.level is None else case.supported_level(item, item.level),
        "strength": case.strength(item),
        "cited": [_cited(case, citation) for citation in item.citations],
        "spread": _spread(case, item),
        "dissents": [
            {"text": objection.text, "name": objection.name, "is_withdrawn": objection.is_withdrawn}
            for objection in item.objections
        ],
    }


def _asked(case, item):
    """Return what a checklist says of the statement that an item answers: code, class, whether better not true."""
    if not item.statement_code:
        return None
    return {
        "code": item.statement_code,
        "class": case.definition.group_name(case.definition.node(item.criterion), item.statement_code),
        "is_adverse": case.is_adverse(item),
    }


def _spread(case, item):
    lie = case.spread(item)
    if lie is None:
        return None
    return {
        "n": lie.n,
        "counts": list(lie.counts),
        "cannot_judge": item.cannot_judge,
        "not_applicable": item.not_applicable,
        "lower_median": lie.lower_median,
        "minimum": lie.minimum,
        "maximum": lie.maximum,
        "consensus": None if lie.consensus is None else f"{lie.consensus:.3f}",
        "split": lie.split,
        "sentence": lie.sentence(case.names(item)),
    }


def _cited(case, citation):
    # Where in an artefact for the board something is said, is for the board, too.
    hidden = case.evidence[citation.artefact].board_only
    return {"artefact": citation.artefact, "locator": "" if hidden else citation.locator}


def _artefact(case, artefact):
    def iso(day):
        return day.isoformat() if day else None

    # The document leaves the place: of what is for the board only, it tells that there is evidence and how strong.
    hidden = artefact.board_only
    return {
        "id": artefact.key,
        "title": BOARD_ONLY if hidden else artefact.title,
        "kind": artefact.kind,
        "owner": "" if hidden else artefact.owner,
        "url": "" if hidden else artefact.url,
        "file_name": "" if hidden else artefact.file_name,
        "sha256": artefact.sha256,
        "note": "" if hidden else artefact.note,
        "dated_on": iso(artefact.dated_on),
        "review_by": iso(artefact.review_by),
        "sensitivity": artefact.sensitivity,
        "strength": artefact.strength,
        "strength_words": artefact.strength_words,
        "in_date": artefact.in_date(case.as_at),
        "items": [item.label for item in case.items if any(c.artefact == artefact.key for c in item.citations)],
    }

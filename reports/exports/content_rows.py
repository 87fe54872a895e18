"""
The rows of the tables that are read from an assessment's document; pure.

docs/content.md says what the document holds. Content that was sealed in an earlier format says less: what it does not
say is empty.
"""

from assessments import reading
from reports import evidence_figures, figures
from reports.exports.content_sheets import (
    ACTIONS,
    AGREEMENTS,
    ARTEFACTS,
    BOARD,
    BODIES,
    CITATIONS,
    COUNTS,
    COVERAGE,
    DISSENTS,
    GATES,
    ITEMS,
    LEVELS,
    NODES,
    PARTIES,
    PARTNERS,
    PATHWAYS,
)


def levels(document):
    framework = document["framework"]
    for scale, found in {"": framework["levels"], **framework.get("answers", {})}.items():
        for level in found:
            yield _named(level, LEVELS) | {"scale": scale}


def nodes(document):
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    rows = {row.code: row for row in figures.profile(document).rows}
    criteria = {node["code"]: node for node in document["criteria"]}
    if document.get("whole"):
        yield _node(document["whole"], names)
    for domain in document["domains"]:
        code = domain["code"]
        # A domain may be a criterion itself.
        above = [] if code in criteria else [domain]
        for node in (*above, *reading.in_order(document, domain, criteria)):
            # Content that was frozen before tiers between were shown does not say what a criterion lies beneath.
            parent = "" if node["code"] == code else node.get("parent", code)
            row = _node(node, names) | {"parent": parent, "domain": code}
            yield row | _of_criterion(node, rows[node["code"]]) if node["code"] in criteria else row


def _of_criterion(node, row):
    return {
        "is_criterion": True,
        "topic": node.get("topic"),
        "split": ", ".join(node["split"]),
        "previous_level": row.previous and row.previous.level,
        "previous_changed": row.changed,
        "target_level": row.target and row.target.level,
        "projected_level": row.projected and row.projected.level,
    }


def _node(node, names):
    row = {
        "node": node["code"],
        "name": node["name"],
        "tier": node.get("tier", ""),
        "is_criterion": False,
        "is_optional": node.get("is_optional"),
        "in_date": node["coverage"]["in_date"],
        "applicable": node["coverage"]["applicable"],
    }
    for standing in ("claimed", "supported"):
        result = node[standing]
        row |= {
            f"{standing}_status": result["status"],
            f"{standing}_level": result["level"],
            f"{standing}_name": names.get(result["level"]),
            f"{standing}_number": reading.number_of(result),
            f"{standing}_sentence": result["sentence"],
        }
    return row


def coverage(document):
    for row in evidence_figures.coverage(document).rows:
        yield {
            "criterion": row.code,
            "name": row.name,
            "in_date": row.in_date,
            "out_of_date": row.old,
            "without": row.bare,
            "applicable": row.applicable,
        }


def reviewed(rows, document, findings):
    """Yield the rows of results with what the reviewers found, given by criterion, beside them."""
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    for row in rows:
        found = findings.get(row["node"])
        yield row | (
            {
                "reviewed_judgement": found.judgement,
                "reviewed_level": found.level,
                "reviewed_name": names.get(found.level),
            }
            if found
            else {}
        )


def items(document):
    for item in document["items"]:
        asked, spread = item.get("asked") or {}, item["spread"] or {}
        names = {level["rank"]: level["name"] for level in reading.levels_of(document, item)}
        yield _named(item, ITEMS) | {
            "item": item["id"],
            "statement_code": asked.get("code"),
            "statement_class": asked.get("class"),
            "is_adverse": asked.get("is_adverse"),
            "account": item.get("account"),
            "scale": item.get("answers"),
            "level_name": names.get(item["level"]),
            "is_decided": item.get("is_decided"),
            "supported_level": item["supported"],
            "scores": spread.get("n"),
            "is_split": spread.get("split"),
            "spread": spread.get("sentence"),
            **{
                name: spread.get(name)
                for name in ("cannot_judge", "not_applicable", "lower_median", "minimum", "maximum", "consensus")
            },
        }


def counts(document):
    for item in document["items"]:
        if item["spread"]:
            for level, given in zip(reading.levels_of(document, item), item["spread"]["counts"], strict=True):
                yield _of(item) | {"rank": level["rank"], "name": level["name"], "scores": given}


def dissents(document):
    for item in document["items"]:
        for dissent in item["dissents"]:
            yield _of(item) | {
                "text": dissent["text"],
                "organisation": dissent["name"],
                "is_withdrawn": dissent.get("is_withdrawn", False),
            }


def artefacts(document):
    for artefact in document["artefacts"]:
        yield _named(artefact, ARTEFACTS) | {"artefact": artefact["id"]}


def citations(document):
    for item in document["items"]:
        for cited in item["cited"]:
            yield _of(item) | cited


def _of(item):
    return {"item": item["id"], "label": item["label"]}


def pathways(document):
    section = document["improvement"]
    # Content that was sealed before verdicts were told in a sentence has none.
    sentences = [each["sentence"] for each in section.get("statements", ())] or [""] * len(section["pathways"])
    for pathway, sentence in zip(section["pathways"], sentences, strict=True):
        yield _named(pathway, PATHWAYS) | {"pathway": pathway["code"], "sentence": sentence}


def gates(document):
    for pathway in document["improvement"]["pathways"]:
        for gate in pathway["gates"]:
            yield _named(gate, GATES) | {
                "pathway": pathway["code"],
                "gate": gate["code"],
                "is_foundational": gate["foundational"],
            }


def actions(document):
    for action in document["improvement"]["actions"]:
        yield _named(action, ACTIONS) | {"action": action["id"]}


def board(document):
    for part in document.get("board", ()):
        yield _named(part, BOARD)


def partners(document):
    for partner in document.get("partners", ()):
        yield {"organisation": partner["name"], "sector": partner["sector"]}


def bodies(document):
    for body in document.get("bodies", ()):
        yield _named(body, BODIES) | {"body": body.get("id"), "form": body.get("form_words")}


def agreements(document):
    for agreement in document.get("agreements", ()):
        yield _named(agreement, AGREEMENTS) | {"agreement": agreement["id"]}


def parties(document):
    for agreement in document.get("agreements", ()):
        for party in agreement["parties"]:
            yield {"agreement": agreement["id"], "organisation": party}


def _named(entry, sheet):
    """Return what an entry of the document says under the names of the sheet's columns."""
    names = {each.name for each in sheet.own}
    return {name: value for name, value in entry.items() if name in names}


# Every sheet that is read from the document, with the function that yields its rows.
OF_DOCUMENT = {
    NODES: nodes,
    COVERAGE: coverage,
    ITEMS: items,
    COUNTS: counts,
    DISSENTS: dissents,
    ARTEFACTS: artefacts,
    CITATIONS: citations,
    PATHWAYS: pathways,
    GATES: gates,
    ACTIONS: actions,
    BOARD: board,
    PARTNERS: partners,
    BODIES: bodies,
    AGREEMENTS: agreements,
    PARTIES: parties,
    LEVELS: levels,
}
# Of these there is nothing before the chair has closed scoring: they say levels, or follow from them.
OF_LEVELS = frozenset({NODES, COUNTS, DISSENTS, PATHWAYS, GATES})

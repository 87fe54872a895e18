"""
The readiness report as its templates show it, made from an assessment's document and its seal; pure.

The same result feeds the HTML page and the PDF, so that they cannot differ. Days and instants come out as `date` and
`datetime`; everything else is text, numbers, and the document's own mappings with what a reader needs beside them.
"""

import base64
from dataclasses import dataclass

from assessments import reading
from assessments.standing import of_item, of_node
from frameworks.items import noun
from reports import figures, method, strengths, structure, svg, verdicts, voice
from reports.happened import day, history, instant, shown_seal
from reports.report_sections import SINCE_FORMAT, sections_of

SHORT = 12


@dataclass(frozen=True)
class LevelMark:
    """
    A level as the level component shows it.

    `place` counts from 1 among the `of` levels; it is None where there is no level, and `words` say why. `number` is
    what the framework calls the level by, "" for an answer. `figure` is the number that a rule calculated, if any.
    `standing` is what must be said beside the level, such as "but split".
    """

    place: int | None
    of: int
    words: str
    number: int | str = ""
    figure: str = ""
    standing: str = ""


@dataclass(frozen=True)
class Identity:
    """
    What a report is made from, as it stands on each page.

    `digest` and `snapshot` are empty for a draft that was never frozen; `seal` is empty for any draft.
    """

    digest: str = ""
    snapshot: str = ""
    number: int | None = None
    seal: str = ""

    @property
    def short(self):
        return self.digest[:SHORT]


def build(document, *, identity, seal=None, font="Arial, sans-serif"):
    """
    Return the report's content by section.

    `seal` is what closed the signing, None for a draft. `font` is for the chart.
    """
    marks = _Marks(document["framework"]["levels"])
    sections = sections_of(document["domains"])
    known = reading.reviewed(document)
    figure = figures.profile(document)

    def chart_of(profile):
        return data_uri(svg.profile(profile, font=font, layout=svg.PAPER))

    actions = _actions(document, marks)
    artefacts = {artefact["id"]: _artefact(artefact) for artefact in document["artefacts"]}
    items = {item["id"]: _item(item, artefacts, _item_marks(document, item)) for item in document["items"]}
    criteria = {each["code"]: _node(document, each, marks) | _items_of(each, items) for each in document["criteria"]}
    domains = [
        _node(document, domain, marks)
        | {
            "is_criterion": group.is_criterion,
            "parts": [criteria[code] for code in domain["criteria"]],
            "blocks": list(_blocks(document, domain, criteria, marks)),
            "section": sections[f"domain-{domain['code']}"],
            "profile_rows": list(_profile_rows(document, group, marks, known["levels"] if known else {})),
            "message": part.message,
            # One chart of very many criteria would be too tall: each domain has its own.
            "chart": chart_of(part) if figure.is_folded else "",
        }
        for domain, group, (_, part) in zip(document["domains"], figure.groups, figure.by_domain(), strict=True)
    ]
    about_voice = voice.criteria_of(document)
    signing = seal and shown_seal(seal)
    return {
        "sections": sections,
        **_title(document, identity, seal),
        "seal": signing,
        "pathways": [_pathway(pathway, actions, document) for pathway in document["improvement"]["pathways"]],
        "profile": figure,
        "chart": chart_of(figure) if not figure.is_folded else "",
        "chart_alt": f"{figure.message}. {figure.description}. The table of section 2 gives the same levels in words.",
        "whole": document.get("whole") and _node(document, document["whole"], marks),
        "domains": domains,
        "coverage": document["coverage"] | _percent(document["coverage"]),
        "items": list(items.values()),
        **_told_of_items(document, items),
        "reviewed": known and known | {"on": day(known["decided_on"])},
        "targets": _targets(document),
        "has_targets": any(row.target for row in figure.rows),
        "agreement": document["agreement"],
        "voted": _voted(document),
        "required_signatures": document["required_signatures"],
        "noun": reading.noun_of(document),
        "strong_checklists": [each for each in criteria.values() if strengths.is_strong_checklist(each, document)],
        "development": [each for each in criteria.values() if strengths.is_development(each)],
        "actions": list(actions.values()),
        "outlook": figures.outlook(document, figure),
        "improving": [
            {
                "code": row.code,
                "name": row.name,
                "supported": criteria[row.code]["supported_mark"],
                "projected": marks.of(row.projected),
            }
            for row in figure.rows
            if row.projected
        ],
        "voice": {
            "criteria": [criteria[code] for code in about_voice],
            "speakers": voice.speakers(document, signing),
            "actions": [actions[key] for key in voice.actions_for(about_voice, document)],
        },
        "bodies": _bodies(document["bodies"]),
        "bodies_chart": _bodies_chart(document, font=font),
        "agreements": [_agreement(each) for each in document.get("agreements", ())],
        "knows_agreements": "agreements" in document,
        "partners": document["partners"],
        "board": _board(document["board"]),
        "artefacts": list(artefacts.values()),
        "rules": method.rules_used(document),
        "levels": method.demands(document),
        "method": method,
        "previous": document["previous"] and document["previous"] | {"at": instant(document["previous"]["sealed_at"])},
        "changed": [row.changed for row in figure.rows if row.changed],
        "history": history(document, seal),
    }


def _title(document, identity, seal):
    """Return what the report is of and made from, and how final it is."""
    # What was frozen before assessments could be re-opened does not say.
    reopens = document.get("reopens")
    return {
        "identity": identity,
        "is_draft": seal is None,
        "is_of_older_order": seal is not None and document["format"] < SINCE_FORMAT,
        "place": document["place"],
        "system": document["system"],
        "round": document["round"],
        "number": document["assessment"]["number"],
        "reopens": reopens and reopens | {"at": instant(reopens["reopened_at"])},
        "framework": document["framework"],
        "as_at": day(document["as_at"]),
    }


def _told_of_items(document, items):
    """Return which items stand out: without evidence, split, with too few scores, disputed, or strong."""
    every = items.values()
    return {
        "without_evidence": [item["label"] for item in every if reading.counts(item) and not item["strength"]],
        "split": [items[key] for key in document["agreement"]["split"]],
        "too_few": [item["label"] for item in every if strengths.too_few(item)],
        "scores_known": all(item["spread"] for item in every),
        "dissents": sum(not dissent.get("is_withdrawn") for item in every for dissent in item["dissents"]),
        "strengths": [item for item in every if strengths.is_strength(item, document["framework"]["levels"])],
    }


class _Marks:
    """The levels of a framework, or the answers to a statement, as marks."""

    def __init__(self, levels, *, is_numbered=True):
        self.places = {level["rank"]: place for place, level in enumerate(levels, 1)}
        self.names = {level["rank"]: level["name"] for level in levels}
        self.is_numbered = is_numbered

    def level(self, rank, otherwise="Not agreed", figure="", standing=""):
        number = rank if self.is_numbered and rank is not None else ""
        words = self.names.get(rank, otherwise)
        return LevelMark(self.places.get(rank), len(self.places), words, number, figure, standing)

    def of(self, mark, standing=""):
        """Return a mark of a figure."""
        return self.level(mark.level, mark.words, standing=standing)

    def result(self, result, standing=""):
        figure = reading.number_beside(result)
        words = "" if figure and result["status"] == "no_level" else figures.STATUS_WORDS.get(result["status"], "")
        return self.level(result["level"], words, figure, standing)


def _item_marks(document, item):
    return _Marks(reading.levels_of(document, item), is_numbered=not item.get("answers"))


def _blocks(document, domain, criteria, marks):
    """Yield what a domain holds in document order, as {"tier": …} or {"criterion": …}."""
    for node in reading.in_order(document, domain, criteria):
        yield {"criterion": node} if node["code"] in criteria else {"tier": _node(document, node, marks)}


def _percent(coverage):
    """Say a coverage in whole percent, rounded down so that it never claims more than there is."""
    if not coverage["applicable"]:
        return {"percent": None}
    return {"percent": 100 * coverage["in_date"] // coverage["applicable"]}


def data_uri(drawing):
    """Return an SVG as an address that an `img` can show."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def _node(document, node, marks):
    return node | {
        "claimed_mark": marks.result(node["claimed"], of_node(document, node)),
        "supported_mark": marks.result(node["supported"]),
        "coverage": node["coverage"] | _percent(node["coverage"]),
        "is_short": node["claimed"]["level"] is not None and node["supported"]["level"] != node["claimed"]["level"],
    }


def _items_of(criterion, items):
    own = [items[key] for key in criterion["items"]]
    bare = [item["label"] for item in own if reading.counts(item) and not item["strength"]]
    return {"parts": own, "without_evidence": bare, "noun": noun(bool(own) and bool(own[0].get("asked")))}


def _item(item, artefacts, marks):
    applies = item["judgement"] != "NOT_APPLICABLE"
    lacking = "Not asked" if item.get("is_decided") else "Not agreed"
    agreed = marks.level(item["level"], lacking if applies else "Not applicable", standing=of_item(item))
    supported = marks.level(item["supported"], "None" if item["level"] is not None else "–")
    return item | {
        "applies": applies,
        "agreed_mark": agreed,
        "supported_mark": supported,
        "evidence": [artefacts[link["artefact"]] | {"locator": link["locator"]} for link in item["cited"]],
    }


def _artefact(artefact):
    return artefact | {
        "dated_on": day(artefact["dated_on"]),
        "review_by": day(artefact["review_by"]),
        "link": artefact["url"] if artefact["url"].startswith(("https://", "http://")) else "",
    }


def _actions(document, marks):
    gates = {
        (pathway["code"], gate["code"]): f"{pathway['name']}, gate {gate['code']}: {gate['name']}"
        for pathway in document["improvement"]["pathways"]
        for gate in pathway["gates"]
    }
    names = {each["code"]: f"{each['code']} {each['name']}" for each in (*document["domains"], *document["criteria"])}
    return {
        action["id"]: action
        | {
            "due_on": day(action["due_on"]),
            "aim": "; ".join(
                filter(
                    None,
                    [names.get(action["criterion"], ""), gates.get((action["pathway"], action["gate"]), "")],
                )
            ),
            "expected_mark": None if action["expected_level"] is None else marks.level(action["expected_level"]),
            "is_done": action["status"] == "DONE",
        }
        for action in document["improvement"]["actions"]
    }


def _targets(document):
    """Return the place's targets with their day; None where it has set none."""
    found = document.get("aims", {}).get("targets")
    return found and found | {"day": day(found["reach_by"]), "at": instant(found["set_at"])}


def _pathway(pathway, actions, document):
    """Return a pathway with its verdict in words and its day; its gates come with their planned actions."""
    gates = [
        gate
        | {
            "passes": gate["status"] == "pass",
            "outcome": verdicts.OUTCOMES[gate["status"]],
            "planned": [actions[key] for key in gate["actions"]],
        }
        for gate in pathway["gates"]
    ]
    return pathway | {
        "heading": verdicts.heading(pathway),
        "sentence": verdicts.sentence(pathway, actions),
        "planned": verdicts.planned(pathway, reading.planned(document, pathway["code"]), on=day(document["as_at"])),
        "prospect": verdicts.prospect(pathway, document["improvement"]),
        "gates": gates,
        "failing": [gate for gate in gates if not gate["passes"]],
    }


def _profile_rows(document, group, marks, reviewed):
    """
    Yield the rows of a domain: the tiers between, each with its own levels, and the criteria.

    `reviewed` gives the levels of the last review by criterion.
    """
    rows = {row.code: row for row in group.rows}
    criteria = {each["code"]: each for each in document["criteria"]}
    domain = {"code": group.code, "criteria": list(rows)}
    for block in _blocks(document, domain, criteria, marks):
        if tier := block.get("tier"):
            coverage = {name: tier["coverage"][name] for name in ("in_date", "applicable")}
            marked = {"claimed": tier["claimed_mark"], "supported": tier["supported_mark"]}
            yield {"code": tier["code"], "name": tier["name"], "is_tier": True} | coverage | marked
        else:
            code = block["criterion"]["code"]
            level = reviewed.get(code)
            mark = None if level is None else marks.level(level)
            yield _profile_row(rows[code], marks, criteria[code]) | {"reviewed": mark}


def _profile_row(row, marks, criterion):
    """Return a criterion's row of the profile with its marks; `previous` and `target` are None where there is none."""
    return {
        "code": row.code,
        "name": row.name,
        "claimed": marks.result(criterion["claimed"], row.standing),
        "supported": marks.result(criterion["supported"]),
        "previous": row.previous and marks.of(row.previous, row.previous_standing),
        "changed": row.changed,
        "target": row.target and marks.of(row.target),
        "in_date": row.in_date,
        "applicable": row.applicable,
    }


def _bodies(bodies):
    """Return the bodies from the top down; those frozen in format 1 say less of themselves."""
    rows = structure.structure(bodies).rows
    return [row.body | {"starts_on": day(row.body.get("starts_on"))} for row in rows]


def _bodies_chart(document, *, font):
    if not document["bodies"]:
        return ""
    found = structure.structure(document["bodies"])
    drawn = structure.chart(
        found, title=f"The bodies of {document['place']['name']}", layout=structure.PAPER, font=font
    )
    return data_uri(drawn)


def _agreement(agreement):
    return agreement | {name: day(agreement[name]) for name in ("starts_on", "ends_on", "review_by")}


def _board(parts):
    """Return the board's people, once each, with their roles in a list."""
    people = {}
    for part in parts:
        people.setdefault((part["name"], part["organisation"]), []).append(part["role"])
    return [
        {"name": name, "organisation": organisation, "roles": ", ".join(sorted(roles))}
        for (name, organisation), roles in people.items()
    ]


def _voted(document):
    """Return the labels of the items that were voted on in a workshop, in document order."""
    voted = {label for each in document.get("workshops", ()) for label in each["voted"]}
    return [item["label"] for item in document["items"] if item["label"] in voted]

"""The readiness report on paper: from sealed content to a PDF."""

import html
from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from reports import papers, readiness_report
from reports.happened import day, instant
from reports.pdf import fonts
from reports.pdf.printable import printable
from reports.pdf.rendering import make_pdf

STYLESHEETS = (
    "css/levels.css",
    "css/report.css",
    "css/report-paper.css",
    "css/report-cover.css",
    "css/report-short.css",
)
# Where a page for paper takes its styles; nothing that somebody wrote can hold it, since that is escaped.
STYLES = "<style></style>"
# How much of a board summary is told, the most first: what does not fit on two pages is told more shortly. What
# fits as the first says is set larger.
ROOMS = (
    {"gates": 8, "strengths": 10, "actions": 12, "name": 140, "words": 300},
    {"gates": 8, "strengths": 5, "actions": 12, "name": 140, "words": 300},
    {"gates": 5, "strengths": 3, "actions": 6, "name": 110, "words": 160},
    {"gates": 3, "strengths": 2, "actions": 3, "name": 70, "words": 90},
    {"gates": 0, "strengths": 0, "actions": 2, "name": 50, "words": 60},
)


def print_report(document, *, identity, seal):
    """Return the PDF of a sealed assessment's report, and its number of pages."""
    return make_pdf(paper(document, identity=identity, seal=seal), identifier=identity.digest)


def print_summary(document, *, identity, seal):
    """Return the PDF of a sealed assessment's board summary, two pages long, and how many it has."""
    covered = fonts.covered()
    report = readiness_report.build(
        printable(document, covered), identity=identity, seal=printable(seal, covered), font=fonts.FAMILIES
    )
    for number, room in enumerate(ROOMS):
        page = on_paper("reports/paper/summary.html", report=report, room=room, is_large=number == 0)
        content, pages = make_pdf(page, identifier=identity.digest)
        if pages == 2:
            break
    return content, pages


def print_decision(decision, *, digest):
    """Return the PDF of a sealed decision, and its number of pages."""
    shown = printable(decision, fonts.covered())
    shown |= {"on": day(shown["decided_on"]), "at": instant(shown["decided_at"])}
    # The text names the levels that somebody gave, and all others by rank.
    names = {row["claimed"]: row["claimed_name"] for row in shown["review"]}
    names |= {row["level"]: row["level_name"] for row in shown["review"]}
    for row in shown["review"]:
        rank = row["supported"]
        row["supported_name"] = "No level" if rank is None else names.get(rank) or f"Level {rank}"
    for pathway in shown["pathways"]:
        due = sorted(pathway["conditions"], key=lambda each: each["due_on"])
        pathway["conditions"] = [each | {"due": day(each["due_on"])} for each in due]
    return make_pdf(on_paper("reports/paper/decision.html", decision=shown, digest=digest), identifier=digest)


def print_system(said, documents, *, digest):
    """Return the PDF of a round's system report, and its number of pages; `said` is the order's text."""
    covered = fonts.covered()
    report = papers.system_report(printable(said, covered), [printable(each, covered) for each in documents])
    return make_pdf(on_paper("reports/paper/system.html", report=report, digest=digest), identifier=digest)


def paper(document, *, identity, seal):
    """Return the report as one page of HTML that needs nothing but the fonts."""
    covered = fonts.covered()
    report = readiness_report.build(
        printable(document, covered), identity=identity, seal=printable(seal, covered), font=fonts.FAMILIES
    )
    return on_paper("reports/report/print.html", report=report)


def on_paper(template, **context):
    """Return a page of HTML with its styles, and with the fonts that its words need."""
    body = render_to_string(template, context | {"demonstration": settings.DEMO})
    # The words of drawings are in the page, too, as data that hides them: they are taken from the same texts.
    return body.replace(STYLES, f"<style>{fonts.faces(html.unescape(body))}\n{styles()}</style>", 1)


@lru_cache(maxsize=1)
def styles():
    """Return the style sheets of printed pages as one text."""
    sheets = []
    for name in STYLESHEETS:
        with open(finders.find(name), encoding="utf-8") as sheet:
            sheets.append(sheet.read())
    return "\n".join(sheets)

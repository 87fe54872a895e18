"""The readiness report on paper: from sealed content to a PDF."""

from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from reports import readiness_report
from reports.pdf import fonts
from reports.pdf.printable import printable
from reports.pdf.rendering import make_pdf

STYLESHEETS = ("css/levels.css", "css/report.css")


def print_report(document, *, identity, seal):
    """Return the PDF of a sealed assessment's report, and its number of pages."""
    return make_pdf(paper(document, identity=identity, seal=seal), identifier=identity.digest)


def paper(document, *, identity, seal):
    """Return the report as one page of HTML that needs nothing but the fonts."""
    covered = fonts.covered()
    report = readiness_report.build(
        printable(document, covered), identity=identity, seal=printable(seal, covered), font=fonts.FAMILIES
    )
    return render_to_string(
        "reports/report/print.html", {"report": report, "demonstration": settings.DEMO, "styles": styles()}
    )


@lru_cache(maxsize=1)
def styles():
    sheets = [(fonts.folder() / "fonts.css").read_text()]
    for name in STYLESHEETS:
        with open(finders.find(name), encoding="utf-8") as sheet:
            sheets.append(sheet.read())
    return "\n".join(sheets)

"""What making a PDF costs, beside WeasyPrint on the same page alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.sections import Row, Section

ROOT = Path(__file__).resolve().parents[2]
# How many times as long the portal may take as WeasyPrint alone, and a page of a long report as one of a short one.
MOST, LINEAR = 1.15, 1.5
KINDS = {"short": "50 items", "long": "449 statements"}
ALONE = """
import sys
from pathlib import Path
from weasyprint import HTML
page = HTML(string=Path(sys.argv[1]).read_text(), base_url=Path(sys.argv[2]).as_uri() + "/")
page.write_pdf(sys.argv[1] + ".pdf", pdf_variant="pdf/ua-1")
"""


def prepare(folder):
    """Have a short report and a long one written as pages of HTML, by services; return where they are."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/reports.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAL_TESTS_DIR": folder,
        "BENCH_FOLDER": folder,
    }
    command = [sys.executable, "-m", "tests.bench.reports"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)
    return environment


def write_pages(folder):
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from assessments.models import Seal
    from reports import printing
    from reports.pdf import fonts
    from reports.sealed import of_seal
    from tests import published_shapes, whole_round
    from tests.bench import pattern

    pattern.make(rounds=2)
    long = whole_round.written(whole_round.opened(whole_round.published(published_shapes.outcomes())))
    whole_round.sealed(whole_round.agreed(whole_round.scored(long)))
    Path(folder, "fonts").write_text(str(fonts.folder().resolve()))
    for kind, seal in {"short": Seal.objects.order_by("pk").first(), "long": Seal.objects.latest("pk")}.items():
        content = of_seal(Seal.objects.select_related("snapshot").get(pk=seal.pk))
        page = printing.paper(content.document, identity=content.identity, seal=content.seal)
        Path(folder, f"{kind}.html").write_text(page)


def alone(kind):
    """Let WeasyPrint write the page in a process of its own, imports included."""
    folder = os.environ["BENCH_FOLDER"]
    fonts = Path(folder, "fonts").read_text()
    return _used([sys.executable, "-c", ALONE, f"{folder}/{kind}.html", fonts])


def made(kind):
    """Have the portal's own maker write it: a child process that limits itself, and what this one does about it."""
    from reports.pdf.rendering import make_pdf

    page = Path(os.environ["BENCH_FOLDER"], f"{kind}.html")
    begun, before = time.process_time(), os.times()
    _, pages = make_pdf(page.read_text(), identifier="00" * 16)
    after = os.times()
    Path(f"{page}.pages").write_text(str(pages))
    children = after.children_user + after.children_system - before.children_user - before.children_system
    return time.process_time() - begun + children, _peak_of_children()


def _used(command):
    before = os.times()
    subprocess.run(command, check=True)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system,
        _peak_of_children(),
    )


def _peak_of_children():
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def section(folder):
    def conclude(measured):
        times = {(each.row.measure.rpartition(".")[2], each.row.argument): each.median for each in measured}
        pages = {kind: int(Path(folder, f"{kind}.html.pages").read_text()) for kind in KINDS}
        ratios = {kind: times["made", kind] / times["alone", kind] for kind in KINDS}
        growth = (times["made", "long"] / pages["long"]) / (times["made", "short"] / pages["short"])
        lines = [
            *(
                f"The report on {what} has {pages[kind]} pages. Making it takes {ratios[kind]:.2f} times the processor "
                f"time that WeasyPrint takes alone; {MOST} is allowed."
                for kind, what in KINDS.items()
            ),
            f"A page of the long report takes {growth:.2f} times as long as one of the short report; linear would be "
            f"1, less where starting counts, and {LINEAR} is allowed.",
        ]
        wrong = [f"making the {kind} report: {ratio:.2f}" for kind, ratio in ratios.items() if ratio > MOST]
        return lines, wrong + ([f"a page of the long report: {growth:.2f}"] if growth > LINEAR else [])

    rows = (
        Row(f"{what}, {words}", f"tests.bench.reports.{function}", kind)
        for kind, what in KINDS.items()
        for function, words in (("alone", "WeasyPrint alone"), ("made", "by the portal"))
    )
    return Section(
        "Making a PDF",
        "From the page of HTML to the PDF, in processor time, starting Python and all imports included on both sides. "
        "A worker does this once for each report; people are served what was stored.",
        tuple(rows),
        prepare,
        conclude,
    )


if __name__ == "__main__":
    write_pages(os.environ["BENCH_FOLDER"])

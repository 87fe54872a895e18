"""Measure, and write what was measured into docs/performance.md; the other sections stay as they were."""

import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench import frameworks, pages, reports

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
PACKAGES = ("Django", "gunicorn", "psycopg2-binary", "weasyprint", "PyYAML", "openpyxl")
HEAD = """# What things cost

Written by `make bench`, which is no part of `make test`: absolute times mean little on a shared machine. Each section
says when and on what it was measured; one that a run did not measure stays as it was. `make bench` measures all of
them, the pages at the sizes S and M.

| command | measures |
| --- | --- |
| `make bench ONLY="Rolling Pages"` | the sections whose titles begin so |
| `make bench SIZE="S L" ONLY=Pages` | the pages at these sizes of data |
| `make bench LOAD=1 ONLY=Everybody` | the load at full length |
| `make bench BEFORE=COMMAND ONLY=Pages` | the pages, each time after a command, such as one that waits for quiet |

The load at full length is ten minutes on each database; without `LOAD` it is a tenth. Where budgets are shares of a
reference, both were measured in the same run, in turns.

**Where pages miss their share.** The number of queries is within its budget on every page, and little time goes into
answering them. What is left is Python's: rows, forms, rolling levels up, drawing and rendering templates. The queries
of the busiest reads are written once in each process, and planned by PostgreSQL once for each connection (decision 32);
what a page says to everybody alike is rendered once (decision 37); and what a place's and a system's dashboard and the
agreeing page show is made once after a change and remembered until the next (decision 36). Their rows are
measured so. The rows “made anew” say what the same pages take when each is the first after a change: rolling levels
up, drawing charts and writing tables, which no budget is set for.
"""


def main() -> int:
    wanted = tuple((os.environ.get("ONLY") or "").split())
    failed = []
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        # PostgreSQL runs as somebody else where root starts it, but needs nothing in here.
        sections = (
            *frameworks.SECTIONS,
            frameworks.hostile_section(folder),
            reports.section(folder),
            *pages.sections(),
        )
        titles = [section.title for section in sections]
        for section in sections:
            if wanted and not section.title.startswith(wanted):
                continue
            sys.stdout.write(f"{section.title}\n")
            sys.stdout.flush()
            text, wrong = section.tell(folder)
            failed += wrong
            _write(section.title, f"{_measured()}\n\n{text}", titles)
            sys.stdout.write("".join(f"  BEYOND BUDGET {each}\n" for each in wrong))
    sys.stdout.write(f"Written to {PAGE.name}. {len(failed) or 'None'} beyond budget.\n")
    return 1 if failed else 0


def _write(title, text, titles):
    """Put a section into the page: in place of the one of its title, in the order of all that may be there."""
    parts = PAGE.read_text().split("\n## ")[1:] if PAGE.exists() else []
    kept = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}
    kept[title] = text
    order = sorted(kept, key=lambda each: titles.index(each) if each in titles else len(titles))
    PAGE.write_text("\n".join([HEAD, *(f"## {each}\n\n{kept[each]}\n" for each in order)]))


def _measured() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured on {datetime.now(UTC):%-d %B %Y}, on {_machine()} with a load average of {os.getloadavg()[0]:.1f} "
        f"before, under Python {platform.python_version()} on {platform.system()}, with {packages}."
    )


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{len(names) or 1} × {name}"


if __name__ == "__main__":
    sys.exit(main())

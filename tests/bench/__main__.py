"""Measure everything and write docs/performance.md."""

import platform
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench import frameworks
from tests.bench.sections import RUNS, Measured, Section

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
PACKAGES = ("Django", "PyYAML", "openpyxl")
MB = 1024 * 1024


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        # Further sections, such as one on pages under a web server, are added here.
        sections = (*frameworks.SECTIONS, frameworks.hostile_section(folder))
        told, failed = [], []
        for section in sections:
            sys.stdout.write(f"{section.title}\n")
            sys.stdout.flush()
            measured = section.measure(folder)
            lines, wrong = section.conclude(measured)
            told.append(_text(section, measured, lines))
            failed += [f"{each.row.name}: {_time(each.median)}" for each in measured if not each.is_within] + wrong
            sys.stdout.write("".join(f"  {each.row.name}: {_time(each.median)}\n" for each in measured))
    PAGE.write_text(f"{_head()}\n" + "\n".join(told))
    sys.stdout.write(f"Written to {PAGE.name}. {f'BEYOND BUDGET: {failed}' if failed else 'All within budget.'}\n")
    return 1 if failed else 0


def _head() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"""# What things cost

Written by `make bench`, which is no part of `make test`: absolute times mean little on a shared machine. Each row is
the median of {RUNS} runs, each in a process of its own; within a run, short acts are repeated and their median taken.
Inputs are made, and the same in every run.

| | |
| --- | --- |
| Measured on | {datetime.now(UTC):%-d %B %Y} |
| Machine | {_machine()} |
| Python | {platform.python_version()} on {platform.system()} |
| Packages | {packages} |
"""


def _machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{len(names) or 1} × {name}"


def _text(section: Section, measured: list[Measured], lines: list[str]) -> str:
    rows = [
        f"| {each.row.name} | {_time(each.median)} | {_time(each.slowest)} | "
        f"{_time(each.row.budget) if each.row.budget else '–'} | {each.peak / MB:.0f} MB |"
        for each in measured
    ]
    table = ["| row | median | slowest | budget | peak memory |", "| --- | --- | --- | --- | --- |", *rows]
    return "\n".join([f"## {section.title}", "", section.words, "", *table, *(f"\n{line}" for line in lines), ""])


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())

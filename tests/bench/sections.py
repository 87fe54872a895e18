"""What a benchmark is made of: sections of rows, each measured several times in processes of their own."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

RUNS = 3
MB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """
    One thing that is measured.

    `measure` is the dotted name of a function that is called with `argument` in a process of its own, and returns
    seconds. `budget` is in seconds, None where nothing is asked.
    """

    name: str
    measure: str
    argument: str = ""
    budget: float | None = None


@dataclass(frozen=True)
class Measured:
    """What came of a row: the median of some runs in seconds, the slowest, and the largest peak memory in bytes."""

    row: Row
    median: float
    slowest: float
    peak: int

    @property
    def is_within(self) -> bool:
        return self.row.budget is None or self.median <= self.row.budget


@dataclass(frozen=True)
class Section:
    """
    A part of the page.

    `prepare` is called once with a folder before anything is measured, and returns the environment that the processes
    get besides; `conclude` turns what was measured into further lines, and what it finds wrong.
    """

    title: str
    words: str
    rows: tuple[Row, ...]
    prepare: Callable[[str], Mapping[str, str]] = lambda folder: {}
    conclude: Callable[[list[Measured]], tuple[list[str], list[str]]] = lambda measured: ([], [])

    def tell(self, folder: str) -> tuple[str, list[str]]:
        """Measure all rows; return the section as Markdown, and what is wrong."""
        environment = {**os.environ, **self.prepare(folder)}
        measured = [_measure(row, environment) for row in self.rows]
        lines, wrong = self.conclude(measured)
        rows = [
            (
                each.row.name,
                duration(each.median),
                duration(each.slowest),
                duration(each.row.budget) if each.row.budget else "–",
                f"{each.peak / MB:.0f} MB",
            )
            for each in measured
        ]
        head = ("row", "median", "slowest", "budget", "peak memory")
        beyond = [f"{each.row.name}: {duration(each.median)}" for each in measured if not each.is_within]
        return "\n\n".join([self.words, table(head, rows), *lines]), beyond + wrong


def table(head, rows) -> str:
    """Return a table as Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms"


def _measure(row: Row, environment: Mapping[str, str]) -> Measured:
    runs = [_run(row, environment) for _ in range(RUNS)]
    seconds = [each["seconds"] for each in runs]
    return Measured(row, statistics.median(seconds), max(seconds), max(each["peak"] for each in runs))


def _run(row: Row, environment: Mapping[str, str]) -> dict:
    command = [sys.executable, "-m", "tests.bench.once", row.measure, row.argument]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{row.name} could not be measured:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def peak() -> int:
    """Return the most memory that this process had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def typical(act: Callable[[], object], *, times: int = 20) -> float:
    """Return the median processor time of a short act within one process, in seconds, after one that nobody counts."""
    act()
    taken = []
    for _ in range(times):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def once(act: Callable[[], object]) -> float:
    """Return the time that passes while an act is done once, in seconds."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun

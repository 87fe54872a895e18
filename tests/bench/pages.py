"""The sections on pages under a web server, on both databases: what they tell, and what is beyond its budget."""

import os
import tempfile
from dataclasses import dataclass

from tests.bench import run
from tests.bench.run import ANEW, CLIENTS, COMPARED
from tests.bench.sections import MB, duration, table

DATABASES = ("SQLite", "PostgreSQL")
SIZES = tuple((os.environ.get("SIZE") or "S M").split())
# How much slower a page may be, alone, than at the first size that was measured; the reference is taken out.
GROWTH = {"a system's dashboard": 1.5}
MOST_GROWTH = 1.2
STARTED, MEMORY, LOADS = 3, 150 * MB, {"scoring page, no chart": 100_000, "a place's dashboard, charts": 600_000}
# What the better of two portals of this kind does a second at the same act, on two cores.
OTHERS = {"an assessment's task list": 50, "save one score": 81, "a place's dashboard": 5}


@dataclass(frozen=True)
class Pages:
    """The pages and saves on one database, at one size of data after another."""

    database: str

    @property
    def title(self):
        return f"Pages on {self.database}"

    def tell(self, folder):
        told, wrong, first = [], [], None
        for size in SIZES:
            with tempfile.TemporaryDirectory(dir=folder) as own:
                result = run.run(size, database=self.database, folder=own)
            text, beyond = _tell(result, first)
            told.append(text)
            wrong += [f"{self.database}, {size}: {each}" for each in beyond]
            first = first or result
        return "\n\n".join([_words(result), *told]), wrong


def _words(result):
    one, some, many = CLIENTS
    return (
        f"{result['database']}, gunicorn with three processes of four threads, production's settings, on the same "
        f"machine as the clients. “alone” is the median of one client; “a second” what {one}, {some} and {many} "
        "clients get done. The share is that of the reference read (of the reference write for saves) at "
        f"{COMPARED} clients, the median of {run.ROUNDS} rounds; in brackets what is asked for. The reference read is "
        "a session, a user, one query of 13 rows and a small template; the reference write locks, changes and adds a "
        "row in one transaction. Both pass through the portal's own middleware. “growth” says how many times as long "
        "the page takes as at the first size, against the reference; “others” how much the better of two portals of "
        "this kind does a second on two cores, and how many times that is done here. The signed PDF comes from storage."
    )


def _tell(result, first):
    """Return what one size's measurement says, and what of it is beyond its budget."""
    wrong, rows = [], []
    earlier = {act["name"]: act for act in first["acts"]} if first else {}
    for act in result["acts"]:
        row = [act["name"], _queries(act, wrong), duration(act["alone"])]
        row += [f"{rate:,.0f}" for rate in act["rates"].values()]
        row += [_share(act, wrong), _growth(act, earlier.get(act["name"]), wrong), _others(act)]
        rows.append(row)
    head = ["", "queries", "alone", *(f"{number} a second" for number in CLIENTS), "share", "growth", "others"]
    counts = ", ".join(f"{count:,} {name}" for name, count in result["rows"].items())
    lines = [
        f"### Size {result['size']}: {counts}",
        f"Filled in {duration(result['made'] + result['filled'])}; load average {result['load average']:.1f} before "
        f"and {result['load average after']:.1f} after.",
        table(head, rows),
        _once(result, wrong),
    ]
    return "\n\n".join(lines), wrong


def _queries(act, wrong):
    if act["queries"] is None:
        return "–"
    if act["queries"] > act["most_queries"]:
        wrong.append(f"{act['name']}: {act['queries']} queries, where {act['most_queries']} are allowed")
    return f"{act['queries']} ({act['most_queries']})"


def _share(act, wrong):
    if act["share"] is None:
        return "–" if act["name"] == act["against"] else f"{act['ratio']:.3f}"
    if act["ratio"] < act["share"]:
        wrong.append(
            f"{act['name']}: {act['ratio']:.3f} of the {act['against']}, where {act['share']:.3f} is asked for"
        )
    return f"{act['ratio']:.3f} ({act['share']:.3f})"


def _growth(act, before, wrong):
    """Say how many times as long the act takes as at the first size, each against the reference of its own run."""
    if before is None or act["name"] == act["against"]:
        return "–"
    growth = act["times"] / before["times"]
    allowed = GROWTH.get(act["name"].removesuffix(ANEW), MOST_GROWTH)
    # The national overview shows more rows where there are more.
    if act["name"] == "national overview":
        return f"{growth:.2f}"
    if growth > allowed:
        wrong.append(f"{act['name']}: {growth:.2f} times what it was, where {allowed} is allowed")
    return f"{growth:.2f} ({allowed})"


def _others(act):
    """Say how many times as much gets done as on the better of two other portals, of which five times is the aim."""
    other = OTHERS.get(act["name"])
    return f"{max(act['rates'].values()) / other:.1f} × {other}" if other else "–"


def _once(result, wrong):
    found = [
        ("start-up to the first answer", duration(result["started"]), duration(STARTED), result["started"], STARTED)
    ]
    if memory := result["memory"]:
        found.append(("memory of the largest web process", f"{memory / MB:.0f} MB", "150 MB", memory, MEMORY))
    for name, load in result["first loads"].items():
        size, most = load["compressed"], LOADS[name]
        found.append((f"first load: {name}", f"{size / 1000:.0f} kB", f"{most / 1000:.0f} kB", size, most))
    wrong += [f"{name}: {told}, where {most} is allowed" for name, told, most, size, limit in found if size > limit]
    return table(("", "", "at most"), [(name, told, most) for name, told, most, _, _ in found])


@dataclass(frozen=True)
class Load:
    """Members who save and a workshop that asks, all at once, on one database."""

    database: str

    @property
    def title(self):
        return f"Everybody at once on {self.database}"

    def tell(self, folder):
        with tempfile.TemporaryDirectory(dir=folder) as own:
            result = run.run(run.LOAD, database=self.database, folder=own)
        words = (
            f"{result['database']}, the same portal: {result['members']} members of seven boards save an item each "
            f"five seconds, and {result['devices']} devices in a workshop ask each second whether something changed, "
            f"for {result['seconds']:,.0f} seconds. The workshop went on {result['steps']} times. Load average "
            f"{result['load average after']:.1f} after."
        )
        names = {
            "saves": "a save is acknowledged",
            "asked": "a device is answered, with its page where something changed",
            "noticed": "the room shows what changed",
        }
        rows = [
            (name, f"{result[key]:,}", *(duration(each) for each in result["times"][key]))
            for key, name in names.items()
        ]
        rows += [(name, f"{result['references'][name]:,.0f} a second", "", "", "") for name in result["references"]]
        failed, lost, faults = result["failed"], result["lost"], result["faults"]
        told = f"Failed: {failed}. Acknowledged and not stored: {lost}. Faults in the audit record: {faults}."
        wrong = [f"{self.title}: {told} {result['errors']}"] if failed or lost or faults else []
        if result["times"]["noticed"][1] > 2:
            wrong.append(f"{self.title}: the room takes more than two seconds to show what changed")
        return "\n\n".join([words, table(("", "times", "median", "99 of 100", "longest"), rows), told]), wrong


def sections():
    return [kind(database) for kind in (Pages, Load) for database in DATABASES]

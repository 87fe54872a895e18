"""Measure the portal on one database, at one size of data: `python -m tests.bench.run S` prints a line of JSON."""

import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.clients import Client, drive

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = (1, 8, 32)
COMPARED = 8
# What is added to the name of a page that is measured as it is after a change, too.
ANEW = ", made anew"
ROUNDS = 3
SECONDS = float(os.environ.get("BENCH_SECONDS") or 1.5)
# The data of `tests.bench.loads`: 84 members score, at seven places of fourteen.
LOAD = "load"
# How many places the systems have, and how many rounds they went through.
SIZES = {
    "S": ([9], 2),
    "M": ([9], 20),
    # Nine places in the system whose dashboard is compared, 171 in the others.
    "L": ([9] + [4 + (number < 7) for number in range(41)], 8),
    LOAD: ([14], 2),
}


def main(size):
    import django

    django.setup()
    told = {"size": size, "load average": os.getloadavg()[0]} | prepare(size)
    from tests.bench import loads
    from tests.bench.acts import World
    from tests.bench.serving import serving

    # Filling may share the machine with others, measuring may not.
    if before := os.environ.get("BEFORE"):
        subprocess.run(before, shell=True, check=True)
    with serving() as portal:
        told["started"] = portal.started
        world = World()
        told |= loads.measure(world, portal) if size == LOAD else measure(world, portal)
        told["memory"] = portal.memory()
    told["load average after"] = os.getloadavg()[0]
    sys.stdout.write(json.dumps(told) + "\n")


def prepare(size):
    """Make the tables, the hashed files and the data; say how many rows there are, and how long it took."""
    from django.core.management import call_command
    from django.db import connection

    from assessments.models import Assessment, Score
    from partnership.models import AuditEvent, Place, System
    from tests.bench import copies, pattern

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    # The reference views' tables, which have no migrations.
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        # For this connection alone, which nobody measures.
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA synchronous=OFF" if is_sqlite else "SET synchronous_commit = off")
    begun = time.perf_counter()
    sizes, rounds = SIZES[size]
    pattern.make(rounds=rounds, with_report=True)
    made = time.perf_counter()
    copies.fill(sizes)
    filled = time.perf_counter()
    if not is_sqlite:
        # As the server does by itself before long.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    rows = {
        "systems": System.objects.count(),
        "places": Place.objects.count(),
        "assessments": Assessment.objects.count(),
        "scores": Score.objects.count(),
        "events of the audit record": AuditEvent.objects.count(),
    }
    return {"made": made - begun, "filled": filled - made, "rows": rows, "database": _database()}


def _database():
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def measure(world, portal):
    """Measure every act at one client and at many; each round measures the references beside all others."""
    acts = world.acts()
    clients = {act.name: [act.make(number, portal.port) for number in range(max(CLIENTS))] for act in acts}
    found = {act.name: {"rates": {}} for act in acts}
    for act in acts:
        drive(clients[act.name][:COMPARED], seconds=SECONDS / 3)
    for number in CLIENTS:
        rounds = [_round(acts, clients, number) for _ in range(ROUNDS if number == COMPARED else 1)]
        for act in acts:
            here = found[act.name]
            here["rates"][number] = statistics.median(each[act.name].rate for each in rounds)
            if number == 1:
                here["alone"] = rounds[0][act.name].median
                here["times"] = here["alone"] / rounds[0][act.against].median
            if number == COMPARED:
                ratios = [each[act.name].rate / each[act.against].rate for each in rounds]
                here["ratio"], here["ratios"] = statistics.median(ratios), ratios
    rows = [
        found[act.name]
        | {"name": act.name, "against": act.against, "share": act.share}
        | {"queries": act.queries, "most_queries": act.most_queries}
        for act in acts
    ]
    return {"acts": rows, "first loads": _first_loads(world, portal)}


def _round(acts, clients, number):
    return {act.name: drive(clients[act.name][:number], seconds=SECONDS) for act in acts}


def _first_loads(world, portal):
    """Return the bytes that a browser fetches when it opens a page for the first time, by page, in all and as HTML."""
    found = {}
    for name, make in (
        ("scoring page, no chart", world.on_assessment(world.scoring, "assessments:score", world.largest)),
        ("a place's dashboard, charts", world.page(world._place)),
    ):
        user, path = make.chosen(0)
        client = Client(portal.port, world.session(user))
        page = client.get(path).body
        files = set(re.findall(rb'(?:href|src|data-plotly)="(/static/[^"]+)"', page))
        sizes = [len(client.get(each.decode()).body) for each in files]
        found[name] = {"html": len(page), "compressed": len(gzip.compress(page)) + sum(sizes), "files": len(files)}
    return found


def run(size, *, database, folder):
    """Run this module in a process of its own, on a fresh database in a folder, and return what it told."""
    from tests.bench.serving import environment

    command = [sys.executable, "-m", "tests.bench.run", size]
    around = {**os.environ, **environment(folder)}
    if database == "PostgreSQL":
        command = [sys.executable, "bin/with-postgres", "--careful", *command]
    else:
        around["DATABASE_URL"] = f"sqlite:///{folder}/portal.sqlite3"
    done = subprocess.run(command, cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"The portal could not be measured on {database} at size {size}.")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main(sys.argv[1])

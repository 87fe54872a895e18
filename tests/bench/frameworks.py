"""Loading frameworks, rolling up, what would lift, trying in the browser, and files made to hurt."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.sections import Measured, Row, Section, once, typical

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "frameworks" / "library" / "place_development_1_0.yaml"
SIZES = (50, 100, 250, 500, 1000)
# A criterion of the largest framework may take so many times as long as one of the smallest.
LINEAR = 1.5
MB = 1024 * 1024


# Each of these runs in a process of its own


def load(kind):
    """Load and publish a framework of 500 nodes from a file, on a database that has everything else."""
    _portal()
    from django.utils import timezone

    from frameworks import services
    from frameworks.loading import examine

    content = Path(os.environ["BENCH_FOLDER"], f"large.{kind}").read_bytes()

    def act():
        examined = examine(content)
        version, _ = services.load_version(examined=examined, by=None, at=timezone.now())
        services.publish_version(version=version, by=None, at=timezone.now())

    return once(act)


def roll_up(argument):
    """Roll up both standings of some items over a framework of some criteria: "criteria items"."""
    from frameworks import rollup
    from frameworks.trace import Standing

    definition, items = _made(argument)
    return typical(lambda: [rollup.roll_up(definition, items, standing=standing) for standing in Standing])


def lift(argument):
    """Say what would lift every node of a framework, in both standings: "criteria items"."""
    from frameworks import lift as lifting
    from frameworks import rollup
    from frameworks.trace import Standing

    definition, items = _made(argument)
    results = [rollup.roll_up(definition, items, standing=standing) for standing in Standing]
    return typical(
        lambda: [lifting.lift(definition, items, some, code) for some in results for code in definition.nodes], times=5
    )


def tried(code):
    """Answer a page on which a framework of 500 nodes is tried, with an item for each criterion."""
    _portal()
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from frameworks import services, trial
    from frameworks.loading import examine
    from partnership.services import people
    from tests.bench import made

    examined = examine(Path(os.environ["BENCH_FOLDER"], "large.yaml").read_bytes())
    version, _ = services.load_version(examined=examined, by=None, at=timezone.now())
    author = people.add_person(
        email="author@bench.example", name="Author", password=None, administrator=True, by=None, at=timezone.now()
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(author)
    definition = examined.definition
    items = {node: tuple(some) for node, some in made.items(definition, len(definition.criteria)).items()}
    address = trial.write(trial.Trial(definition, items))
    name, values = ("trial_node", [version.public_id, code]) if code else ("trial", [version.public_id])
    url = reverse(f"assessments:{name}", args=values)
    if client.get(url, {"tried": address}).status_code != 200:
        raise SystemExit(f"{url} is not shown")
    return typical(lambda: client.get(url, {"tried": address}).content, times=5)


def refuse(name):
    """Check a file with the command, in a process of its own; return its processor time and its peak memory."""
    command = [sys.executable, "manage.py", "load_framework", name, "--dry-run"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if (process.returncode == 0) != name.endswith("small-framework.yaml"):
        raise SystemExit(f"{name} gives {process.returncode}: {said.decode()}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def _made(argument):
    from frameworks.definition import parse
    from frameworks.loading import examine
    from tests.bench import made

    criteria, number = map(int, argument.split())
    shipped = criteria == 12
    definition = examine(LIBRARY.read_bytes()).definition if shipped else parse(made.framework(criteria))
    return definition, made.items(definition, number)


def _portal():
    """Start Django on a database of this process's own, a copy of the one that was prepared."""
    import django

    copy = Path(os.environ["BENCH_FOLDER"], f"run-{os.getpid()}.sqlite3")
    shutil.copyfile(Path(os.environ["BENCH_FOLDER"], "empty.sqlite3"), copy)
    os.environ["DATABASE_URL"] = f"sqlite:///{copy}"
    django.setup()


# What is prepared once


def prepare(folder):
    """Make an empty database, a large framework as both kinds of file, and the hostile files; return where they are."""
    from frameworks.loading import examine
    from frameworks.workbook import write_workbook
    from frameworks.writing_yaml import write_yaml
    from tests.bench import made

    empty = Path(folder, "empty.sqlite3")
    environment = {
        "BENCH_FOLDER": folder,
        "DATABASE_URL": f"sqlite:///{empty}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAL_TESTS_DIR": folder,
        "PORTAL_DEMO": "1",
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )
    data = made.framework(455)
    Path(folder, "large.yaml").write_text(write_yaml(data))
    Path(folder, "large.xlsx").write_bytes(write_workbook(data))
    assert examine(Path(folder, "large.xlsx").read_bytes()).is_sound
    for name, content in hostile_files().items():
        Path(folder, name).write_bytes(content)
    return environment


def hostile_files():
    """Return files made to hurt, by name."""
    from tests.unit.frameworks import test_hostile_files as made

    small = (ROOT / "docs" / "small-framework.yaml").read_text()
    laughs = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 99))
    formula = made.sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')
    return {
        "100-mb.yaml": b"x" * (100 * MB),
        "nested.yaml": b"[" * (3 * MB),
        "aliases.yaml": f"a0: &a0 [lol]\n{laughs}".encode(),
        "values.yaml": b"- 1\n" * MB,
        "markup.yaml": small.replace("First contact", "<script>alert(1)</script>").encode(),
        "utf-16.yaml": small.encode("utf-16"),
        "latin-1.yaml": small.replace("Welcome", "Grüße").encode("latin-1"),
        "bomb.xlsx": made.repacked(**{made.SHARED: b"\x00" * (300 * MB)}),
        "entities.xlsx": made.repacked(**{made.SHARED: made.ENTITIES}),
        "formula.xlsx": made.repacked(**{made.FIRST: formula}),
        "macros.xlsx": made.repacked(**{"xl__vbaProject.bin": b"macro"}),
        "small-framework.yaml": small.encode(),
    }


def conclude_growth(measured: list[Measured]):
    """Say how the time of one criterion grows with the size of its framework."""
    times = {row.row.argument.split()[0]: row.median for row in measured if row.row.measure.endswith(".roll_up")}
    each = {size: 1e6 * times[str(size)] / size for size in SIZES}
    ratio = each[SIZES[-1]] / each[SIZES[0]]
    told = ", ".join(f"{micro:.0f} µs at {size:,}" for size, micro in each.items())
    line = (
        f"Growth: a criterion takes {told}. At {SIZES[-1]:,} that is {ratio:.2f} times what it is at {SIZES[0]}; "
        f"linear would be 1, and {LINEAR} is allowed."
    )
    return [line], [] if ratio <= LINEAR else [f"The roll-up grows by {ratio:.2f}, beyond {LINEAR}"]


ME = "tests.bench.frameworks"
SECTIONS = (
    Section(
        "Loading a framework",
        "Parse, check, run the golden cases, keep as a draft and publish a framework of 455 criteria in 46 domains "
        "(501 nodes), on SQLite. Starting Python is not counted.",
        (
            Row("from YAML", f"{ME}.load", "yaml", budget=2),
            Row("from a workbook", f"{ME}.load", "xlsx"),
        ),
        prepare,
    ),
    Section(
        "Rolling up",
        "Both standings, claimed and supported, with every trace, in processor time. The first row is the Place "
        "Development Framework with 50 items, the others have an item for each criterion.",
        (
            Row("12 criteria, 50 items", f"{ME}.roll_up", "12 50", budget=0.005),
            *(
                Row(f"{size:,} criteria", f"{ME}.roll_up", f"{size} {size}", budget=0.05 if size == 500 else None)
                for size in SIZES
            ),
        ),
        prepare,
        conclude_growth,
    ),
    Section(
        "What would lift",
        "A smallest set of changes for every node, in both standings, in processor time.",
        (
            Row("12 criteria, 50 items", f"{ME}.lift", "12 50", budget=0.05),
            Row("100 criteria, 300 items", f"{ME}.lift", "100 300"),
        ),
        prepare,
    ),
    Section(
        "Trying a framework in the browser",
        "The page's answer without the network, in processor time, for the framework of 501 nodes with an item for "
        "each criterion.",
        (
            Row("a criterion", f"{ME}.tried", "D1.3", budget=0.5),
            Row("a domain", f"{ME}.tried", "D1", budget=0.5),
            Row("the whole framework", f"{ME}.tried", "", budget=1),
        ),
        prepare,
    ),
)


def hostile_section(folder):
    """Return the section on files made to hurt, which are in a folder."""
    names = {
        "a sound file, to compare": "small-framework.yaml",
        "100 MB": "100-mb.yaml",
        "nested 3 million deep": "nested.yaml",
        "aliases that would make 10^94 values": "aliases.yaml",
        "a million values": "values.yaml",
        "HTML in a name": "markup.yaml",
        "UTF-16": "utf-16.yaml",
        "Latin-1": "latin-1.yaml",
        "a workbook that unpacks to 300 MB": "bomb.xlsx",
        "a workbook with exploding entities": "entities.xlsx",
        "a workbook with a formula": "formula.xlsx",
        "a workbook with macros": "macros.xlsx",
    }
    rows = (Row(name, f"{ME}.refuse", f"{folder}/{file}", budget=5) for name, file in names.items())
    return Section(
        "Files made to hurt",
        "Each but the first is refused with a sentence by `manage.py load_framework FILE --dry-run`: the whole "
        "process, Python and Django included, in processor time.",
        tuple(rows),
        prepare,
    )

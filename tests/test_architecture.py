"""The rules of the layout, checked on every run; the last tests show that each check bites."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["partnership", "frameworks", "assessments", "improvement", "reports"]  # lowest first
WRITES = {"save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create", "update_or_create"}
MOST_LINES = 400
NAMELESS = {"utils", "helpers", "common", "util", "helper", "misc"}
# Libraries that a web process does without until somebody asks for what they make: they take a tenth of its memory.
LARGE = {"openpyxl", "weasyprint", "PIL", "fontTools"}

# A module that calls itself pure computes and nothing else: no models, no clock, no settings, and no module that is not
# pure. In `frameworks`, the heart of the calculation, so does every module that is not named here.
KNOWS_DATABASE = {"__init__", "admin", "apps", "models", "permissions", "recorded", "selectors", "services", "urls"}
CALLS_ITSELF_PURE = re.compile(r"\bpure\b", re.IGNORECASE)

# Named choices are words, not models; `django.db.models` is how one gets at them.
CHOICES = {"django.db.models", "django.db.models.TextChoices"}
CLOCKS = {"now", "utcnow", "today", "localtime", "localdate"}

# Where machines and registries would give themselves away: this checkout, a home folder, a host. In two parts each,
# so as not to name itself.
GIVEAWAYS = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(?:(?:home|Users)/\w+|root|work)/",
            # Whatever their owners are called: a registry is told by the first part of its host.
            r"(?<![\w.])(?:registry|files|pypi|index|deb|security)\." + r"\w+(?:\.\w+)*\.(?:org|com|net)\b",
            r"https?://(?:registry|files|pypi|index|deb|security)\." + r"\w",
            r"extra-index" + r"-url|--index" + r"-url",
        ]
    )
)


def modules(app):
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def tracked_files():
    # Somebody else's checkout is as good as one's own: only names are read.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def where(path, node=None):
    return f"{path.relative_to(ROOT)}{f':{node.lineno}' if node else ''}"


def pure_modules():
    """Return the pure modules by dotted name."""
    found = {}
    for app in LAYERS:
        for path in modules(app):
            docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
            heart = path.parent == ROOT / "frameworks" and path.stem not in KNOWS_DATABASE
            if heart or CALLS_ITSELF_PURE.search(docstring):
                found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = path
    return found


PURE = pure_modules()


def imported_modules(tree):
    """Yield the dotted name of everything that a module imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def upward_imports(app, tree):
    above = set(LAYERS[LAYERS.index(app) + 1 :])
    return sorted({name.partition(".")[0] for name in imported_modules(tree)} & above)


def writes(tree):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]


def may_be_imported_by_pure(name):
    top, _, rest = name.partition(".")
    if top in LAYERS:
        return not rest or any(name == pure or name.startswith(f"{pure}.") for pure in PURE)
    return name in CHOICES if top == "django" else top not in {"os", "time", "random"}


def large_imports(tree):
    """Yield the large libraries that come with a module itself, whether anything of them is asked for or not."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.If | ast.Try):
            yield from (name for name in imported_modules(node) if name.partition(".")[0] in LARGE)


def impurities(tree):
    """Yield what a pure module may not do: import what knows more than it should, or look at a clock."""
    yield from (name for name in imported_modules(tree) if not may_be_imported_by_pure(name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield f"line {node.lineno} .{node.func.attr}()"


def clocks_at_import(tree):
    """Yield where a module reads the clock while it is imported: what it keeps is wrong from midnight on."""
    later = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, later):
            # The values of arguments left out, and decorators, are worked out at once.
            waiting += [*node.args.defaults, *filter(None, node.args.kw_defaults), *getattr(node, "decorator_list", ())]
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield f"line {node.lineno} .{node.func.attr}()"
        waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize("app", LAYERS)
def test_apps_import_only_downwards(app):
    wrong = [(where(path), name) for path in modules(app) for name in upward_imports(app, ast.parse(path.read_text()))]
    assert not wrong


@pytest.mark.parametrize("app", LAYERS)
def test_views_and_forms_do_not_write(app):
    wrong = [
        f"{where(path, node)} .{node.func.attr}()"
        for path in modules(app)
        if path.stem in {"views", "forms"} or {"views", "forms"} & set(path.relative_to(ROOT).parts)
        for node in writes(ast.parse(path.read_text()))
    ]
    assert not wrong


@pytest.mark.parametrize("app", LAYERS)
def test_no_app_uses_the_views_or_forms_of_another(app):
    wrong = [
        (where(path), name)
        for path in modules(app)
        for name in imported_modules(ast.parse(path.read_text()))
        if name.partition(".")[0] in set(LAYERS) - {app} and {"views", "forms"} & set(name.split("."))
    ]
    assert not wrong


@pytest.mark.parametrize("module", sorted(PURE))
def test_pure_modules_know_no_models_clock_or_settings(module):
    assert list(impurities(ast.parse(PURE[module].read_text()))) == []


@pytest.mark.parametrize("app", LAYERS)
def test_large_libraries_come_when_they_are_asked_for(app):
    wrong = [(where(path), name) for path in modules(app) for name in large_imports(ast.parse(path.read_text()))]
    assert not wrong


@pytest.mark.parametrize("app", LAYERS)
def test_modules_stay_short(app):
    lengths = [(where(path), len(path.read_text().splitlines())) for path in modules(app)]
    assert [(name, length) for name, length in lengths if length > MOST_LINES] == []


def test_modules_are_named_after_what_they_hold():
    assert [where(path) for path in tracked_python() if path.stem in NAMELESS or path.parent.name in NAMELESS] == []


def test_no_module_keeps_the_day_on_which_it_was_imported():
    assert [
        (where(path), at) for path in tracked_python() for at in clocks_at_import(ast.parse(path.read_text()))
    ] == []


def test_nothing_names_a_machine_or_a_package_registry():
    wrong = []
    for path in tracked_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        wrong += [(where(path), match.group()) for match in GIVEAWAYS.finditer(text)]
    assert not wrong


def tracked_python():
    return [path for path in tracked_files() if path.suffix == ".py" and "migrations" not in path.parts]


# The checks bite


@pytest.mark.parametrize(
    "source",
    [
        "import reports",
        "from reports.models import Report",
        "def late():\n    from reports import models",
        "import reports.pdf",
    ],
)
def test_an_upward_import_is_found(source):
    assert upward_imports("frameworks", ast.parse(source)) == ["reports"]
    assert upward_imports("reports", ast.parse(source)) == []


@pytest.mark.parametrize(
    "source", ["import openpyxl.styles", "from PIL import Image", "try:\n    import weasyprint\nexcept: ..."]
)
def test_a_large_library_that_comes_uncalled_is_found(source):
    assert list(large_imports(ast.parse(source)))
    assert not list(large_imports(ast.parse("def late():\n    import weasyprint")))


@pytest.mark.parametrize(
    "source",
    [
        "TODAY = date.today()",
        "class Form:\n    first = timezone.localdate()",
        "def add(on=timezone.localdate()): ...",
        "def add(*, at=timezone.now()): ...",
        "@pytest.mark.parametrize('year', [date.today().year])\ndef test(): ...",
    ],
)
def test_a_clock_that_is_read_at_import_is_found(source):
    assert list(clocks_at_import(ast.parse(source)))
    assert not list(clocks_at_import(ast.parse("def today(now=timezone.now):\n    return lambda: date.today()")))


@pytest.mark.parametrize("source", ["score.save()", "Score.objects.create(level=3)", "queryset.filter(pk=1).delete()"])
def test_a_write_is_found(source):
    assert len(writes(ast.parse(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from django.conf import settings",
        "from django.db import models",
        "from django.db.models import Q",
        "import django",
        "from frameworks.models import Node",
        "from frameworks import models",
        "from partnership import audit",
        "datetime.datetime.now()",
        "date.today()",
        "import time",
    ],
)
def test_an_impurity_is_found(source):
    assert list(impurities(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["from frameworks.rules import Rule", "from frameworks import remedies", "import math"]
)
def test_what_is_pure_is_left_alone(source):
    assert [name for name in impurities(ast.parse(source)) if name != "frameworks"] == []


@pytest.mark.parametrize(
    "text",
    [
        "see /ho" + "me/someone/x",
        "https://regis" + "try.example/x",
        "registry." + "made-up.org".replace("-", ""),
        "--index" + "-url=x",
    ],
)
def test_a_giveaway_is_found(text):
    assert GIVEAWAYS.search(text)


@pytest.mark.parametrize("text", ["the place's home/work balance", "/workshop/", "a link to www.python.org"])
def test_an_innocent_text_is_left_alone(text):
    assert not GIVEAWAYS.search(text)

"""Files made to hurt are refused with a sentence, within limits that the operating system enforces."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from frameworks import bounds
from frameworks.loading import examine
from tests.unit.frameworks.test_workbook import small, small_workbook

ROOT = Path(__file__).resolve().parents[3]
MB = 1024 * 1024


@pytest.fixture(scope="module")
def examine_apart():
    """Return a function that examines a file in a process with limits: its exit status, and what it says."""
    command = [sys.executable, "-m", "tests.unit.frameworks.hostile"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as server:

        def ask(content):
            server.stdin.write(struct.pack(">Q", len(content)) + content)
            server.stdin.flush()
            return json.loads(server.stdout.readline())

        yield ask


def repacked(**parts):
    """Return a sound workbook with some parts replaced or added; underscores in names stand for slashes."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(small_workbook())) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        replaced = {name.replace("__", "/"): content for name, content in parts.items()}
        for part in old.infolist():
            if part.filename not in replaced:
                new.writestr(part.filename, old.read(part.filename))
        for name, content in replaced.items():
            new.writestr(name, content)
    return file.getvalue()


def lines(text):
    """Return the small framework with further lines of YAML."""
    return f"{(ROOT / 'docs' / 'small-framework.yaml').read_text()}\n{text}".encode()


def sheet(rows, dimension="A1:B2"):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
ENTITIES = f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><x>&l11;</x>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
SHARED = "xl__sharedStrings.xml"
FIRST = "xl__worksheets__sheet2.xml"


HOSTILE = [
    # YAML
    (lambda: b"x" * (100 * MB), "larger than 4 MB"),
    (lambda: b"[" * (3 * MB), "nested more than 40 deep"),
    (lambda: b"a:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 1500)), "nested more than 40 deep"),
    (lambda: b"? " * MB, "nested more than 40 deep"),
    (lambda: b"- " * MB, "nested more than 40 deep"),
    (
        lambda: (
            b"a0: &a0 [lol]\n"
            + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 99))
        ),
        "repeats itself beyond measure",
    ),
    (lambda: b"a: &a " + b"x" * MB + b"\nb: [" + b"*a," * 99_999 + b"]", "repeats itself beyond measure"),
    (lambda: b"- 1\n" * (4 * MB // 4), "more than 200000 values"),
    (lambda: b"".join(b"k%d: 1\n" % n for n in range(90_000)), "more problems"),
    (lambda: b"a: 1\n" * 500_000, "too many problems"),
    (lambda: b"'" + b"x" * (3 * MB), "This is not YAML"),
    (lambda: b"a: " + b"9" * MB, "format"),
    (lambda: b"&a " * MB, "This is not YAML"),
    (lambda: b"!!python/object/apply:os.system [x]", "tag"),
    (lambda: bytes(range(256)) * 1000, "UTF-8"),
    (lambda: b"\x00" * MB, "UTF-16"),
    (lambda: "a: 1".encode("utf-16"), "UTF-16"),
    # Small to write, long to work out
    (lambda: lines("targets:\n" + "- {}\n" * 50_000), "Use 20 at most"),
    (lambda: lines("classes: [" + "{code: a, name: b}," * 30_000 + "]"), "Use 100 at most"),
    (lambda: b"scale: {levels: [" + b"{rank: 1, name: a}," * 30_000 + b"]}", "Use 6 at most"),
    (lambda: b"nodes: [" + b"{code: a}," * 60_000 + b"]", "Use 1000 at most"),
    (
        lambda: b"n: &n [" + b"{code: a}," * 999 + b"]\nnodes: [" + b"{code: a, nodes: *n}," * 30 + b"]",
        "The tree has 30000 nodes",
    ),
    (
        lambda: b"nodes: [" + b"{code: a}," * 900 + b"]\ngolden: [" + b"{name: a}," * 150 + b"]",
        "too many for so large a tree",
    ),
    (
        lambda: (
            b"rules: {r: {rows: ["
            + b"{level: 1}," * 59
            + b"]}}\nn: &n ["
            + b"{rule: r}," * 999
            + b"]\nnodes: ["
            + b"{rule: r, nodes: *n}," * 4
            + b"]"
        ),
        "Long rules are used by too many nodes",
    ),
    # Workbooks
    (lambda: repacked(**{SHARED: b"\x00" * (300 * MB)}), "unpacks to more than 24 MB"),
    (
        lambda: repacked(**{f"xl__media__{n}.png": b"\x00" * (9 * MB) for n in range(9)}),
        "unpacks to more than 24 MB",
    ),
    (lambda: repacked(**{f"x__{n}.xml": "<x/>" for n in range(5_000)}), "too many parts"),
    (lambda: repacked(**{SHARED: ENTITIES}), "declares a document type"),
    (lambda: repacked(**{SHARED: OUTSIDE}), "declares a document type"),
    (lambda: repacked(**{SHARED: ENTITIES.replace("UTF-8", "UTF-16").encode("utf-16")}), "not in UTF-8"),
    (lambda: repacked(**{SHARED: ENTITIES.replace("UTF-8", "UTF-7").encode("utf-7")}), "not in UTF-8"),
    (lambda: repacked(**{"xl__vbaProject.bin": b"macro"}), "macros"),
    (lambda: repacked(**{"xl__embeddings__oleObject1.bin": b"x"}), "embedded files"),
    (lambda: repacked(**{FIRST: sheet("", "A1:XFD1048576")}), "This is missing"),
    (
        lambda: repacked(**{FIRST: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "A1:XFD1048576")}),
        "This is missing",
    ),
    (
        lambda: repacked(
            **{FIRST: sheet("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 20_000)))}
        ),
        "more rows or columns",
    ),
    (lambda: repacked(**{FIRST: sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')}), "holds a formula"),
    (lambda: repacked(**{FIRST: sheet("<row>" * 50_000)}), "cannot be read"),
    (lambda: repacked(**{FIRST: sheet("<x>" * 200_000 + "</x>" * 200_000)}), ""),
    (lambda: repacked(**{FIRST: sheet('<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>')}), "cannot be read"),
    (lambda: b"PK\x03\x04" + b"\x00" * MB, "not an Excel workbook"),
    (lambda: small_workbook()[:-200], "not an Excel workbook"),
    (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * MB, "old kind"),
]


@pytest.mark.parametrize("make, words", HOSTILE, ids=[words for _, words in HOSTILE])
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(make, words, examine_apart):
    status, said = examine_apart(make())

    assert status == 0
    assert said != "sound"
    assert words in said


def test_a_part_that_is_larger_than_its_directory_says_is_refused():
    content = bytearray(repacked(**{SHARED: b"\x00" * MB}))
    size = struct.pack("<I", MB)
    while size in content:
        at = content.index(size)
        content[at : at + 4] = struct.pack("<I", 10)

    assert examine(bytes(content)).findings


def test_what_a_sheet_claims_of_its_size_is_not_believed():
    name = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(io.BytesIO(small_workbook())) as book:
        content = book.read(name).decode()
    assert '<dimension ref="A1:E4"' in content

    for claim in ("A1:A1", "A1:XFD1048576"):
        claimed = repacked(**{name.replace("/", "__"): content.replace("A1:E4", claim)})
        assert examine(claimed).text == examine(small_workbook()).text


def test_the_limits_bite(examine_apart):
    assert examine_apart(b"greedy") == [1, ""]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a</b>", "<!--", "<?php"]
)
def test_markup_is_refused_wherever_it_stands(name):
    data = small()
    data["nodes"][0]["name"] = name
    data["golden"][0]["items"][name] = []

    assert {problem.where for problem in bounds.check(data)} == {"nodes[0].name", "golden[0].items"}


@pytest.mark.parametrize(
    "text", ["fewer than <5 %", "a < b", "x<3", "→ «déjà vu»", "日本語", "Zażółć & gęślą", "العربية"]
)
def test_words_of_any_language_are_welcome(text):
    assert bounds.check(small(name=text)) == []


def test_what_is_too_long_is_a_problem_like_any_other():
    data = small(name="n" * 201, number="1" * 21)
    data["nodes"][0]["code"] = "c" * 41

    assert {str(problem) for problem in bounds.check(data)} == {
        "name: This has 201 characters. Use 200 at most.",
        "number: This has 21 characters. Use 20 at most.",
        "nodes[0].code: This has 41 characters. Use 40 at most.",
    }

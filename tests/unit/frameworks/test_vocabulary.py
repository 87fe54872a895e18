"""The vocabulary, the parser, the JSON Schema and the guide say the same."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from frameworks.definition import parse
from frameworks.format_docs import with_tables
from frameworks.json_schema import schema
from frameworks.kinds import Choice, Either, Keyed, Many, One
from frameworks.reading import Reader
from frameworks.reading_yaml import read_yaml
from frameworks.vocabulary import RECORDS

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "framework-format.md"
LIBRARY = sorted((ROOT / "frameworks" / "library").glob("*.yaml"))
EVERYTHING = Path(__file__).with_name("everything.yaml")
SAMPLES = [*LIBRARY, EVERYTHING, ROOT / "docs" / "small-framework.yaml"]


def load(path):
    return read_yaml(path.read_bytes()).data


def record_at(where):
    """Return the record that stands at a place such as "nodes[0].rule", None where its kind of value has no fields."""
    kinds, rest = [One("framework")], where.replace("[", ".[").lstrip(".")
    for part in rest.split(".") if rest else []:
        if part.startswith("["):
            kinds = [One(kind.record) for kind in kinds if isinstance(kind, Many)]
            continue
        found = []
        for kind in kinds:
            if isinstance(kind, One):
                field = RECORDS[kind.record].field(part)
                found += [field.kind] if field else []
            elif isinstance(kind, Keyed):
                found.append(kind.of)
        kinds = [inner for kind in found for inner in (kind.kinds if isinstance(kind, Either) else (kind,))]
    records = [kind.record for kind in kinds if isinstance(kind, One)]
    return records[0] if records else None


def known_to_the_parser(monkeypatch):
    """Return, by record, every field that the parser asks for while it reads the samples."""
    asked = {name: set() for name in RECORDS}
    get, has, close = Reader._get, Reader.has, Reader.close

    def note(reader, field):
        # Codes may hold dots, which would look like the end of a name.
        name = record_at(reader.where.replace("PE2.", "PE2"))
        if name:
            asked[name].add(field)

    def noted_get(reader, field, *rest):
        note(reader, field)
        return get(reader, field, *rest)

    def noted_has(reader, field):
        note(reader, field)
        return has(reader, field)

    def noted_close(reader):
        for field in reader._asked:
            note(reader, field)
        return close(reader)

    monkeypatch.setattr(Reader, "_get", noted_get)
    monkeypatch.setattr(Reader, "has", noted_has)
    monkeypatch.setattr(Reader, "close", noted_close)
    for path in SAMPLES:
        parse(load(path))
    return asked


def test_the_vocabulary_holds_every_field_that_the_parser_knows_and_no_other(monkeypatch):
    known = known_to_the_parser(monkeypatch)

    assert {name: sorted(fields) for name, fields in known.items()} == {
        name: sorted(field.name for field in record.all_fields()) for name, record in RECORDS.items()
    }


def test_the_rules_and_gates_of_the_vocabulary_are_those_of_the_parser():
    from frameworks.parsing_gates import GATES
    from frameworks.rulebook import RULES

    assert set(RECORDS["rule"].field("kind").kind.words) == set(RULES)
    assert set(RECORDS["gate"].field("kind").kind.words) == set(GATES)


def test_everything_uses_everything():
    used = {name: set() for name in RECORDS}

    def walk(value, kind):
        if isinstance(kind, Either):
            for each in kind.kinds:
                walk(value, each)
        elif isinstance(kind, Many) and isinstance(value, list):
            for each in value:
                walk(each, One(kind.record))
        elif isinstance(kind, Keyed) and isinstance(value, dict):
            for each in value.values():
                walk(each, kind.of)
        elif isinstance(kind, One) and isinstance(value, dict):
            record = RECORDS[kind.record]
            for name, inner in value.items():
                if record.field(name):
                    used[record.name].add(name)
                    walk(inner, record.field(name).kind)

    walk(load(EVERYTHING), One("framework"))

    assert {name: {field.name for field in record.all_fields()} - used[name] for name, record in RECORDS.items()} == {
        name: set() for name in RECORDS
    }


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(schema())


def test_the_written_schema_is_the_generated_one():
    written = (ROOT / "docs" / "framework-format.schema.json").read_text()

    assert json.loads(written) == schema(), "run `manage.py write_framework_docs`"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sound_framework_validates(path):
    assert [error.message for error in jsonschema.Draft7Validator(schema()).iter_errors(load(path))] == []


@pytest.mark.parametrize(
    "path, value",
    [
        (["nodes", 0, "nam"], "House"),
        (["nodes", 0, "weight"], "heavy"),
        (["scale", "levels", 0, "demand"], 9),
        (["rule"], {"kind": "best_of"}),
        (["rule"], {"kind": "minimum", "digits": 2}),
        (["pathways", 0, "gates", 0, "percent"], 10),
        (["pathways", 0, "gates", 2, "percent"], None),
        (["tiers"], "Area"),
        (["number"], 2),
        (["nodes", 0, "nodes", 0, "descriptors"], {"Loved": "x"}),
    ],
)
def test_the_schema_finds_what_is_wrong(path, value):
    data = load(EVERYTHING)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value

    assert list(jsonschema.Draft7Validator(schema()).iter_errors(data))


def rows_of_the_guide():
    """Return the fields that the guide's tables document, by the record that names each table."""
    found, record = {}, None
    for line in GUIDE.read_text().splitlines():
        if match := re.match(r"<!-- fields of: (\w+) -->", line):
            record = match[1]
        elif record and (match := re.match(r"\| `([\w]+)` \|", line)):
            found.setdefault(record, []).append(match[1])
        elif not line.strip().startswith(("|", "<!--")) and line.strip():
            record = None
    return found


def test_the_guide_documents_every_field():
    assert rows_of_the_guide() == {
        name: [field.name for field in record.all_fields()] for name, record in RECORDS.items()
    }, "run `manage.py write_framework_docs`"


def test_the_guide_says_what_a_field_means_with_each_kind_of_gate():
    row = next(line for line in with_tables(GUIDE.read_text()).splitlines() if "no criterion may be below" in line)

    assert row.startswith("| `level` |")
    assert "For `node_at_least` (needed): The level that evidence has to support. For `floor` (needed): " in row


def test_the_guide_documents_every_word_that_a_field_may_hold():
    guide = GUIDE.read_text()
    words = {
        word
        for record in RECORDS.values()
        for field in record.all_fields()
        for kind in (field.kind.kinds if isinstance(field.kind, Either) else (field.kind,))
        if isinstance(kind, Choice)
        for word in kind.words
    }

    assert [word for word in sorted(words) if f"`{word}`" not in guide] == []


def test_the_tables_of_the_guide_are_the_generated_ones():
    guide = GUIDE.read_text()

    assert with_tables(guide) == guide, "run `manage.py write_framework_docs`"


def test_the_guide_shows_the_small_framework_as_it_is():
    assert (ROOT / "docs" / "small-framework.yaml").read_text().strip() in GUIDE.read_text()

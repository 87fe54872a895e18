import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from frameworks.definition import canonical_text
from frameworks.reading_yaml import read_yaml
from frameworks.writing_yaml import write_yaml
from tests.unit.frameworks.test_workbook import ANY_TEXT, FILES, load, small


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_framework_comes_back_from_a_file_as_it_was(path):
    source = read_yaml(write_yaml(load(path)).encode())

    assert source.findings == ()
    assert canonical_text(source.data) == canonical_text(load(path))


@settings(max_examples=60, deadline=None)
@given(some.lists(ANY_TEXT, min_size=8, max_size=8), some.none() | some.just([]) | some.lists(ANY_TEXT))
def test_odd_texts_come_back_from_a_file(texts, evidence):
    data = small(name=texts[0], notes=texts[1], tiers=texts[2:4], owner=texts[4])
    data["nodes"][0]["nodes"][0] |= {
        "summary": texts[5],
        "expected_evidence": evidence,
        "descriptors": {"1": texts[6]},
        "anchors": {"2": texts[7:]},
    }

    assert json.dumps(read_yaml(write_yaml(data).encode()).data, sort_keys=True) == json.dumps(data, sort_keys=True)


def test_repeated_parts_are_written_out_and_fields_stand_in_the_order_of_the_guide():
    data = small()
    data["nodes"][1]["nodes"][0]["descriptors"] = data["nodes"][0]["nodes"][0]["descriptors"]

    text = write_yaml(dict(sorted(data.items(), reverse=True)))

    assert "&id" not in text
    assert [line.partition(":")[0] for line in text.splitlines() if line[0].isalpha()][:5] == [
        "format",
        "code",
        "number",
        "name",
        "owner",
    ]

import pytest

from frameworks.marks import FileRefused
from frameworks.reading_yaml import MOST_VALUES, read_yaml


def read(text):
    return read_yaml(text.encode())


def refusal(content):
    with pytest.raises(FileRefused) as caught:
        read_yaml(content if isinstance(content, bytes) else content.encode())
    return str(caught.value)


def test_words_are_read_as_authors_mean_them():
    source = read(
        "a: yes\nb: 12:30\nc: 2026-04-01\nd: 1.50\ne: 12\nf: true\ng: ~\nh:\ni: 007\nj: '12'\nno: -3\n1: one\nk: 1e3\n"
    )

    assert source.data == {
        "a": "yes",
        "b": "12:30",
        "c": "2026-04-01",
        "d": "1.50",
        "e": 12,
        "f": True,
        "g": None,
        "h": None,
        "i": "007",
        "j": "12",
        "no": -3,
        "1": "one",
        "k": "1e3",
    }


def test_places_are_lines():
    source = read(
        "# note\nnodes:\n  - code: A\n    name: >-\n      Two\n      lines\n  - code: B.1\n    B.1: {x: [1, 2]}\n"
    )

    places = {where: source.mark.find(where).place for where in ("nodes[0].name", "nodes[1].B.1.x[1]", "nodes[7].name")}

    assert places == {"nodes[0].name": "line 4", "nodes[1].B.1.x[1]": "line 8", "nodes[7].name": "line 3"}


def test_what_is_missing_is_placed_at_what_it_is_missing_from():
    source = read("scale:\n  levels:\n    - rank: 1\n")

    assert source.mark.find("scale.levels[0].name").place == "line 3"
    assert source.mark.find("scale.levels[0].rank.deeper").place == "line 3"


def test_repeated_parts_are_read_and_placed_where_they_can_be_mended():
    source = read("a: &part\n  x: 1\nb: *part\n")

    assert source.data == {"a": {"x": 1}, "b": {"x": 1}}
    assert source.mark.find("b.x").place == "line 2"


def test_a_field_given_twice_is_named_with_both_lines():
    source = read("code: a\nname: b\ncode: c\nrest: [{x: 1, x: 2}]\n")

    assert [str(finding) for finding in source.findings] == [
        "line 3: The field “code” is here twice, first in line 1. Remove one of the two.",
        "line 4: The field “x” is here twice, first in line 4. Remove one of the two.",
    ]
    assert source.data == {"code": "a", "name": "b", "rest": [{"x": 1}]}


def test_tags_and_odd_names_are_named_and_reading_goes_on():
    source = read("a: !!python/object/apply:os.system [echo]\n? [x]\n: 1\nb: !!float 3\nc: 2\n")

    assert [finding.place for finding in source.findings] == ["line 1", "line 2", "line 4"]
    assert source.data["c"] == 2


@pytest.mark.parametrize(
    "text, place, words",
    [
        ("a: 1\nb: c: d\n", "line 2", "Put quotes round a text that holds a colon"),
        ("a:\n\tb: 1\n", "line 2", "never with tabs"),
        ("a:\n  b: 1\n\tc: 2\n", "line 3", "never with tabs"),
        ("a: [1, 2\nb: 3\n", "line 2", "This is not YAML"),
        ("a: 1\nb: 'open\nc: 2\n", "line 2", "Close the quote"),
        ("a: 1\n   b: 2\n", "line 2", "Put quotes"),
        ("a: *nowhere\n", "line 1", "not there"),
        ("a: 1\nb 2\nc: 3\n", "line 2", "with a space after the colon"),
        ("a: &x [*x]\n", "line 1", "not finished"),
        ("a: 1\n---\nb: 2\n", "line 2", "second document"),
        ("", "the file", "empty"),
        ("# only a comment\n", "the file", "empty"),
    ],
)
def test_what_is_no_yaml_is_refused_at_its_line(text, place, words):
    said = refusal(text)

    assert said.startswith(f"{place}: ")
    assert words in said


@pytest.mark.parametrize(
    "content, words",
    [
        ("name: Café".encode("latin-1"), "line 1: The file is not in UTF-8"),
        ("a: 1\nname: Café".encode("cp1252"), "line 2: The file is not in UTF-8"),
        ("a: 1".encode("utf-16"), "UTF-16"),
        ("a: 1".encode("utf-16-le"), "UTF-16"),
        ("a: 1".encode("utf-32"), "UTF-16 or UTF-32"),
        (b"a: 1\nb: x\x00y", "line 2: There is a control character (U+0000)"),
        ("a: 1\nb: \x1b[31m", "line 2: There is a control character (U+001B)"),
        (b"%PDF-1.7\n%\xe2\xe3", "not in UTF-8"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
    ],
)
def test_what_is_no_text_is_refused(content, words):
    assert words in refusal(content)


def test_a_mark_at_the_beginning_and_all_line_ends_are_understood():
    assert read_yaml("\ufeffa: 1\r\nb: 2\rc: 3\n".encode()).data == {"a": 1, "b": 2, "c": 3}


def test_nesting_has_an_end():
    assert "nested more than 40 deep" in refusal("[" * 100_000)
    assert "nested more than 40 deep" in refusal("".join(f"{' ' * depth}a:\n" for depth in range(100)))


def test_repeating_what_repeats_has_an_end():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]

    assert f"more than {MOST_VALUES} values" in refusal("\n".join(lines))


def test_repeating_a_long_text_has_an_end():
    long = "x" * 100_000

    assert "repeats itself" in refusal(f"a: &a {long}\nb: [{', '.join(['*a'] * 200)}]")


def test_problems_have_an_end():
    assert "too many problems" in refusal("\n".join("a: 1" for _ in range(2_000)))

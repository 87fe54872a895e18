"""Nothing that somebody wrote vanishes from paper, and nothing disguises itself."""

import pytest

from reports.pdf import fonts
from reports.pdf.printable import printable

ASCII = frozenset(range(32, 127))


@pytest.mark.parametrize(
    "written, shown",
    [
        ("Plain words", "Plain words"),
        ("two\nlines", "two\nlines"),
        ("北京", "[CJK U+5317 U+4EAC]"),
        ("by ខ្មែរ and ლ", "by [Khmer U+1781 U+17D2 U+1798 U+17C2 U+179A] and [Georgian U+10DA]"),
        ("\U0001f3e5", "[U+1F3E5]"),
        ("bell\x07", "bell[U+0007]"),
        ("invoice\u202efdp.exe", "invoice[U+202E]fdp.exe"),
        ("\U0001f468\u200d\u2695\ufe0f", "[U+1F468][U+2695]"),
        ("mark\u200e and \u200f", "mark and "),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ud800", "[U+D800]"),
    ],
)
def test_what_the_fonts_lack_is_shown_by_its_code(written, shown):
    assert printable(written, ASCII) == shown


def test_a_direction_mark_is_shown_even_where_a_font_has_a_glyph_for_it():
    assert printable("\u202e", frozenset({0x202E})) == "[U+202E]"


def test_a_letter_typed_as_two_characters_is_one():
    assert printable("e\u0301", frozenset({0xE9})) == "é"


HEBREW = frozenset({*ASCII, *range(0x5D0, 0x5EB), 0x200C})


def test_words_that_are_read_from_the_right_are_isolated_line_by_line():
    assert printable("שלום (5)\nplain", HEBREW) == "\u2068שלום (5)\u2069\nplain"
    assert printable("https://example.test/שלום", HEBREW) == "https://example.test/שלום"


def test_a_joiner_stays_where_the_letters_around_it_are_printed():
    assert printable("ש\u200cל", HEBREW) == "\u2068ש\u200cל\u2069"


def test_all_of_a_document_is_made_printable_and_the_rest_is_left_alone():
    document = {"a": ["京", {"b": "x", "n": 3, "none": None, "yes": True}]}

    assert printable(document, ASCII) == {"a": ["[CJK U+4EAC]", {"b": "x", "n": 3, "none": None, "yes": True}]}


def test_the_bundled_fonts_cover_what_the_portal_itself_writes():
    assert {ord(character) for character in "Łódź Ελλάδα Київ – … ’ “ ” · → ✓ ₂ Σ − é"} <= fonts.covered()
    assert {
        ord(character)
        for character in "北京 東京 さくら 서울 שלום مرحبا می خواهم हिन्दी 🏥 বাংলা ગુજરાતી ਪੰਜਾਬੀ தமிழ் ภาษาไทย"
    } <= fonts.covered()


def test_a_document_is_given_the_fonts_of_other_scripts_only_where_it_has_letters_of_them():
    def families(words):
        return {family for family in fonts.FAMILIES.replace("'", "").split(", ") if f'"{family}"' in fonts.faces(words)}

    text = {"Source Sans 3", "Noto Sans", "Noto Sans Symbols 2"}
    assert families("Plain words, Łódź → ✓") == text
    assert families("北京") == text | {"Noto Sans SC"}
    assert families("서울 שלום") == text | {"Noto Sans KR", "Noto Sans Hebrew"}
    foreign = "北京 서울 שלום مرحبا বাংলা ગુજરાતી ਪੰਜਾਬੀ தமிழ் ไทย 🏥"
    assert families(foreign) == {each.strip("'") for each in fonts.FAMILIES.split(", ")}

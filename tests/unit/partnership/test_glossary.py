"""The portal's words: each that a template explains is known, and each that is known is explained somewhere."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from partnership.glossary import BY_CODE, TERMS

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
TAG = re.compile(r"{%\s*words\s+([^%]*?)\s*%}")
CODE = re.compile(r'(?<!=)"([a-z-]+)"')


def codes_in(text):
    """Return the codes that the tags of a template name; what is given by a keyword is no code."""
    return [code for tag in TAG.finditer(text) for code in CODE.findall(tag.group(1))]


def used():
    return {
        (str(path.relative_to(TEMPLATES)), code)
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name != "components"
        for code in codes_in(path.read_text())
    }


def test_each_word_that_a_page_explains_is_in_the_glossary():
    assert not {(page, code) for page, code in used() if code not in BY_CODE}


def test_each_word_of_the_glossary_is_explained_where_a_page_uses_it():
    assert BY_CODE.keys() - {code for _, code in used()} == set()


def test_no_word_stands_twice_and_each_leads_to_words_that_are_there():
    assert len(BY_CODE) == len(TERMS)
    assert not {code for term in TERMS for code in term.also if code not in BY_CODE or code == term.code}


def test_a_word_that_is_not_there_is_no_silent_gap():
    tag = '{% words "split" "nonsense" %}'

    assert codes_in(tag) == ["split", "nonsense"]
    with pytest.raises(KeyError):
        Template("{% load glossary %}" + tag).render(Context())

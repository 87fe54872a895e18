"""Which criteria a dashboard shows: what an address may say, and that no number changes by narrowing."""

import pytest
from django.http import QueryDict

from reports import evidence_figures, figures
from reports.narrowing import Narrowing, narrowed
from tests.unit.reports.documents import document

WHOLE = document() | {"aims": {"targets": {"levels": {"PE1": 4, "SO2": 2}}, "pathways": {}}}


def read(query):
    return Narrowing.of(QueryDict(query), WHOLE)


def shown(query):
    return [each["code"] for each in narrowed(WHOLE, read(query))["criteria"]]


@pytest.mark.parametrize(
    "query, codes",
    [
        ("domain=SO", ["SO1", "SO2", "SO3"]),
        ("standing=short", ["SO1"]),
        ("standing=met", ["SO2", "PE1", "PE2b"]),
        ("standing=below", ["PE1"]),
        ("standing=incomplete", ["PE2a", "PE3"]),
        ("only=split", ["SO2"]),
        ("only=bare", ["SO1", "SO2", "PE2a"]),
        ("domain=SO&only=bare&only=split", ["SO2"]),
        ("domain=PE&only=split", []),
    ],
)
def test_an_address_narrows_to_the_criteria_that_fit(query, codes):
    assert shown(query) == codes


def test_what_an_address_says_that_nobody_knows_narrows_nothing():
    assert not read("domain=XX&standing=<b>&only=none&other=1")
    assert narrowed(WHOLE, read("domain=XX")) is WHOLE


def test_the_numbers_of_a_criterion_are_the_same_however_the_page_is_narrowed():
    small = narrowed(WHOLE, read("domain=SO&only=split"))
    before = {row.code: row for row in figures.profile(WHOLE).rows}

    assert [row == before[row.code] for row in figures.profile(small).rows] == [True]
    assert [row.applicable for row in evidence_figures.coverage(small).rows] == [1]
    assert {item["criterion"] for item in small["items"]} == {"SO2"}
    assert small["artefacts"] == []
    assert small["improvement"] == WHOLE["improvement"]


def test_what_is_shown_is_said_in_words_and_in_the_address():
    narrowing = read("domain=SO&only=split&standing=short")

    assert narrowing.query == {"domain": "SO", "standing": "short", "only": ["split"]}
    assert narrowing.says(WHOLE).endswith("less than was agreed; With something on which the scores were split")

"""The numbers that a chart gives as a file are the ones that it draws, and no text in them becomes a formula."""

import csv
import io

import pytest

from reports import evidence_figures, figures, tables
from tests.unit.reports.documents import action, document, previous

DOCUMENT = document(previous=previous(SO1=2, PE1=3), actions=[action("SO2", 4)])
PROFILE, COVERAGE = figures.profile(DOCUMENT), evidence_figures.coverage(DOCUMENT)


def read(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix(tables.BYTE_ORDER_MARK))))


def test_the_profile_has_a_row_for_each_criterion_with_the_charts_numbers():
    rows = read(tables.csv_text(tables.profile(PROFILE)))

    assert [row["Code"] for row in rows] == [row.code for row in PROFILE.rows]
    for written, row in zip(rows, PROFILE.rows, strict=True):
        assert written["Agreed"] == row.claimed.words
        assert written["Supported by evidence"] == row.supported.words
        assert written["Agreed in Spring"] == (row.previous.words if row.previous else "Not assessed")
        assert written["Target"] == (row.target.words if row.target else "")
        assert written["Items with evidence in date"] == str(row.in_date)
        assert written["Items that apply"] == str(row.applicable)
        counts = [written[f"Scores at {name}"] for _, name in PROFILE.levels]
        assert counts == ["" if row.counts is None else str(count) for count in row.counts or [None] * 4]
        assert written["Split items"] == ", ".join(row.split)


def test_without_a_round_before_there_is_no_column_for_it():
    table = tables.profile(figures.profile(document()))

    assert not any("Agreed in" in column for column in table.columns)
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_coverage_has_a_row_for_each_criterion_and_the_total_last():
    rows = read(tables.csv_text(tables.coverage(COVERAGE)))

    assert len(rows) == len(COVERAGE.rows) + 1
    for written, row in zip(rows, (*COVERAGE.rows, COVERAGE.total), strict=True):
        numbers = [written[name] for name in ("In date", "Out of date", "None", "Items that apply")]
        assert numbers == [str(number) for number in (row.in_date, row.old, row.bare, row.applicable)]


@pytest.mark.parametrize("start", tables.FORMULA_STARTS)
def test_no_text_begins_a_formula(start):
    text = tables.csv_text(tables.Table(columns=("Name",), rows=((f"{start}1+1",), ("plain",), (-1,))))

    assert [row["Name"][:2] for row in read(text)][0] == f"'{start}"
    assert [row["Name"] for row in read(text)][1:] == ["plain", "-1"]

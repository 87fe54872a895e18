"""How strong and how old the cited evidence is: the same numbers in the picture, the table and the sentence."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from reports import age_bars, plotly_bars, tables
from reports.evidence_age import AGES, evidence_age
from tests.unit.reports.documents import TODAY, document, steps_in_grey


def artefact(strength, days=None, in_date=True):
    dated_on = None if days is None else (TODAY - timedelta(days=days)).isoformat()
    return {"id": f"{strength}-{days}", "strength": strength, "in_date": in_date, "dated_on": dated_on}


def figure(*artefacts):
    return evidence_age(document() | {"artefacts": list(artefacts)})


FIGURE = figure(
    artefact(4, 364), artefact(3, 365), artefact(2, 729), artefact(2, 730), artefact(1), artefact(3, 900, in_date=False)
)


def test_artefacts_are_counted_by_strength_and_age():
    assert [row.counts for row in FIGURE.rows] == [
        (1, 0, 0, 0),
        (0, 1, 0, 0),
        (0, 1, 1, 0),
        (0, 0, 0, 1),
        (0, 0, 1, 0),
    ]
    assert FIGURE.message == (
        "2 of 6 artefacts cited show measured results or assurance; 2 are two years old or more; 1 states no date"
    )
    assert FIGURE.rows[2].sentence == ("Documented process in use: 1 one to two years old, 1 two years old or more")


def test_each_strength_leads_to_its_artefacts_in_picture_and_browser_alike():
    links = {row.code: f"#evidence-{row.code}" for row in FIGURE.rows}
    picture = ET.fromstring(age_bars.evidence_age(FIGURE, links=links))
    drawn = plotly_bars.evidence_age(FIGURE, links=links)

    assert FIGURE.rows[2].artefacts == ("2-729", "2-730")
    assert {each.get("href") for each in picture.iter("{http://www.w3.org/2000/svg}a")} == set(links.values())
    assert list(drawn["layout"]["meta"]["links"].values()) == list(links.values())
    assert [tuple(row) for row in zip(*(part["x"] for part in drawn["data"]), strict=True)] == [
        row.counts for row in FIGURE.rows
    ]


def test_the_table_adds_up_to_the_artefacts():
    table = tables.evidence_age(FIGURE)

    assert len(table.columns) == len(AGES) + 2
    assert sum(row[-1] for row in table.rows) == 6
    assert all(sum(row[1:-1]) == row[-1] for row in table.rows)


def test_both_drawings_hold_every_number_and_tell_ages_apart_in_greyscale():
    for draw in (age_bars.evidence_age, age_bars.narrow_evidence_age):
        texts = [
            "".join(each.itertext()) for each in ET.fromstring(draw(FIGURE)).iter("{http://www.w3.org/2000/svg}text")
        ]
        assert [text for text in texts if text.isdigit()] == ["1", "1", "1", "1", "2", "1", "1"]
        assert set(AGES.values()) <= set(texts)
    assert min(steps_in_grey(age_bars.FILLS.values())) >= 40


def test_nothing_cited_is_drawn_as_none():
    empty = figure()

    assert empty.message == "0 of 0 artefacts cited show measured results or assurance"
    assert age_bars.evidence_age(empty).count(">none<") == 5

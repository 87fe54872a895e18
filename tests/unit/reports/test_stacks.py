"""Places by level as stacked bars: counts, never ranks, and the same numbers in each form."""

from xml.etree import ElementTree as ET

import pytest

from reports import plotly_bars, stack_bars, stacks, tables
from reports.matrix import matrix
from reports.stacks import FEWEST, bar
from tests.unit.reports.documents import item
from tests.unit.reports.test_matrix import submitted

LEVELS = ((1, "Emerging"), (2, "Evolving"), (3, "Established"), (4, "Thriving"))
SVG = "{http://www.w3.org/2000/svg}"


def nine_places():
    low = [submitted(f"Low {number}", item("SO1", level=1)) for number in range(6)]
    high = [submitted(f"High {number}", item("SO1", level=3, cites=["figures"])) for number in range(2)]
    return matrix([*low, *high, submitted("Tarn", item("SO2", level=1))])


def test_each_criterion_says_how_many_places_are_at_which_level_and_why_some_at_none():
    figure = stacks.by_criterion(nine_places())
    soil = figure.bars[0]

    assert (soil.code, soil.counts, soil.without, soil.total) == ("SO1", (6, 0, 2, 0), (("Incomplete", 1),), 9)
    assert soil.sentence(figure.levels).endswith(": 6 Emerging, 2 Established, 1 incomplete")


def test_one_criterion_shows_what_was_agreed_and_supported_and_reviewed_only_where_somebody_did():
    places = [submitted("Ash", item("SO1", level=4, cites=["plan"])), submitted("Tarn", item("SO1", level=2))]

    plain, reviewed = (
        stacks.of_criterion(matrix(places, reviewed=each), "SO1") for each in (None, {"a-Ash": {"SO1": 1}})
    )

    assert [(each.name, each.counts) for each in plain.bars] == [
        ("Agreed", (0, 1, 0, 1)),
        ("Supported by evidence", (0, 1, 1, 0)),
    ]
    assert [(each.name, each.counts) for each in reviewed.bars[2:]] == [("Reviewed", (1, 0, 0, 0))]


def test_the_message_counts_the_upper_half_of_the_levels():
    figure = stacks.by_criterion(matrix([submitted("Ash", item("SO1", level=3, cites=["figures"]))]))

    assert (
        figure.message == "In 1 of 7 criteria the evidence supports Established or more at half of the places or more"
    )
    assert stacks.by_criterion(nine_places()).message.startswith("In none of 7 criteria")


def test_what_is_hidden_shows_in_no_form():
    made = bar("a", "A", [(2, 471)], LEVELS, is_hidden=True)
    figure = stacks.Stacks("M", "D", LEVELS, (made,))

    for form in (
        stack_bars.stacks(figure),
        stack_bars.narrow_stacks(figure),
        str(plotly_bars.stacks(figure, links={})),
        tables.csv_text(tables.stacks(figure)),
    ):
        assert f"ewer than {FEWEST} places" in form
        assert "471" not in form


def test_picture_browser_and_table_have_the_same_numbers():
    figure = stacks.by_criterion(nine_places())
    counts = [[*each.counts, each.no_level] for each in figure.bars]

    table, drawn = tables.stacks(figure), plotly_bars.stacks(figure, links={})
    picture = ET.fromstring(stack_bars.stacks(figure, links={each.code: f"/{each.code}/" for each in figure.bars}))

    columns = [table.columns.index(name) for _, name in LEVELS] + [table.columns.index("Incomplete")]
    assert [[row[column] for column in columns] for row in table.rows] == counts
    assert [list(row) for row in zip(*(part["x"] for part in drawn["data"]), strict=True)] == counts
    texts = [text.text for text in picture.iter(f"{SVG}text") if text.text.isdigit()]
    assert texts == [str(count) for row in counts for count in row if count]


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6])
def test_every_scale_has_a_shade_for_each_level_and_no_two_alike(number):
    levels = tuple((rank, f"Level {rank}") for rank in range(1, number + 1))
    figure = stacks.Stacks("M", "D", levels, (bar("a", "A", [(1, 1), ("Incomplete", 2)], levels),))
    found = [color for _, color in stack_bars.shades(figure)]

    assert len(set(found)) == number + 1


def test_neighbouring_levels_are_parted_by_more_than_their_shade_however_narrow():
    levels = tuple((rank, f"Level {rank}") for rank in range(1, 7))
    figure = stacks.Stacks("M", "D", levels, (bar("a", "A", [(rank, 1) for rank in range(1, 7)], levels),))
    crowded = stacks.Stacks("M", "D", levels, (bar("a", "A", [(1, 1), (6, 600)], levels),))

    picture = ET.fromstring(stack_bars.stacks(figure))
    parts = list(picture.find(f"{SVG}g[2]").iter(f"{SVG}rect"))
    dark = parts[3:]
    drawn = plotly_bars.stacks(figure, links={})["data"]
    narrow = ET.fromstring(stack_bars.narrow_stacks(crowded))

    ends = [float(each.get("x")) + float(each.get("width")) for each in parts]
    assert all(float(each.get("x")) - end >= 2 for each, end in zip(parts[1:], ends, strict=False))
    assert [each.get("stroke") for each in dark] == [None] * 3
    assert {each["marker"]["line"]["color"] for each in drawn[3:]} == {"#FFFFFF"}
    assert all(float(each.get("width")) > 0 for each in narrow.iter(f"{SVG}rect"))


def test_the_shades_of_a_picture_are_those_of_the_pages():
    from pathlib import Path

    css = (Path(__file__).resolve().parents[3] / "static" / "css" / "levels.css").read_text().upper()
    rules = [rule.split("{") for rule in css.split("}") if "--LEVEL:" in rule]
    for number, shades in stack_bars.BLUES.items():
        for place, shade in enumerate(shades, start=1):
            (colours,) = [body for names, body in rules if f".PORTAL-LEVEL--{place}-OF-{number}" in names]
            assert shade in colours, (place, number)


def test_a_note_stands_beside_and_nothing_is_counted_through_it():
    figure = stacks.over_rounds(
        "Soil",
        [bar("2", "Autumn", [(3, 4)], LEVELS), bar("1", "Spring", [], LEVELS, note="meant something else then")],
        LEVELS,
    )

    assert "in 1 round" in figure.message
    assert figure.sentences[1] == "Spring: none (meant something else then)"
    assert tables.stacks(figure).rows[1][-2:] == (0, "meant something else then")
    assert "meant something else then" in stack_bars.stacks(figure)

"""The charts as SVG and for plotly.js: the figures' numbers, reachable and named."""

from xml.etree import ElementTree as ET

import plotly.graph_objects
import pytest

from frameworks.definition import parse
from reports import bars, evidence_figures, figures, plotly_bars, plotly_profile, radar, stack_bars, svg
from reports.canvas import BAR, EMPTY, WHITE, wrap
from tests.unit.frameworks.definitions import criterion, garden
from tests.unit.reports.documents import BUILDINGS, action, document, item, previous, steps_in_grey

SVG = "{http://www.w3.org/2000/svg}"
RICH = document(previous=previous(SO1=2, SO2=3), actions=[action("SO1", 4)])
PROFILE, COVERAGE = figures.profile(RICH), evidence_figures.coverage(RICH)
LINKS = {row.code: f"/levels/{row.code}/" for row in PROFILE.rows}
LONG = "The very long and winding name of a criterion that somebody thought should say " + "everything at once " * 4
DRAWINGS = {
    "profile": (svg.profile, PROFILE),
    "profile on paper": (lambda figure: svg.profile(figure, layout=svg.PAPER), PROFILE),
    "narrow profile": (svg.narrow_profile, PROFILE),
    "radar": (radar.radar, PROFILE),
    "narrow radar": (radar.narrow_radar, PROFILE),
    "coverage": (bars.coverage, COVERAGE),
    "narrow coverage": (bars.narrow_coverage, COVERAGE),
}


def texts(drawing):
    return [element.text for element in ET.fromstring(drawing).iter(f"{SVG}text")]


def renamed(name):
    made = document()
    for each in made["criteria"]:
        each["name"] = name
    return made


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_has_a_title_a_description_and_a_role(name):
    draw, figure = DRAWINGS[name]
    root = ET.fromstring(draw(figure))

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == figure.message
    assert root.find(f"{SVG}desc").text == figure.description
    assert root.get("aria-label") == f"{figure.message}. {figure.description}"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_has_no_style_that_the_security_policy_would_refuse(name):
    draw, figure = DRAWINGS[name]

    assert not any("style" in element.attrib for element in ET.fromstring(draw(figure)).iter())


@pytest.mark.parametrize("name", DRAWINGS)
def test_everything_is_drawn_within_the_frame(name):
    draw, figure = DRAWINGS[name]
    root = ET.fromstring(draw(figure))
    width, height = float(root.get("width")), float(root.get("height"))

    for element in root.iter(f"{SVG}text"):
        assert 0 <= float(element.get("x")) < width
        assert 0 <= float(element.get("y")) <= height
    for element in root.iter(f"{SVG}rect"):
        assert float(element.get("x")) + float(element.get("width")) <= width + 0.5


@pytest.mark.parametrize(
    "draw, figure",
    [
        (svg.profile, PROFILE),
        (svg.narrow_profile, PROFILE),
        (bars.coverage, COVERAGE),
        (bars.narrow_coverage, COVERAGE),
    ],
)
def test_each_row_leads_to_what_is_behind_it_and_says_itself_in_words(draw, figure):
    root = ET.fromstring(draw(figure, links=LINKS))
    anchors = list(root.iter(f"{SVG}a"))
    named = {anchor.get("href"): anchor for anchor in anchors if anchor.get("aria-label")}

    assert root.get("role") == "group"
    assert {href: anchor.get("aria-label") for href, anchor in named.items()} == {
        LINKS[row.code]: row.sentence for row in figure.rows
    }
    for anchor in named.values():
        assert anchor.get("aria-label").startswith("".join(anchor.itertext()))
    # The marks lead there, too, for the mouse; the keyboard and screen readers meet each address once.
    assert all(
        anchor.get("tabindex") == "-1" and anchor.get("aria-hidden")
        for anchor in anchors
        if anchor not in named.values()
    )


@pytest.mark.parametrize("draw", [svg.profile, svg.narrow_profile])
def test_the_profile_shows_evidence_splits_and_states_as_words(draw):
    words = " | ".join(texts(draw(PROFILE)))

    for row in PROFILE.rows:
        assert (f"{row.in_date} of {row.applicable}" if row.applicable else "no items") in words
    assert "1 split" in words
    assert "Incomplete" in words
    assert "Not applicable" in words
    assert "agreed last time (Spring)" in words
    assert "target" in words


def test_without_a_round_before_or_a_target_the_legend_names_neither():
    words = " ".join(texts(svg.profile(figures.profile(document()))))

    assert "last time" not in words
    assert "target" not in words


def test_marks_stand_at_the_levels_that_they_show():
    drawing = svg.profile(figures.profile(document(item("SO1", level=4, cites=["plan"]))))
    root = ET.fromstring(drawing)
    steps = svg.SCREEN.levels_width / 4
    places = {svg.SCREEN.levels + steps * (place + 0.5) for place in range(4)}
    marks = [float(mark.get("cx")) for mark in root.iter(f"{SVG}circle")][2:]

    # Agreed at the fourth level, supported at the third.
    assert marks == [svg.SCREEN.levels + steps * 3.5, svg.SCREEN.levels + steps * 2.5]
    assert set(marks) <= places


@pytest.mark.parametrize("draw", [svg.profile, svg.narrow_profile])
def test_what_reviewers_found_stands_at_its_level_below_the_line(draw):
    made = document(item("SO1", level=4, cites=["plan"]))
    plain, reviewed = (ET.fromstring(draw(figures.profile(made, found))) for found in ({}, {"SO1": 4}))
    diamonds = [mark for mark in reviewed.iter(f"{SVG}polygon") if len(mark.get("points").split()) == 4]
    top, right, bottom, left = (tuple(map(float, point.split(","))) for point in diamonds[-1].get("points").split())
    agreed = [mark for mark in reviewed.iter(f"{SVG}circle") if mark.get("fill") == "#FFFFFF"][-1]

    assert (left[0] + right[0]) / 2 == pytest.approx(float(agreed.get("cx")), abs=0.1)
    assert top[1] > float(agreed.get("cy")) + float(agreed.get("r"))
    assert float(reviewed.get("height")) == float(plain.get("height")) + 7 * svg.LANE + legend_line(draw)


def legend_line(draw):
    # On a phone each entry of the legend has a line of its own.
    return 26 if draw == svg.narrow_profile else 0


def placed(drawing):
    """Return the first place of each text: its x, its size and whether it is bold."""
    found = {}
    for text in ET.fromstring(drawing).iter(f"{SVG}text"):
        found.setdefault(text.text, (text.get("x"), text.get("font-size"), text.get("font-weight") == "bold"))
    return found


@pytest.mark.parametrize("draw", [svg.profile, svg.narrow_profile])
def test_a_domain_that_is_a_criterion_stands_for_itself_beside_domains_with_criteria(draw):
    made = placed(draw(figures.profile(document(framework=BUILDINGS))))

    assert made["Buildings"][0] == made["People"][0]
    assert made["Buildings"][2]
    assert not made["Criterion PE3"][2]


def test_a_framework_whose_domains_are_all_criteria_needs_no_headings():
    alone = [criterion("BU", name="Buildings")]
    framework = parse(garden(tiers=["Criterion"], nodes=alone, pathways=[], golden=[]))
    made = figures.profile(document(item("BU", level=2), framework=framework))

    assert made.alone == frozenset()
    assert not placed(svg.profile(made))["Buildings"][2]


def test_plotly_is_told_which_criteria_stand_for_themselves():
    notes = plotly_profile.profile(figures.profile(document(framework=BUILDINGS)), links=LINKS)["layout"]["annotations"]
    made = {note["text"]: (note.get("xshift"), note["font"].get("weight")) for note in notes}

    assert made["Buildings"] == made["People"] != made["Criterion PE3"]


@pytest.mark.parametrize("draw", [svg.profile, svg.narrow_profile, radar.radar])
def test_a_long_name_takes_two_lines_and_no_more_room(draw):
    words = texts(draw(figures.profile(renamed(LONG))))

    assert any(word.endswith("…") for word in words)
    assert all(len(word) < 60 for word in words)


@pytest.mark.parametrize("draw", [svg.profile, radar.radar, svg.narrow_profile])
def test_names_cannot_smuggle_markup_into_a_page(draw):
    drawing = draw(figures.profile(renamed("<script>alert(1)</script>")))

    assert "<script" not in drawing


@pytest.mark.parametrize(
    "words, lines",
    [
        ("one two three four", ["one two", "three…"]),
        ("unbroken", ["unbroke", "n"]),
        # As wide as they are high, and written without spaces.
        ("评估标准评", ["评估标准", "评"]),
    ],
)
def test_words_are_broken_at_spaces_and_where_no_line_holds_them(words, lines):
    assert wrap(words, 60, 15) == lines


@pytest.mark.parametrize("shades", [*stack_bars.BLUES.values(), (BAR, EMPTY, WHITE)], ids=len)
def test_parts_of_a_bar_are_told_apart_in_greyscale(shades):
    assert min(abs(step) for step in steps_in_grey(shades)) >= 24


def test_the_radar_names_every_criterion_and_both_lines():
    words = texts(radar.radar(PROFILE))

    assert all(row.name in words for row in PROFILE.rows)
    assert "what the evidence supports" in words
    assert "what the board agreed" in words
    assert all(row.code in texts(radar.narrow_radar(PROFILE)) for row in PROFILE.rows)


def test_a_bar_has_a_piece_for_each_item():
    drawing = bars.coverage(evidence_figures.coverage(document(*[item("SO1", n, level=2) for n in range(1, 5)])))
    legend = len(bars.KINDS)

    assert len(list(ET.fromstring(drawing).iter(f"{SVG}rect"))) == legend + 4


@pytest.mark.parametrize(
    "figure", [plotly_profile.profile(PROFILE, links=LINKS), plotly_bars.coverage(COVERAGE, links=LINKS)]
)
def test_plotly_knows_every_setting_of_a_figure(figure):
    plotly.graph_objects.Figure(figure)


def test_plotly_is_given_the_same_levels():
    data = {trace["name"]: trace for trace in plotly_profile.profile(PROFILE, links={})["data"] if "name" in trace}

    assert data["what the board agreed"]["x"] == [row.claimed.level for row in PROFILE.rows if row.claimed.level]
    assert data["what the evidence supports"]["x"] == [
        row.supported.level for row in PROFILE.rows if row.claimed.level and row.supported.level
    ]
    assert data["agreed last time (Spring)"]["x"] == [2, 3]
    assert data["target"]["x"] == [4]


def test_plotly_is_given_the_same_coverage():
    data = plotly_bars.coverage(COVERAGE, links={})["data"]

    for trace, kind in zip(data, ("in_date", "old", "bare"), strict=True):
        assert trace["x"] == [getattr(row, kind) for row in COVERAGE.rows]


@pytest.mark.parametrize("draw, figure", [(plotly_profile.profile, PROFILE), (plotly_bars.coverage, COVERAGE)])
def test_plotly_knows_where_each_name_leads(draw, figure):
    layout = draw(figure, links=LINKS)["layout"]
    led = {layout["annotations"][int(index)]["text"]: href for index, href in layout["meta"]["links"].items()}

    assert led == {row.name: LINKS[row.code] for row in figure.rows}


def test_plotly_is_given_no_markup():
    figure = plotly_profile.profile(PROFILE, links=LINKS)

    assert "<" not in " ".join(note["text"] for note in figure["layout"]["annotations"])

"""The tree of a place's bodies, and the chart of it."""

from xml.etree import ElementTree as ET

import pytest

from reports import structure

SVG = "{http://www.w3.org/2000/svg}"


def body(name, parent="", **more):
    return {"name": name, "parent": parent, "purpose": ""} | more


BODIES = [
    body("Board", form="JOINT_COMMITTEE", form_words="Joint committee", chair="Lay chair", answers_to="The ICB"),
    body("Finance", "Board"),
    body("Quality", "Board"),
    body("Estates", "Finance", answers_to="Quality"),
]


def drawn(found, **how):
    return ET.fromstring(structure.chart(found, title="The bodies", **how))


def words(chart):
    return " ".join(each.text.strip() for each in chart.iter(f"{SVG}text"))


def test_bodies_stand_beneath_their_parents_in_their_order():
    found = structure.structure(BODIES)

    assert [(row.body["name"], row.depth) for row in found.rows] == [
        ("Board", 0),
        ("Finance", 1),
        ("Estates", 2),
        ("Quality", 1),
    ]
    assert found.outside == ("The ICB",)


def test_a_body_whose_parent_is_not_there_stands_at_the_top():
    (branch,) = structure.structure([body("Finance", "Board")]).branches

    assert branch.body["name"] == "Finance"


@pytest.mark.parametrize("layout", [structure.SCREEN, structure.PAPER, structure.NARROW])
def test_the_chart_has_a_box_for_each_body_and_organisation_within_its_width(layout):
    chart = drawn(structure.structure(BODIES), layout=layout)
    boxes = list(chart.iter(f"{SVG}rect"))

    assert len(boxes) == 5
    assert all(float(box.get("x")) + float(box.get("width")) <= layout.width for box in boxes)
    for name in ("Board", "Finance", "Quality", "Estates", "The ICB"):
        assert name in words(chart)


def test_the_chart_says_in_words_what_it_shows():
    label = drawn(structure.structure(BODIES)).get("aria-label")

    assert "Estates, under Finance. Answers to Quality." in label


def test_each_line_beside_the_parent_is_drawn_dashed():
    dashed = [
        line for line in drawn(structure.structure(BODIES)).iter(f"{SVG}polyline") if line.get("stroke-dasharray")
    ]

    assert len(dashed) == 2


def test_bodies_frozen_before_forms_were_kept_are_still_drawn():
    found = structure.structure([body("Board"), body("Finance", "Board")])

    assert "Form not stated · chair: not stated" in words(drawn(found))


def test_what_nobody_stated_of_a_body_is_told_in_one_line():
    bare, known = structure.structure(
        [body("Board"), body("Finance", form="COMMITTEE", form_words="Committee", chair="Mayor", since="1 May 2026")]
    ).branches

    assert bare.unstated == ["form", "chair", "since when"]
    assert known.unstated == []


def test_long_names_are_broken_and_none_is_cut_off():
    name = "Integrated Finance and Performance Committee of the whole borough and its partners"
    chart = drawn(structure.structure([body(name)]), layout=structure.NARROW)

    assert name in words(chart)

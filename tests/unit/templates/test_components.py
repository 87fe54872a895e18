"""Each component says in words what it shows in colour or shape."""

import re
from pathlib import Path

import lxml.html
import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string

from partnership.templatetags import shapes

from .gallery import LevelsForm, context

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


def show(component, /, **inputs):
    return render_to_string(f"components/{component}.html", inputs)


def words(html):
    return " ".join(lxml.html.fragment_fromstring(html, create_parent="div").text_content().split())


@pytest.mark.urls("tests.unit.templates.addresses")
def test_the_gallery_shows_every_component():
    gallery = (TEMPLATES / "components/gallery.html").read_text() + (TEMPLATES / "base.html").read_text()
    inside_others = {"back_link", "chip", "gallery", "level_row", "messages"}

    assert {path.stem for path in COMPONENTS} - inside_others == set(re.findall(r"components/(\w+)\.html", gallery)) - {
        "messages"
    }


@pytest.mark.urls("tests.unit.templates.addresses")
@pytest.mark.parametrize("with_errors", [True, False])
def test_the_gallery_is_sound_markup(with_errors):
    html = render_to_string("components/gallery.html", context(with_errors=with_errors))
    page = lxml.html.document_fromstring(html)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    referred = {
        target
        for element in page.iter()
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls")
        for target in (element.get(name) or "").split()
    }

    assert len(ids) == len(set(ids))
    assert referred <= set(ids)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert "Inputs:" not in html
    assert "{#" not in html


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_begins_with_its_inputs(path):
    head = path.read_text().split("\n{% ")[0]

    assert head.startswith("{# ")
    assert "Inputs: " in head


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_components_are_included_with_only_what_they_are_given(path):
    loose = [
        tag
        for tag in re.findall(r'\{% include "components/.*?%\}', path.read_text())
        if not tag.removesuffix("%}").rstrip().endswith(" only")
    ]

    assert not loose


def test_a_level_is_written_with_its_standing():
    html = show("level_tag", rank=3, of=4, name="Established", standing="evidence supports Evolving")

    assert words(html) == "3 Established, evidence supports Evolving"
    assert "portal-level--3-of-4" in html


def test_a_compact_level_still_has_its_name_for_who_cannot_see_it():
    html = show("level_tag", rank=3, of=4, name="Established", compact=True)

    assert words(html) == "3 Established"
    assert '<span class="portal-level__name nhsuk-u-visually-hidden">' in html


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_every_level_of_every_length_of_scale_has_a_colour_that_can_be_read(count):
    css = (Path(settings.BASE_DIR) / "static/css/levels.css").read_text()
    luminances = []
    for rank in range(1, count + 1):
        rule = re.search(rf"\.portal-level--{rank}-of-{count}\b[^{{]*{{([^}}]*)}}", css)[1]
        paper = luminance(re.search(r"--level: (#\w+)", rule)[1])
        ink = luminance(re.search(r"--on-level: (#\w+)", rule)[1])
        assert (max(paper, ink) + 0.05) / (min(paper, ink) + 0.05) >= 4.5
        luminances.append(paper)

    assert luminances == sorted(luminances, reverse=True)
    assert len(set(luminances)) == count


def luminance(colour):
    """Return the relative luminance of a hex colour, 0 to 1, as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_present_step_is_marked():
    html = show("steps", steps=[{"name": "Preparing", "state": "done"}, {"name": "Scoring", "state": "current"}])

    assert html.count('aria-current="step"') == 1
    assert words(html) == "Preparing (done) Scoring (now)"


def test_an_item_without_evidence_says_so():
    assert words(show("chips", artefacts=[])) == "No evidence attached"


def test_an_artefact_says_its_strength_in_words_and_opens_beside_the_page():
    html = show("chip", title="Map", date="2021", strength="process in use", href="/files/1/", out_of_date=True)

    assert words(html) == "Map · 2021 · process in use · out of date (opens in a new tab)"
    assert 'target="_blank" rel="noopener"' in html


def test_levels_are_real_radios_with_their_rank_and_the_others_stand_apart():
    html = render_to_string("nhsuk/field.html", {"field": LevelsForm(initial={"first": "3"})["first"]})
    page = lxml.html.fragment_fromstring(html, create_parent="div")

    assert [radio.get("value") for radio in page.iterfind(".//input[@type='radio']")][-2:] == [
        "cannot_judge",
        "not_applicable",
    ]
    assert [radio.get("value") for radio in page.iterfind(".//input[@checked]")] == ["3"]
    assert words(html) == (
        "Your level for item 1 1 Emerging 2 Evolving 3 Established 4 Thriving Cannot judge Not applicable"
    )
    assert html.count("portal-levels__option--apart") == 2


def test_a_distribution_has_a_dot_for_each_score_and_says_the_numbers():
    levels = [{"name": "Emerging", "count": 0}, {"name": "Evolving", "count": 2, "median": True}]
    html = show("distribution", levels=levels, sentence="Two at Evolving.")

    assert html.count('class="portal-strip__dot"') == 2
    assert words(html) == "Emerging: 0 Evolving: 2 lower median Two at Evolving."


def test_a_distribution_of_very_many_scores_keeps_to_the_number():
    html = show("distribution", levels=[{"name": "Emerging", "count": 31}])

    assert "portal-strip__dot" not in html.replace("portal-strip__dots", "")
    assert "31" in words(html)


@pytest.mark.parametrize(
    "counts, heights", [([0, 1, 4, 8], [1, 3, 12, 24]), ([0, 0, 0, 0], [1, 1, 1, 1]), ([5], [24]), ([0, 100], [1, 24])]
)
def test_bars_are_in_proportion_and_stand_on_one_line(counts, heights):
    drawn = shapes.bars(counts)

    assert [bar["height"] for bar in drawn] == heights
    assert {bar["y"] + bar["height"] for bar in drawn} == {24}
    assert [bar["x"] for bar in drawn] == [12 * n for n in range(len(counts))]


def test_spread_bars_say_their_numbers_and_the_split():
    html = show("spread_bars", counts=[0, 2, 5], names=["Low", "Middle", "High"], split=True)

    assert 'aria-label="Scores: 2 Middle, 5 High"' in html
    assert words(html) == "split"
    assert 'aria-label="Scores: none"' in show("spread_bars", counts=[0], names=["Low"])


@pytest.mark.parametrize("have, of, filled", [(0, 4, 0), (1, 4, 11), (4, 4, 44), (1, 500, 1), (0, 0, 0)])
def test_the_evidence_bar_is_in_proportion_and_says_its_numbers(have, of, filled):
    html = show("evidence_bar", have=have, of=of)

    assert f'class="portal-evidence__have" width="{filled}"' in html
    assert words(html) == f"{have} of {of}"
    assert ("portal-evidence--none" in html) == (of > 0 and have == 0)


@pytest.mark.parametrize("number, pages", [(1, "1 2 ⋯ 10"), (5, "1 ⋯ 4 5 6 ⋯ 10"), (10, "1 ⋯ 9 10")])
def test_pages_far_away_are_left_out(number, pages):
    html = show("pagination", page=Paginator(range(95), 10).page(number))

    assert pages in words(html)
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_pagination():
    assert not show("pagination", page=Paginator(range(9), 10).page(1)).strip()


def test_a_wide_table_scrolls_under_a_name():
    template = engines["django"].from_string(
        "{% load shapes %}{% scroll_region label=name %}<table></table>{% endscroll_region %}"
    )

    assert template.render({"name": 'Scores & "more"'}) == (
        '<div class="portal-scroll" role="region" aria-label="Scores &amp; &quot;more&quot;" tabindex="0" '
        "data-scroll-region><table></table></div>"
    )


def test_no_line_begins_with_a_dot():
    """Dots part what stands in a row; where it wraps, they end a line."""
    outside_tags = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
    # Paper has room for the row.
    pages = [path for path in TEMPLATES.rglob("*.html") if not {"paper", "report"} & {*path.parts}]
    loose = [str(path) for path in pages if " · " in outside_tags.sub("", path.read_text())]

    assert not loose
    assert "St Helens\u00a0· Autumn" in show("heading", heading="Estates", caption="St Helens · Autumn")


def test_every_page_that_shows_a_level_says_by_which_number_its_framework_calls_it():
    # Ranks may begin at 0, so that a level's place among the others is not its number.
    shown = re.compile(r'{% include "components/level_tag\.html" with ([^%]*)%}')
    pages = [page for page in TEMPLATES.rglob("*.html") if page.parent.name != "components"]
    uses = [(page.name, use) for page in pages for use in shown.findall(page.read_text()) if "rank=" in use]

    assert len(uses) > 20
    assert [each for each in uses if " number=" not in each[1]] == []


@pytest.mark.parametrize(
    ("rows", "said"), [([1], "1 criterion of Design"), ([1, 2], "2 criteria of Design"), ([], "0 criteria of Design")]
)
def test_a_fold_says_how_much_is_in_it(rows, said):
    template = engines["django"].from_string(
        "{% load shapes %}{% folded 'criterion,criteria' rows=rows of=name narrow=narrow %}<p>all</p>{% endfolded %}"
    )
    for narrow in (True, False):
        html = template.render({"rows": rows, "name": "Design", "narrow": narrow})
        assert words(html.partition("</summary>")[0] + "</details>") == said
        assert ("portal-fold--narrow" in html) == narrow


def test_a_fold_whose_words_are_not_one_and_many_is_refused():
    template = engines["django"].from_string("{% load shapes %}{% folded 'a,b,c' rows=rows %}{% endfolded %}")

    with pytest.raises(ValueError, match="too many values"):
        template.render({"rows": [1]})

"""The guides in docs as pages of the portal: every link leads somewhere, and nothing of the text is lost."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.urls import resolve, reverse

from frameworks.views import guide
from tests import factories


def words(text):
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("name", guide.GUIDES)
def test_a_guide_is_shown_with_all_its_words_in_their_order(name):
    title, html = guide.page(name)
    source = guide.MARKS.sub("", (settings.BASE_DIR / "docs" / guide.GUIDES[name]).read_text())
    # Of the source goes what links lead to and what draws tables, fences and numbers of lists.
    source = re.sub(r"\]\([^)]*\)|^```\w*|^\d+\.", " ", source, flags=re.MULTILINE)
    labels = re.compile(r'<span class="nhsuk-table-responsive__heading"[^<]*</span>')
    shown = unescape(re.sub(r"<[^>]+>", " ", labels.sub("", f"{title} {html}")))

    assert words(shown) == words(source)


@pytest.mark.parametrize("name", guide.GUIDES)
def test_every_link_of_a_guide_leads_to_a_page_and_a_heading_that_are_there(name):
    links = re.findall(r'href="([^"]*)"', guide.page(name)[1])
    assert links
    for link in links:
        address, _, place = link.partition("#")
        found = name if not address else resolve(address).kwargs.get("name")
        assert not place or f'id="{place}"' in guide.page(found)[1], link


def test_markup_in_a_guide_is_text():
    assert guide.to_html("See <script>alert(1)</script>.") == "<p>See &lt;script&gt;alert(1)&lt;/script&gt;.</p>\n"


def test_each_cell_says_on_a_phone_which_column_it_stands_in():
    html = guide.to_html("| Field | Holds |\n| --- | --- |\n| `code` | a <b> & `c` |\n")

    assert '<span class="nhsuk-table-responsive__heading" aria-hidden="true">Holds </span><span>a &lt;b&gt;' in html


@pytest.mark.django_db
def test_whoever_is_signed_in_may_read_the_guides(client):
    client.force_login(factories.create_user("office"))

    assert "Writing a framework" in client.get(reverse("frameworks:guide", args=["format"])).text
    assert client.get(reverse("frameworks:guide", args=["cooking"])).status_code == 404

"""What people write becomes HTML that can do no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.help_pages import PAGES
from partnership.markdown import to_html
from partnership.roles import Role

TAG = re.compile(r"<(?!/?(?:h2|h3|p|ul|ol|li|em|strong|a|br)\b)[a-z/!?]", re.IGNORECASE)
LINK = re.compile(r'href="([^"]*)"')


def test_headings_lists_emphasis_and_links_are_what_there_is():
    html = to_html("# One\n\n### Two\n\n- *a*\n- **b** [c](https://www.example.org/?a=1&b=2)\n\n2. d\n")

    assert '<h2 class="nhsuk-heading-m">One</h2>' in html
    assert '<h3 class="nhsuk-heading-s">Two</h3>' in html
    assert '<ul class="nhsuk-list nhsuk-list--bullet">' in html
    assert "<em>a</em>" in html
    assert '<strong>b</strong> <a href="https://www.example.org/?a=1&amp;b=2">c</a>' in html
    assert '<ol start="2" class="nhsuk-list nhsuk-list--number">' in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//elsewhere.example",
        "file:///etc/passwd",
        "relative/page",
        "ftp://a.example",
    ],
)
def test_a_link_that_leads_nowhere_safe_stays_text(address):
    assert "<a" not in to_html(f"[words]({address})")


@pytest.mark.parametrize("address", ["https://a.example/b", "http://a.example", "mailto:a@b.example", "/glossary/"])
def test_a_link_to_a_website_a_mail_address_or_a_page_of_the_portal_is_one(address):
    assert to_html(f"[words]({address})") == f'<p><a href="{address}">words</a></p>\n'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<a href='javascript:alert(1)'>x</a>",
        "![x](https://a.example/x.png)",
        "<https://a.example>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "`<b>`",
        "<!-- x -->",
        "# <b>x</b>",
    ],
)
def test_hostile_text_is_shown_as_it_was_typed(text):
    assert not TAG.search(to_html(text))


@given(st.text(alphabet="<>&\"'[]()!*_#-\\/:.=\n ajscriptonhe0", max_size=80))
def test_whatever_is_typed_no_other_tag_and_no_other_address_comes_out(text):
    html = to_html(text)

    assert not TAG.search(html)
    assert all(re.match(r"https?://|mailto:|/(?!/)", address, re.IGNORECASE) for address in LINK.findall(html))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_each_page_comes_with_a_text_that_begins_below_the_pages_heading(page):
    html = to_html(page.default)

    assert html.startswith("<p>")
    assert "[" not in html
    assert "**" not in html


def test_each_role_has_a_page_of_its_own():
    assert set(Role) == set().union(*(page.roles for page in PAGES))

"""
Every page that a person can reach by links from home, as each role.

All pages are asked for. Those made of anything that was not seen before are looked at in a browser, so that each sort
of page, and each part that any page has, is looked at once.
"""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import lxml.html
import pytest
from django.urls import Resolver404, resolve

from assessments.models import Assessment

from .portal import let_in
from .visitor import Visitor, untidy

PEOPLE = {
    "member": "member@sthelens.example",
    "chair": "chair@sthelens.example",
    "lead": "lead@sthelens.example",
    "contributor": "contributor@sthelens.example",
    "signatory": "signatory@sthelens.example",
    "observer": "observer@sthelens.example",
    "programme office": "office@icb.example",
    "reviewer": "reviewer@icb.example",
    "administrator": "administrator@icb.example",
    "chair of a board that is agreeing": "chair@halton.example",
    "signatory of a place that is signing": "trust@liverpool.example",
    "lead of a place that is preparing": "lead@cheshire-west.example",
}


@dataclass
class Page:
    """What a page's markup says of it; `parts` are its elements by tag, classes and role."""

    html: object

    @property
    def title(self):
        return self.html.findtext(".//title")

    @property
    def headings(self):
        return len(self.html.findall(".//h1"))

    @property
    def parts(self):
        body = self.html.find("body").iter(lxml.etree.Element)
        return {(each.tag, each.get("class"), each.get("role"), each.get("type")) for each in body}

    def links(self):
        """Return the addresses, with what they ask for, of the other pages of the portal that it leads to, in order."""
        targets = (urlsplit(address) for address in dict.fromkeys(self.html.xpath("//a/@href")))
        return [target._replace(fragment="").geturl() for target in targets if not target.scheme and not target.netloc]


@pytest.fixture(scope="module")
def known():
    """The sorts of pages, and the parts of pages, that were looked at."""
    return set()


@cache
def kind(path):
    """
    Return what sort of page an address leads to, of which a person opens one; None where it is none of ours.

    Nobody changes anything on this walk, so that it is asked once of each address.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return None
    state = None
    if path.startswith("/assessments/"):
        state = Assessment.objects.get(public_id=match.kwargs["public_id"]).state
    return match.view_name, match.kwargs.get("move"), state


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_within_reach_is_sound(chromium, address, known, who):
    visitor = Visitor(chromium, address)
    let_in(visitor, PEOPLE[who])
    ahead = ["/"]
    seen = {kind("/")}
    wrong = []
    for path in ahead:
        sort = kind(urlsplit(path).path)
        answer = visitor.context.request.get(path)
        if answer.status != 200:
            wrong.append(f"{path}: gives {answer.status}")
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page = Page(lxml.html.document_fromstring(answer.body().decode()))
        wrong += [f"{path}: {problem}" for problem in untidy(page.title, page.headings)]
        # Of the administration's pages, which Django makes, one of each sort is looked at.
        parts = {sort[0].rpartition("_")[2]} if sort[0].startswith("admin:") else page.parts | {sort[:2]}
        if not parts <= known:
            known |= parts
            visitor.open(path)
            visitor.look()
        for link in page.links():
            found = kind(urlsplit(link).path)
            if found and found not in seen:
                seen.add(found)
                ahead.append(link)
    wrong += visitor.complaints
    assert not wrong, "\n".join(wrong)

"""
Every page that a person can reach by links from home, as each role.

All pages are asked for. Those made of anything that was not seen before are looked at in a browser, so that each sort
of page, and each part that any page has, is looked at once: by whichever of the run's processes comes to it first.
Three files walk, since a file's tests stay in one process.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import lxml.html
from django.conf import settings
from django.urls import Resolver404, resolve

from assessments.models import Assessment

from .portal import let_in
from .visitor import Visitor, untidy


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


def is_first(part):
    """Tell whether a sort of page, or a part of pages, is met for the first time in this run, and take it over."""
    name = hashlib.sha256(repr(part).encode()).hexdigest()
    with suppress(FileExistsError):
        (settings.TESTS_DIR / "looked-at" / name).touch(exist_ok=False)
        return True
    return False


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


def walk(chromium, address, email):
    """Walk as the person with this e-mail address; return what is wrong."""
    (settings.TESTS_DIR / "looked-at").mkdir(exist_ok=True)
    visitor = Visitor(chromium, address)
    let_in(visitor, email)
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
        if [part for part in parts if is_first(part)]:
            visitor.open(path)
            visitor.look()
        for link in page.links():
            found = kind(urlsplit(link).path)
            if found and found not in seen:
                seen.add(found)
                ahead.append(link)
    return wrong + visitor.complaints

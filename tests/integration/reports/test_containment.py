"""Whatever people write, the maker of the PDF reaches no network and no other file, and their words stay words."""

import base64
import copy
import io
import re
import socket
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import cycle
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from reports import printing
from reports.pdf import fonts
from reports.pdf.printable import END, FROM_THE_RIGHT, ISOLATE, printable
from reports.pdf.rendering import PdfNotMade, make_pdf
from tests import hostile_texts, pdf_reading
from tests.integration.reports.rich_report import content_of, with_a_rich_case
from tests.pdf_reading import squeezed

CANARY = "canary-which-nobody-may-read"
DIGEST = "ab" * 32
# The fields of a document in which people write; the framework's own words are its publisher's.
WRITTEN = {
    *("title", "name", "statement", "rationale", "text", "note", "words", "owner", "owner_name", "file_name"),
    *("locator", "reason", "purpose", "partnership", "organisation", "account", "summary"),
}


@contextmanager
def nothing_reached(tmp_path):
    """Give a listening host, and the address of a file with a secret; fail if somebody connected."""
    secret = tmp_path / "secret.svg"
    secret.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="9"><text y="9">{CANARY}</text></svg>'
    )
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(200)
        server.setblocking(False)
        yield f"127.0.0.1:{server.getsockname()[1]}", secret.as_uri()
        with pytest.raises(BlockingIOError):
            server.accept()


def everything_in(pdf):
    """Return all that a PDF holds, each stream unpacked."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [each.read_bytes() for each in opened.objects if isinstance(each, pikepdf.Stream)]
        names = repr([each for each in opened.objects if isinstance(each, pikepdf.Dictionary)])
    return b"\n".join(streams) + names.encode()


def rewritten(value, written):
    """Return data of which each field that people write in holds the next of `written`."""
    if isinstance(value, list):
        return [rewritten(each, written) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: next(written) if name in WRITTEN and isinstance(inner, str) and inner else rewritten(inner, written)
        for name, inner in value.items()
        if name != "framework"
    } | ({"framework": value["framework"]} if "framework" in value else {})


def fields_of(value):
    """Count the fields that `rewritten` fills."""
    filled = iter(lambda: counted.append(1) or "x", None)
    counted = []
    rewritten(value, filled)
    return len(counted)


class Tags(HTMLParser):
    """The markup of a page: its tags with the names of their attributes, without any words."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag):
        self.found.append(tag)

    def handle_comment(self, data):
        self.found.append("comment")

    def handle_decl(self, decl):
        self.found.append(decl)


def drawings(page):
    return [base64.b64decode(each) for each in re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page)]


def as_printed(text):
    """Return a text as it is read from the PDF, sorted where some of it stands from the right."""
    shown = "".join(printable(text, fonts.covered()).split()).replace(ISOLATE, "").replace(END, "")
    return shown.replace("\u2028", "").replace("\u2029", "")


@pytest.mark.one_database
@pytest.mark.django_db
def test_two_hundred_hostile_texts_are_printed_as_the_words_they_are(tmp_path):
    content = content_of(with_a_rich_case())
    fields = fields_of(content.document)

    def paper(texts):
        texts = cycle(texts)
        document = rewritten(copy.deepcopy(content.document), texts)
        return printing.paper(document, identity=content.identity, seal=content.seal)

    with nothing_reached(tmp_path) as (host, file):
        payloads = hostile_texts.payloads(host=host, file=file)
        assert len(payloads) >= 200
        # Several to a field, since a report has fewer fields than there are ways to attack it.
        share = -(-len(payloads) // fields)
        packed = ["\n".join(payloads[at : at + share]) for at in range(0, len(payloads), share)]
        page = paper(packed)
        pdf, _ = make_pdf(page, identifier=content.identity.digest)

    harmless = paper(["\n".join(f"x{number}" for _ in text.split("\n")) for number, text in enumerate(packed)])
    assert Tags(page).found == Tags(harmless).found
    for drawing, like in zip(drawings(page), drawings(harmless), strict=True):
        assert {each.tag for each in ET.fromstring(drawing).iter()} == {each.tag for each in ET.fromstring(like).iter()}
    printed = pdf_reading.text_of(pdf)
    turned = [each for each in payloads if any(turns(character) for character in each)]
    assert [each for each in payloads if each not in turned and as_printed(each) not in printed] == []
    assert {character for each in turned for character in as_printed(each)} <= set(printed)
    assert pdf_reading.problems(pdf) == []
    inside = everything_in(pdf)
    assert CANARY.encode() not in inside
    assert not [word for word in (b"/EmbeddedFile", b"/JavaScript", b"/Launch", b"/SubmitForm") if word in inside]


def turns(character):
    from unicodedata import bidirectional

    return bidirectional(character) in FROM_THE_RIGHT


def test_even_as_markup_they_reach_no_network_and_no_other_file(tmp_path):
    with nothing_reached(tmp_path) as (host, file):
        payloads = hostile_texts.payloads(host=host, file=file)
        drawn = [
            f'<img alt="x" src="data:image/svg+xml;base64,{base64.b64encode(each.encode()).decode()}">'
            for each in payloads
            if each.startswith("<svg")
        ]
        # The deepest nest, and what no page can hold, are for the other test.
        whole = [each for each in payloads if "\0" not in each and not each.startswith("<b><b>") and each.isprintable()]
        pdfs = [make_pdf(_cells(each), identifier=DIGEST)[0] for each in (whole, drawn)]

    assert len(drawn) > 20
    assert len(whole) >= 4 * len(hostile_texts.MARKUP)
    for pdf in pdfs:
        assert CANARY.encode() not in everything_in(pdf)
        assert squeezed("The beginning") in pdf_reading.text_of(pdf)


def _cells(parts):
    """Return a page with each part in a cell, so that what one leaves open does not hold the next."""
    cells = "".join(f"<table><tr><td>{part}</td></tr></table>" for part in parts)
    return f'<html lang="en-GB"><head><title>x</title></head><body><p>The beginning</p>{cells}</body></html>'


def test_a_drawing_that_multiplies_itself_ends_within_the_limits():
    drawing = base64.b64encode(hostile_texts.laughs().encode()).decode()
    page = (
        f'<html lang="en-GB"><head><title>x</title></head><body><img alt="x" src="data:image/svg+xml;base64,{drawing}">'
    )

    try:
        pdf, _ = make_pdf(page, identifier=DIGEST, seconds=10, megabytes=1024)
    except PdfNotMade:
        return
    assert len(pdf) < 100_000

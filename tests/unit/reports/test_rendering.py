"""The child process that makes a PDF: what it may reach, and what it may use."""

import socket
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from reports.pdf.rendering import PdfNotMade, make_pdf
from tests.pdf_reading import squeezed, text_of

PAGE = '<!DOCTYPE html><html lang="en-GB"><head><title>A page</title></head><body style="{style}">{body}</body></html>'
DIGEST = "ab" * 32


def page(body, style="font-family: 'Source Sans 3'"):
    return PAGE.format(body=body, style=style)


def test_the_same_page_gives_the_same_bytes():
    words = page("<h1>Łódź</h1><p>Waffle office</p>")

    first, pages = make_pdf(words, identifier=DIGEST)

    assert make_pdf(words, identifier=DIGEST) == (first, pages)
    assert pages == 1
    assert squeezed("Łódź Waffle office") in text_of(first)


def test_nothing_is_fetched_but_fonts(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><text y="20">secret</text></svg>'
    )
    beside = Path(__file__).resolve()
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        body = (
            f'<img src="{address}" alt="a"><img src="{secret.as_uri()}" alt="b"><img src="../../{beside}" alt="c">'
            f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{secret.as_uri()}">'
            f"<style>@import '{address}'; body {{ background: url({secret.as_uri()}) }}</style><p>words</p>"
        )

        pdf, _ = make_pdf(page(body), identifier=DIGEST)

        with pytest.raises(BlockingIOError):
            server.accept()
    assert "words" in text_of(pdf)
    assert "secret" not in text_of(pdf)
    assert b"EmbeddedFile" not in pdf


def test_a_page_that_takes_too_long_is_given_up():
    with pytest.raises(PdfNotMade):
        make_pdf(page("<p>word " * 100_000), identifier=DIGEST, seconds=1)


def test_a_page_that_takes_too_much_memory_is_given_up():
    with pytest.raises(PdfNotMade):
        make_pdf(page("<p>word"), identifier=DIGEST, megabytes=60)


def test_missing_fonts_are_named_before_anything_crashes(settings, tmp_path):
    settings.ASSETS_DIR = tmp_path

    with pytest.raises(ImproperlyConfigured, match="bin/assets"):
        make_pdf(page("<p>word"), identifier=DIGEST)


def test_the_child_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    given = {}

    def note(*args, env, **kwargs):
        given.update(env)
        raise PdfNotMade("enough seen")

    monkeypatch.setattr("reports.pdf.rendering.subprocess.run", note)
    with pytest.raises(PdfNotMade):
        make_pdf(page("<p>word"), identifier=DIGEST)

    assert "a secret" not in given.values()
    assert Path(given["FONTCONFIG_FILE"]).name == "fonts.conf"

"""
Turn HTML into a tagged PDF: the whole of a process that limits itself first.

Reads JSON from standard input: `html`, `fonts` (the only folder that may be read from), `identifier`, and the limits
`seconds` and `megabytes`. Writes the number of pages on the first line of standard output, then the PDF.
"""

import json
import resource
import sys
from pathlib import Path
from urllib.request import url2pathname


def limit(seconds, megabytes):
    """Let the system end this process when it takes too much time or memory, without leaving a memory image."""
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, hard))
        except ValueError:
            # Some systems do not limit memory; time is limited everywhere.
            if what != resource.RLIMIT_AS:
                raise


def make(html, fonts, identifier):
    """
    Return the PDF of `html` and its number of pages.

    What the page refers to beyond the folder `fonts` and itself is not fetched; WeasyPrint leaves it out.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    fonts = Path(fonts).resolve()

    class OnlyFonts(URLFetcher):
        """Fetch what the page itself holds and files of the fonts folder; refuse anything else."""

        def fetch(self, url, headers=None):
            scheme, _, rest = url.partition(":")
            if scheme == "data":
                return super().fetch(url, headers)
            if scheme == "file" and Path(url2pathname(rest)).resolve().is_relative_to(fonts):
                return super().fetch(url, headers)
            raise ValueError(f"Refused to fetch {url[:80]}")

    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": bytes.fromhex(identifier)}
    page = HTML(string=html, base_url=fonts.as_uri() + "/", url_fetcher=OnlyFonts(allowed_protocols=("data", "file")))
    document = page.render(**options)
    return document.write_pdf(**options), len(document.pages)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    limit(asked["seconds"], asked["megabytes"])
    pdf, pages = make(asked["html"], asked["fonts"], asked["identifier"])
    sys.stdout.buffer.write(f"{pages}\n".encode() + pdf)

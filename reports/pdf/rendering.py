"""Have a PDF made by a child process that limits itself, with a font configuration of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from reports.pdf import fonts

CHILD = Path(__file__).with_name("child.py")
SECONDS = 300
MEGABYTES = 2048
# The system's own libraries may lie elsewhere; nothing else of the environment, least of all a secret, goes along.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class PdfNotMade(Exception):
    """The child process ended without a PDF; the text says what it said last."""


def make_pdf(html, *, identifier, seconds=SECONDS, megabytes=MEGABYTES):
    """
    Return the PDF of a page and its number of pages.

    `identifier` is hexadecimal. The same page and identifier give the same bytes, with the same software and fonts.

    :raises PdfNotMade: if the child fails or takes longer, or more memory, than allowed
    """
    folder = fonts.folder()
    asked = {
        "html": html,
        "fonts": str(folder),
        "identifier": identifier,
        "seconds": seconds,
        "megabytes": megabytes,
    }
    with tempfile.TemporaryDirectory(prefix="report-") as home:
        configuration = Path(home, "fonts.conf")
        configuration.write_text(
            FONT_CONFIGURATION.format(
                fonts=escape(str((folder / fonts.TEXT).resolve())), cache=escape(str(Path(home, "cache")))
            )
        )
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
            "FONTCONFIG_FILE": str(configuration),
            "HOME": home,
            "LANG": "C.UTF-8",
            # The order of sets would otherwise differ from run to run.
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
        }
        try:
            done = subprocess.run(
                # -P: the child's own folder must not stand in for installed packages.
                [sys.executable, "-P", str(CHILD)],
                input=json.dumps(asked).encode(),
                capture_output=True,
                env=environment,
                cwd=home,
                # Waiting counts, too: a child may be stopped without using its time.
                timeout=2 * seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PdfNotMade(f"The PDF was not made within {2 * seconds} seconds.") from error
    if done.returncode:
        raise PdfNotMade(f"The PDF maker ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    pages, _, pdf = done.stdout.partition(b"\n")
    return pdf, int(pages)

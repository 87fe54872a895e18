"""What EMAIL_URL means, in a process of its own: settings are read once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMES = ["EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL"]


def read(url):
    code = f"import json; from partnership import settings; print(json.dumps([getattr(settings, n) for n in {NAMES}]))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DEMO": "1", "EMAIL_URL": url},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "url, meaning",
    [
        ("smtp://localhost", ["localhost", 25, "", "", False, False]),
        ("smtp+starttls://box:p%40ss@mail.example", ["mail.example", 587, "box", "p@ss", True, False]),
        ("smtps://box:word@mail.example:2465", ["mail.example", 2465, "box", "word", False, True]),
    ],
)
def test_the_scheme_says_how_mail_is_encrypted(url, meaning):
    assert json.loads(read(url).stdout) == meaning


def test_an_address_of_another_kind_is_explained():
    assert "EMAIL_URL must be the mail server's address" in read("mail.example:587").stderr

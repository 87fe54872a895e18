"""
A framework's workbook comes back from LibreOffice as it went in, whoever opened and saved it there.

No test by its name, so that pytest runs it only when asked to: `make soak` does, and needs LibreOffice for it.
"""

import subprocess
from pathlib import Path

import pytest

from frameworks.definition import canonical_text
from frameworks.reading_yaml import read_yaml
from frameworks.workbook import read_workbook, write_workbook
from tests.libreoffice import OFFICE
from tests.published_shapes import SHAPES
from tests.soak.scale import Account

ROOT = Path(__file__).resolve().parents[1]
FILES = [*sorted((ROOT / "frameworks" / "library").glob("*.yaml")), ROOT / "docs" / "small-framework.yaml"]
ANSWER_WITHIN = 120


def shipped():
    return {path.stem: read_yaml(path.read_bytes()).data for path in FILES}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_frameworks_come_back_from_libreoffice_as_they_went_in(tmp_path, kind):
    if OFFICE is None:
        pytest.fail("LibreOffice is not here: install it (on Debian: apt-get install libreoffice-calc)")
    account = Account(f"workbooks through LibreOffice, by {kind}")
    given = shipped() | {name: build() for name, build in SHAPES.items()}
    for name, data in given.items():
        (tmp_path / f"{name}.xlsx").write_bytes(write_workbook(data))
    saved = convert(tmp_path, sorted(tmp_path.glob("*.xlsx")), kind)
    if kind == "ods":
        # Somebody keeps it in the office's own format, and saves it as XLSX for the portal in the end.
        saved = convert(tmp_path / "saved", saved, "xlsx")

    for path in saved:
        source = read_workbook(path.read_bytes())
        assert source.findings == (), (path.stem, source.findings)
        assert canonical_text(source.data) == canonical_text(given[path.stem]), path.stem
        account.add("frameworks")
    account.tell()
    assert account.counts["frameworks"] == len(given)


def convert(folder, paths, kind):
    """Return the files that the office makes of some, opened and saved without a window and with no profile kept."""
    profile, made = folder / "profile", folder / "saved"
    command = [OFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", made, *paths], check=True, capture_output=True, timeout=ANSWER_WITHIN, cwd=folder
    )
    return sorted(made.glob(f"*.{kind}"))

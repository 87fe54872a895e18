"""
Open exports full of hostile texts in LibreOffice, as an independent reader: nothing is evaluated, nothing is lost.

The demo's St Helens, decided on, gets a payload in every text that is stored. The workbook and each CSV file are opened
and recalculated without a window, with formulas in CSV asked for, and saved as a workbook, which is then read back.

No test by its name, so that pytest runs it only when asked to: `make soak` does, and needs LibreOffice for it.
"""

import io
import shutil
import subprocess
import zipfile

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from assessments.models import Assessment
from assessments.permissions import capacity
from assessments.workflow import State
from partnership.models import User
from reports.exports import csv_files, gathering, xlsx
from reports.exports.xlsx import READ_ME
from tests import factories
from tests.hostile_cells import PAYLOADS, Filling
from tests.soak.scale import Account

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.django_db
# Commas, double quotes, UTF-8, from the first line, and everything that looks like a number or a formula taken for one.
AS_CSV = "CSV:44,34,76,1,,2057,false,true,false,false,false,0,true"


def opened(folder, name, *options):
    """Return a file as LibreOffice reads it, recalculates it and saves it: every sheet's rows of cells."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    made = folder / "made"
    command = [OFFICE, profile, "--headless", *options, "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*command, "--outdir", str(made), str(folder / name)], check=True, capture_output=True, timeout=300)
    book = load_workbook(made / f"{name.rpartition('.')[0]}.xlsx")
    return {sheet.title: list(sheet.iter_rows()) for sheet in book}


def plain(value):
    """Return a text without what no spreadsheet keeps: how lines end, and what XML cannot hold."""
    text = str(value).replace("_x005F_", "_").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\x0b", "\ufffd").replace("_x000b_", "\ufffd")


@pytest.fixture
def export(settings):
    if OFFICE is None:
        pytest.fail("LibreOffice is not here: install it (on Debian: apt-get install libreoffice-calc)")
    settings.ON_SEALED = []
    call_command("load_demo", stdout=io.StringIO())
    Filling().rows()
    chair = User.objects.get(email="chair@sthelens.example")
    known = Assessment.objects.select_related("place__system", "round", "framework_version")
    assessment = known.get(state=State.DECIDED, place__in=chair.memberships.values("place"))
    may = capacity(user=chair, assessment=assessment)
    return gathering.of_assessment(
        assessment=assessment, capacity=may, at=factories.AT, title="=1+1", file_name="hostile"
    )


def test_libreoffice_evaluates_nothing(export, tmp_path):
    account = Account("hostile texts opened in LibreOffice")
    (tmp_path / "book.xlsx").write_bytes(xlsx.workbook(export))
    sheets = opened(tmp_path, "book.xlsx")
    used = set()
    assert list(sheets) == [READ_ME, *export.tables]
    for name, table in export.tables.items():
        for row, cells in zip(table.rows, sheets[name][1:], strict=True):
            for value, cell in zip(row, cells, strict=False):
                if isinstance(value, str):
                    assert (cell.data_type, plain(cell.value)) == ("s", plain(value)), (name, cell.coordinate)
                    used.update(payload for payload in PAYLOADS if value.startswith(payload))
                    account.add("texts in the workbook")
    package = zipfile.ZipFile(io.BytesIO(csv_files.archive(export)))
    for name, table in export.tables.items():
        (tmp_path / f"{name}.csv").write_bytes(package.read(f"{name}.csv"))
        (rows,) = opened(tmp_path, f"{name}.csv", f"--infilter={AS_CSV}").values()
        for row, cells in zip(table.rows, rows[1:], strict=True):
            for value, cell in zip(row, cells, strict=False):
                assert cell.data_type not in "fe", (name, cell.coordinate, cell.value)
                if isinstance(value, str) and any(value.startswith(payload) for payload in PAYLOADS):
                    assert plain(cell.value).replace("'", "") == plain(value).replace("'", ""), (name, cell.coordinate)
                    account.add("texts in CSV")
    account.add("payloads", len(used))
    account.tell()
    assert len(used) >= 300

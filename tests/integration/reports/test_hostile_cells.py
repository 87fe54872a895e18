"""No text that people typed becomes a formula in a workbook or in CSV; `make soak` recalculates all in LibreOffice."""

import csv
import io
import zipfile

import pytest
from openpyxl import load_workbook

from assessments.models import Assessment
from assessments.permissions import capacity
from assessments.workflow import State
from partnership.roles import Role
from reports.exports import columns, csv_files, gathering, xlsx
from reports.tables import BYTE_ORDER_MARK, Table, begins_a_formula, csv_text
from tests import factories
from tests.hostile_cells import PAYLOADS, Filling

pytestmark = pytest.mark.django_db
SHEET = columns.Sheet("texts", "A text", (columns.column("text", columns.TEXT, "It"),), where=())
TABLE = Table(("text",), tuple((text,) for text in PAYLOADS))


def export(**values):
    defaults = {"title": "=1+1", "file_name": "x", "made_at": factories.AT, "contents": ()}
    return gathering.Export(**defaults | values)


def cells(workbook):
    return [cell for sheet in load_workbook(io.BytesIO(workbook)) for row in sheet.iter_rows() for cell in row]


def test_there_are_enough_of_them():
    assert len(set(PAYLOADS)) >= 300


def test_every_payload_is_a_text_in_the_workbook(monkeypatch):
    monkeypatch.setattr(gathering, "SHEETS", (SHEET,))
    found = cells(xlsx.workbook(export(tables={"texts": TABLE})))

    assert {cell.data_type for cell in found if cell.value is not None} == {"s"}
    written = {cell.value.replace("\r\n", "\n").replace("\r", "\n") for cell in found if cell.value}
    assert {text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\ufffd") for text in PAYLOADS} <= written


def test_every_payload_is_inert_in_csv_and_can_be_read_back():
    rows = list(csv.reader(io.StringIO(csv_text(TABLE).removeprefix(BYTE_ORDER_MARK), newline="")))[1:]

    assert len(rows) == len(PAYLOADS)
    for (written,), text in zip(rows, PAYLOADS, strict=True):
        assert not begins_a_formula(written) or written.startswith("'"), repr(written)
        for separator in (";", "\t", "|"):
            later = written.split(separator)[1:]
            assert not [each for each in later if each.lstrip(' "').startswith(("=", "+", "@", "-"))], repr(written)
        assert written.replace("'", "") == text.replace("'", "")


@pytest.fixture
def exports(settings):
    """Return the exports of a decided and of a live assessment after payloads were written into every stored text."""
    settings.ON_SEALED = []
    place = factories.create_place()
    made = factories.create_assessment(place=place)
    item, partner = factories.create_item(made), factories.create_organisation(place=place)
    factories.create_artefact(place, item=item, locator="p. 1", note="A note", owner=partner)
    factories.create_action(made, owner_name="Director")
    factories.create_body(place, purpose="Decides", chair_post="Mayor")
    factories.create_partnership_agreement(place, held_at="The safe", note="Signed")
    decided = factories.decided(made)
    live = factories.create_assessment(place=place, state=State.PREPARING)
    factories.create_artefact(place, item=factories.create_item(live), locator="p. 2", note="Another")
    live = factories.in_agreeing(live)
    factories.create_dissent(factories.create_agreement(live.items.get()))
    filling = Filling()
    filling.rows()
    readers = ((decided, Role.CHAIR), (decided, Role.PROGRAMME_OFFICE), (live, Role.CHAIR))
    return filling, [taken(assessment, factories.holder(role, place)) for assessment, role in readers]


def taken(assessment, person):
    found = Assessment.objects.select_related("place__system", "round", "framework_version").get(pk=assessment.pk)
    may = capacity(user=person, assessment=found)
    return gathering.of_assessment(assessment=found, capacity=may, at=factories.AT, title="=1+1", file_name="x")


def test_every_stored_text_comes_out_as_a_text(exports):
    filling, made = exports
    written = set()
    for each in made:
        found = cells(xlsx.workbook(each))
        assert "f" not in {cell.data_type for cell in found}
        assert not [cell.value for cell in found if cell.data_type == "e"]
        written |= {cell.value for cell in found if isinstance(cell.value, str)}
        package = zipfile.ZipFile(io.BytesIO(csv_files.archive(each)))
        for name in package.namelist():
            if name.endswith(".csv"):
                rows = csv.reader(io.StringIO(package.read(name).decode().removeprefix(BYTE_ORDER_MARK), newline=""))
                assert not [cell for row in rows for cell in row if begins_a_formula(cell) and cell[0] != "'"], name
    marks = {text.rpartition(" #")[2] for text in written}
    missing = {
        field
        for field, texts in filling.given.items()
        if texts and not marks & {text.rpartition(" #")[2] for text in texts}
    }
    assert missing == set()

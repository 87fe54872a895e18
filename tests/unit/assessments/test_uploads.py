import io

import pytest

from assessments import uploads
from assessments.uploads import UploadRefused, clean_name
from tests import sample_files as files

LIMIT = 1024 * 1024


def check(content, name, max_bytes=LIMIT):
    return uploads.check(io.BytesIO(content), name=name, max_bytes=max_bytes)


@pytest.mark.parametrize(
    "name, content",
    [
        ("plan.pdf", files.PDF),
        ("PLAN.PDF", files.PDF),
        ("plan.docx", files.office()),
        ("figures.xlsx", files.office("xl__workbook_dot_xml")),
        ("slides.pptx", files.office("ppt__presentation_dot_xml")),
        ("plan.odt", files.open_document()),
        ("figures.ods", files.open_document("spreadsheet")),
        ("map.png", files.picture()),
        ("map.jpg", files.picture("JPEG")),
        ("map.jpeg", files.picture("JPEG")),
        ("figures.csv", "year,number\n2025,12\n".encode("utf-8-sig")),
        ("notes.txt", "Caf\xe9, \xa350".encode("cp1252")),
    ],
)
def test_a_file_that_is_what_it_says_passes(name, content):
    upload = check(content, name)

    assert upload.name == name
    assert upload.content.read() == content


@pytest.mark.parametrize(
    "name, content, why",
    [
        ("plan.pdf", files.EXE, "its content is not a PDF document"),
        ("map.png", files.HTML, "its content is not a PNG picture"),
        ("map.png", files.picture("JPEG"), "its content is not a PNG picture"),
        ("map.jpg", files.picture(), "its content is not a JPEG picture"),
        ("map.png", files.picture()[:40], "its content is not a PNG picture"),
        ("notes.txt", files.HTML, "its content is not plain text"),
        ("notes.txt", b"\xef\xbb\xbf  " + files.HTML, "its content is not plain text"),
        ("figures.csv", files.SVG, "its content is not plain text"),
        ("notes.txt", files.EXE, "its content is not plain text"),
        ("notes.txt", files.PDF, "its content is not plain text"),
        ("plan.docx", files.PDF, "its content is not a Word document"),
        ("plan.docx", files.office("xl__workbook_dot_xml"), "its content is not a Word document"),
        ("plan.docx", files.office()[:60], "its content is not a Word document"),
        ("plan.odt", files.open_document("spreadsheet"), "its content is not an OpenDocument text"),
        ("plan.pdf", files.PDF[:-8], "its end is missing"),
        ("page.html", files.HTML, "must be PDF, Word"),
        ("map.svg", files.SVG, "must be PDF, Word"),
        ("tool.exe", files.EXE, "must be PDF, Word"),
        ("plan", files.PDF, "must be PDF, Word"),
        (".pdf", files.PDF, "must be PDF, Word"),
        ("gpj.\u202eexe", files.EXE, "must be PDF, Word"),
        ("plan.pdf", b"", "is empty"),
        ("plan.docx", files.office(word__vbaProject_dot_bin=b"x"), "holds macros"),
        ("plan.docx", files.office(word__VBAPROJECT_dot_BIN=b"x"), "holds macros"),
        ("plan.docx", files.office(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "holds macros"),
        ("plan.odt", files.packed(mimetype="x", Basic__Standard__Module1_dot_xml="x"), "holds macros"),
        ("plan.docx", files.zip_bomb(), "unpacks to far more"),
    ],
)
def test_a_file_that_is_not_is_refused_with_the_reason(name, content, why):
    with pytest.raises(UploadRefused, match=why):
        check(content, name)


def test_a_file_over_the_limit_is_refused_with_both_sizes():
    with pytest.raises(UploadRefused, match=r"smaller than 1 MB; it has 1\.5 MB"):
        check(b"a" * (LIMIT * 3 // 2), "notes.txt")


def test_a_picture_with_too_many_pixels_is_refused_without_being_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "PICTURE_MAX_PIXELS", 10)

    with pytest.raises(UploadRefused, match="too large"):
        check(files.picture(size=(4, 3)), "map.png")


def test_a_locked_office_document_is_refused():
    content = bytearray(files.office())
    # The flag that says "encrypted", in the list of parts at the end.
    listed = content.index(b"PK\x01\x02")
    content[listed + 8] |= 1

    with pytest.raises(UploadRefused, match="locked with a password"):
        check(bytes(content), "plan.docx")


@pytest.mark.parametrize(
    "name, cleaned",
    [
        ("C:\\Users\\anna\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("pl\u202ean\u2066.pdf", "plan.pdf"),
        ("pl\x00an\n 1.pdf", "plan 1.pdf"),
        ("  plan .pdf", "plan.pdf"),
        ('plan: "new"?.pdf', "plan_ _new__.pdf"),
        ("Cafe\u0301 plan.pdf", "Caf\xe9 plan.pdf"),
        ("規劃.pdf", "規劃.pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_loses_what_could_mislead(name, cleaned):
    assert clean_name(name) == cleaned


@pytest.mark.parametrize("name", ["規" * 300 + ".pdf", "a" * 300 + ".docx", "b" * 300, "c." + "d" * 300])
def test_a_long_name_is_cut_before_its_ending(name):
    cleaned = clean_name(name)

    assert len(cleaned) <= uploads.NAME_MAX
    if name.endswith((".pdf", ".docx")):
        assert uploads.ending_of(cleaned) == uploads.ending_of(name)

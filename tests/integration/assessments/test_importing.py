"""Statements out of a document: from the file to the items, all or none, once, and only while the wording is open."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.forms.importing import MOST_MENDED
from assessments.importing.proposal import Criterion, Evidence, Proposed
from assessments.models import Artefact, ArtefactLink, EvidenceItem
from assessments.permissions import WrongState
from assessments.services.importing import ThereAlready, bring_in
from partnership.models import AuditEvent
from partnership.roles import Role
from tests import factories
from tests import written_documents as documents

pytestmark = pytest.mark.django_db
SHEET = [
    ["Criterion", "Statement", "Evidence", "Link"],
    ["SO1", "We meet", "Minutes", "https://example.org/minutes"],
    ["", "We <b>share</b>", "Terms of reference", ""],
    ["Estates of old", "We build", "", ""],
    ["PE1", "We listen", "minutes", ""],
    ["", "We answer", "Letters", "ftp://x"],
]


@pytest.fixture
def assessment():
    return factories.create_assessment()


@pytest.fixture
def browser(client, lead):
    client.force_login(lead)
    return client


def address(assessment):
    return reverse("assessments:import_items", args=[assessment.public_id])


def read(browser, assessment, content=None, name="ours.xlsx"):
    content = documents.excel(Aims=SHEET) if content is None else content
    return browser.post(address(assessment), {"file": SimpleUploadedFile(name, content)})


def fields(page, **more):
    """What the page would send: what was read, the columns, the names and the token."""
    context = page.context
    sent = {"read": context["document"].sealed} | dict(context["columns"].hidden)
    if "names" in context:
        sent |= context["names"].initial | {"shown": context["proposal"].digest, "token": context["token"].value()}
    return sent | more


def preview(browser, assessment, page, **more):
    return browser.post(address(assessment), fields(page, step="columns", **more))


def written(assessment):
    rows = EvidenceItem.objects.filter(assessment=assessment).order_by("criterion__code", "number")
    return list(rows.values_list("criterion__code", "statement"))


def test_from_a_workbook_to_items_and_artefacts_with_nothing_written_before_it_is_confirmed(browser, assessment, lead):
    kept = factories.create_artefact(assessment.place, title="Terms of Reference", by=lead)
    shown = preview(browser, assessment, read(browser, assessment))
    proposal = shown.context["proposal"]
    assert [row.statement for row in proposal.brought] == ["We meet", "We <b>share</b>", "We listen"]
    assert proposal.left_out == 1
    assert "“ftp://x” is no link" in shown.text
    assert "We &lt;b&gt;share&lt;/b&gt;" in shown.text
    assert not written(assessment)

    events = AuditEvent.objects.count()
    for _ in "twice":
        answer = browser.post(address(assessment), fields(shown, step="bring"))
        assert answer.url == reverse("assessments:assessment", args=[assessment.public_id])
        assert written(assessment) == [("PE1", "We listen"), ("SO1", "We meet"), ("SO1", "We <b>share</b>")]
    assert AuditEvent.objects.count() == events + 3 + 1 + 3
    (made,) = Artefact.objects.exclude(pk=kept.pk)
    assert (made.title, made.url, made.strength, made.kind) == ("Minutes", "https://example.org/minutes", None, "LINK")
    assert ArtefactLink.objects.filter(artefact=made).count() == 2
    assert ArtefactLink.objects.get(artefact=kept).item.statement == "We <b>share</b>"


def test_a_submission_in_word_comes_in_under_its_criteria_and_again_without_doubles(browser, assessment):
    content = documents.submission("Criterion SO1", "Criterion PE1")
    shown = preview(browser, assessment, read(browser, assessment, content, "Submission.docx"))
    browser.post(address(assessment), fields(shown, step="bring"))
    assert [code for code, _ in written(assessment)] == ["PE1"] * 3 + ["SO1"] * 2
    assert {each.title for each in Artefact.objects.all()} == {"Plan on a page", "Partner plans"}
    assert "Named in Submission.docx" in Artefact.objects.first().note
    again = preview(browser, assessment, read(browser, assessment, content, "Submission.docx"))
    assert (len(again.context["proposal"].there), len(again.context["proposal"].brought)) == (5, 0)
    assert "The place has these statements already." in again.text


def test_columns_and_names_can_be_chosen_otherwise_and_what_was_chosen_stays(browser, assessment):
    page = read(browser, assessment)
    twice = preview(browser, assessment, page, **{"c0-3": "statement"})
    assert "choose one column only for the statement" in twice.text
    assert twice.context["columns"].initial["c0-3"] == "statement"
    none = preview(browser, assessment, page, **{"c0-2": ""})
    assert "Choose which column holds the statements" in none.text
    bare = preview(browser, assessment, page, **{"c0-3": "", "c0-4": "note"})
    assert "choose which column holds the title or the link of the evidence" in bare.text
    shown = preview(browser, assessment, page)
    (old,) = [name for name, code in shown.context["names"].initial.items() if not code]
    other = browser.post(address(assessment), fields(shown, step="preview", **{old: "SO1"}))
    assert "We build" in [row.statement for row in other.context["proposal"].brought]
    back = browser.post(address(assessment), fields(other, step="back"))
    assert back.context["columns"].initial["c0-2"] == "statement"


def test_what_is_wrong_is_mended_on_the_page_and_brought_in_with_the_rest(browser, assessment):
    shown = preview(browser, assessment, read(browser, assessment))
    (row,) = shown.context["mending"].rows
    (link,) = row["fields"]
    assert (link.value(), row["others"]) == ("ftp://x", [])
    assert f'id="{link.auto_id}-error"' in shown.text

    still = browser.post(address(assessment), fields(shown, step="preview", **{link.html_name: "www.x"}))
    assert "“www.x” is no link" in still.text
    assert f'name="{link.html_name}" value="www.x"' in still.text
    mended = {link.html_name: "https://example.org/letters", "m0-99-1": "no row", "m7-0-1": "no part"}
    # What was mended has not been shown yet, so that it is shown first.
    early = browser.post(address(assessment), fields(still, step="bring", **mended))
    assert (early.status_code, written(assessment)) == (409, [])
    assert not early.context["mending"].rows

    browser.post(address(assessment), fields(early, step="bring"))
    assert ("PE1", "We answer") in written(assessment)
    assert Artefact.objects.get(title="Letters").url == "https://example.org/letters"


def test_of_very_many_things_to_mend_the_first_are_asked_for(browser, assessment):
    content = documents.excel(
        Aims=[SHEET[0], *(["SO1", f"We meet {n}", "Minutes", "x"] for n in range(MOST_MENDED + 5))]
    )
    shown = preview(browser, assessment, read(browser, assessment, content))
    assert len(shown.context["mending"].fields) == MOST_MENDED
    assert shown.text.count("is no link") == MOST_MENDED + 5


def test_only_what_was_shown_is_brought_in(browser, assessment):
    shown = preview(browser, assessment, read(browser, assessment))
    (old,) = [name for name, code in shown.context["names"].initial.items() if not code]
    changed = browser.post(address(assessment), fields(shown, step="bring", **{old: "SO1"}))
    assert "is not what you were shown before" in changed.text
    factories.create_item(assessment, code="SO1", statement="we  meet")
    meanwhile = browser.post(address(assessment), fields(shown, step="bring"))
    assert meanwhile.status_code == 409
    assert "is not what you were shown before" in meanwhile.text
    assert len(written(assessment)) == 1


def test_what_was_read_for_another_person_or_altered_is_refused(browser, client, assessment):
    page = read(browser, assessment)
    altered = fields(page, step="columns")
    assert "Choose it again" in browser.post(address(assessment), altered | {"read": altered["read"] + "x"}).text
    client.force_login(factories.holder(Role.CONTRIBUTOR, assessment.place))
    assert "another assessment" in client.post(address(assessment), altered).text


@pytest.mark.parametrize(
    "name, content, why",
    [
        ("ours.pdf", b"%PDF-1.7", "must be a Word document"),
        ("ours.docx", b"PK no", "This is not a Word document"),
        ("ours.xlsx", b"PK no", "This is not an Excel workbook"),
        ("empty.xlsx", documents.excel(Aims=[["x"]]), "no table, list or paragraph"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_word_on_what_to_do(browser, assessment, name, content, why):
    assert why in read(browser, assessment, content, name).text


def test_once_scoring_is_open_nothing_is_brought_in(browser, assessment, lead):
    shown = preview(browser, assessment, read(browser, assessment))
    factories.in_scoring(assessment)
    before = written(assessment)
    late = browser.post(address(assessment), fields(shown, step="bring"))
    assert late.status_code == 409
    assert "wording of the items was fixed" in late.text
    assert written(assessment) == before


def rows(*statements):
    criterion = Criterion("SO1", "Shared", False, False, frozenset())
    return [Proposed("row 1", criterion, statement, [Evidence("Minutes")]) for statement in statements]


def test_the_service_holds_to_who_and_when_and_writes_all_or_nothing(assessment, lead):
    given = {"assessment": assessment, "document": "ours.docx", "at": factories.AT}
    with pytest.raises(PermissionDenied):
        bring_in(rows=[], by=factories.holder(Role.MEMBER, assessment.place), **given)
    factories.create_item(assessment, code="SO1", statement="We share")
    with pytest.raises(ThereAlready):
        bring_in(rows=rows("We meet", "We share"), by=lead, **given)
    assert written(assessment) == [("SO1", "We share")]
    assert not Artefact.objects.exists()
    factories.in_scoring(assessment)
    with pytest.raises(WrongState):
        bring_in(rows=[], by=lead, **given)


@pytest.mark.parametrize("number", [10, 1_000])
def test_the_queries_do_not_grow_with_the_document(browser, assessment, django_assert_num_queries, number):
    # Session, user, assessment, roles.
    with django_assert_num_queries(4):
        browser.get(address(assessment))
    rows = [["SO1", f"We meet {n}", "Minutes", "x" if n % 2 else ""] for n in range(number)]
    # And what the place has.
    with django_assert_num_queries(5):
        page = read(browser, assessment, documents.excel(Aims=[SHEET[0], *rows]))
    with django_assert_num_queries(5):
        shown = preview(browser, assessment, page)
    assert len(shown.context["proposal"].rows) == number
    assert ("No more than 300 statements" in shown.text) == (number > 300)

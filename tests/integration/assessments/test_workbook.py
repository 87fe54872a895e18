"""Scoring in a workbook: what goes out, what a filled one would change, what is refused, and what is recorded."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Judgement, Score
from assessments.workbook.reading import Effect, compare
from assessments.workbook.rows import ANSWER, COMMENT, CONFIDENCE, HEADINGS, ITEM, MARK, REASON, SHEET, STATEMENT, Mark
from assessments.workbook.writing import scoring_workbook
from assessments.workflow import Move
from frameworks.marks import FileRefused
from partnership.models import AuditEvent
from partnership.roles import Role
from tests import factories, whole_round
from tests.filled_workbooks import filled, opened, rows_of
from tests.integration.assessments.checklist_frameworks import checklist

pytestmark = pytest.mark.django_db
HOSTILE = "=1+1"


@pytest.fixture
def assessment():
    made = factories.create_assessment()
    for code, statement in (("SO1", "We meet"), ("SO1", HOSTILE), ("PE1", "  Two\n lines _x0041_ _x9_ _x000D_ ")):
        item = factories.create_item(made, code=code, statement=statement)
    factories.create_artefact(made.place, item=item, title="+Minutes")
    return factories.in_scoring(made)


@pytest.fixture
def book(assessment, member):
    return written(assessment, member)


def written(assessment, member):
    return scoring_workbook(assessment=assessment, user=member, at=factories.AT)


def address(assessment, page="workbook"):
    return reverse(f"assessments:{page}", args=[assessment.public_id])


def items(assessment):
    """The items in the order of the rows."""
    rows = rows_of(written(assessment, factories.holder(Role.MEMBER, assessment.place)))
    by_statement = {each.statement.strip(): each for each in assessment.items.select_related("criterion", "assessment")}
    return [by_statement[row[STATEMENT].strip().replace("_x005F_", "_")] for row in rows]


def judged(content, assessment, member):
    """The rows' effects, and the reasons of those that are refused."""
    rows = compare(content, assessment=assessment, user=member).rows
    return [row.why or row.effect for row in rows]


def sent(browser, assessment, content, name="scores.xlsx"):
    return browser.post(address(assessment), {"file": SimpleUploadedFile(name, content)})


def test_it_holds_what_is_asked_as_texts_with_lists_to_choose_from_and_only_the_answers_open(book, assessment):
    sheet = opened(book)[SHEET]
    for row in sheet.iter_rows(2):
        assert {cell.data_type for cell in row} <= {"s", "n", "inlineStr"}
        assert [not cell.protection.locked for cell in row] == [
            heading in (ANSWER, REASON, CONFIDENCE, COMMENT) for heading in HEADINGS
        ]
    assert HOSTILE in {row[STATEMENT] for row in rows_of(book)}
    assert "+Minutes" in {row["Evidence"] for row in rows_of(book)}
    assert sheet.protection.sheet
    names = whole_level_names(assessment)
    assert [cell.value for cell in opened(book)["Lists"]["A"]] == [*names, "Cannot judge", "Not applicable"]
    assert sheet.column_dimensions["I"].hidden


def test_each_row_says_what_it_would_do_and_nothing_is_written_before_it_is_confirmed(browser, assessment, member):
    first, second, third = items(assessment)
    factories.create_score(first, by=member, level=2, comment="Hm")
    factories.create_score(second, by=member, level=3)
    names = list(whole_level_names(assessment))
    content = filled(
        written(assessment, member),
        {
            0: {ANSWER: names[2]},
            2: {ANSWER: "not APPLICABLE", REASON: "No estate", CONFIDENCE: "unsure", COMMENT: "=A1"},
        },
        then=lambda sheet: setattr(sheet.cell(4, HEADINGS.index(COMMENT) + 1), "data_type", "s"),
    )
    events = AuditEvent.objects.count()
    page = sent(browser, assessment, content)
    assert [row.effect for row in page.context["comparison"].rows] == [Effect.CHANGED, Effect.SAME, Effect.NEW]
    assert dict(page.context["comparison"].rows[0].before)[ANSWER] == names[1]
    assert dict(page.context["comparison"].rows[0].after)[ANSWER] == names[2]
    assert (Score.objects.get(item=first).level, Score.objects.count(), AuditEvent.objects.count()) == (2, 2, events)

    for _ in "twice":
        browser.post(address(assessment), {"accepted": page.context["sealed"]})
        stored = Score.objects.get(item=third)
        assert (stored.judgement, stored.reason, stored.confidence, stored.comment, stored.version) == (
            "NOT_APPLICABLE",
            "No estate",
            "UNSURE",
            "=A1",
            1,
        )
        assert Score.objects.get(item=first).comment == "Hm"
        assert AuditEvent.objects.count() == events + 2


def whole_level_names(assessment):
    from frameworks.definition import load

    return [level.name for level in load(assessment.framework_version.definition).scale.levels]


def test_a_row_that_was_scored_in_the_portal_since_is_refused_and_the_others_are_taken(assessment, member, book):
    first, second, third = items(assessment)
    names = whole_level_names(assessment)
    factories.create_score(first, by=member, level=1)
    factories.create_score(second, by=member, level=2)
    content = filled(book, {0: {ANSWER: names[2]}, 1: {ANSWER: names[1]}, 2: {ANSWER: names[0]}})
    stale, same, new = judged(content, assessment, member)
    assert "after you downloaded the workbook" in stale
    assert (same, new) == (Effect.SAME, Effect.NEW)
    # A row that was not touched changes nothing, however old it is.
    assert judged(book, assessment, member)[0] == Effect.SAME


@pytest.mark.parametrize(
    "cells, why",
    [
        ({STATEMENT: "We never meet"}, "criterion, number or statement was changed"),
        ({ITEM: "Item 7"}, "criterion, number or statement was changed"),
        ({MARK: "x"}, "mark, in the last column, was changed"),
        ({MARK: None}, "is missing"),
        ({ANSWER: "Splendid"}, "“Splendid” is not in the list: "),
        ({ANSWER: "=1+1"}, "Cell E2 holds a formula"),
        ({ANSWER: None, COMMENT: "Only this"}, "Nothing is chosen"),
        ({ANSWER: "Not applicable"}, "why it is not applicable"),
        ({REASON: "Because"}, "but the answer is another"),
        ({CONFIDENCE: "Perhaps"}, "“Perhaps” is not in the list"),
        ({COMMENT: "x" * 4001}, "longer than 4,000 characters"),
    ],
)
def test_a_row_that_was_tampered_with_or_says_nonsense_is_refused_alone(assessment, member, book, cells, why):
    content = filled(book, {0: {ANSWER: "Cannot judge"} | cells, 1: {ANSWER: "Cannot judge"}})
    refused, taken, left = judged(content, assessment, member)
    assert why in refused
    assert (taken, left) == (Effect.NEW, Effect.OPEN)


def test_a_mark_says_for_which_row_it_was_written(assessment, member, book):
    marks = [row[MARK] for row in rows_of(book)]
    swapped = filled(book, {0: {MARK: marks[1], ANSWER: "Cannot judge"}})
    assert "statement was changed" in judged(swapped, assessment, member)[0]
    cut = filled(book, {0: {MARK: marks[0][:-1] + ("A" if marks[0][-1] != "A" else "B"), ANSWER: "Cannot judge"}})
    assert "was changed" in judged(cut, assessment, member)[0]


def test_a_mark_that_looks_like_a_characters_code_comes_back_whole(assessment, member, monkeypatch):
    # A signature holds such a part once in twenty thousand; LibreOffice would make a tab of it.
    sealed = Mark.sealed
    monkeypatch.setattr(Mark, "sealed", lambda mark: f"{sealed(mark)}_x9_")

    book = written(assessment, member)

    assert {row[MARK][-10:] for row in rows_of(book)} == {"_x005F_x9_"}


def test_rows_of_somebody_else_and_of_another_assessment_are_refused(assessment, member, book):
    other = factories.create_membership(role=Role.MEMBER, place=assessment.place).user
    assert all("somebody else's workbook" in why for why in judged(book, assessment, other))
    elsewhere = factories.create_assessment()
    factories.create_item(elsewhere, code="SO1")
    factories.in_scoring(elsewhere)
    assert all("another assessment" in why for why in judged(book, elsewhere, member))


def test_rows_of_an_earlier_ballot_and_of_items_that_are_not_scored_again_are_refused(assessment, member):
    for item in items(assessment):
        factories.create_score(item, by=member, level=2)
    book = written(assessment, member)
    assessment.refresh_from_db()
    factories.move(assessment, Move.CLOSE_SCORING)
    again = items(assessment)[0]
    factories.move(assessment, Move.SCORE_AGAIN, items=[again], reason="Read it once more")
    assessment.refresh_from_db()
    content = filled(book, dict.fromkeys(range(3), {ANSWER: "Cannot judge"}))
    first, *others = judged(content, assessment, member)
    assert "scores this item again" in first
    assert all("is not being scored now" in why for why in others)


def test_rows_may_be_sorted_and_left_out_but_an_item_stands_once(assessment, member, book):
    def shuffle(sheet):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(2)]
        for number, row in enumerate([rows[2], rows[0], rows[2]], start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    content = filled(book, {place: {ANSWER: "Cannot judge"} for place in range(3)}, then=shuffle)
    comparison = compare(content, assessment=assessment, user=member)
    assert [row.effect for row in comparison.rows] == [Effect.REFUSED, Effect.NEW, Effect.REFUSED]
    assert comparison.missing == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04 no", b"name,level\n", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_is_no_workbook_is_refused_with_a_word_on_what_to_do(browser, assessment, content):
    page = sent(browser, assessment, content)
    assert "Save it again as an Excel workbook" in page.text
    assert page.context["comparison"] is None


def test_a_workbook_of_another_kind_is_refused(assessment, member, book):
    other = opened(book)
    other[SHEET].title = "Else"
    file = io.BytesIO()
    other.save(file)
    with pytest.raises(FileRefused, match="no sheet “Scores”"):
        compare(file.getvalue(), assessment=assessment, user=member)
    with pytest.raises(FileRefused, match="no heading “How sure”"):
        compare(filled(book, {-1: {CONFIDENCE: "x"}}), assessment=assessment, user=member)


def test_what_was_not_shown_cannot_be_confirmed(browser, client, assessment, member, book):
    page = sent(browser, assessment, filled(book, {0: {ANSWER: "Cannot judge"}}))
    sealed = page.context["sealed"]
    assert "Choose the file again" in browser.post(address(assessment), {"accepted": sealed + "x"}).text
    client.force_login(factories.create_membership(role=Role.MEMBER, place=assessment.place).user)
    assert "Nothing was recorded" in client.post(address(assessment), {"accepted": sealed}).text
    assert not Score.objects.exists()


def test_what_arrives_after_scoring_closed_is_shown_and_not_recorded(browser, assessment, member, book):
    page = sent(browser, assessment, filled(book, {0: {ANSWER: "Cannot judge", COMMENT: "Ask the council"}}))
    factories.create_score(items(assessment)[1], by=member)
    assessment.refresh_from_db()
    factories.move(assessment, Move.CLOSE_SCORING)
    late = browser.post(address(assessment), {"accepted": page.context["sealed"]}).text
    assert "Not saved" in late
    assert "Ask the council" in late
    assert Score.objects.count() == 1
    assert browser.get(address(assessment, "workbook_file")).url == address(assessment)


def test_a_score_given_between_the_comparison_and_its_confirmation_stands(browser, assessment, member, book):
    page = sent(browser, assessment, filled(book, {0: {ANSWER: "Cannot judge"}, 1: {ANSWER: "Cannot judge"}}))
    first, second, _ = items(assessment)
    factories.create_score(first, by=member, level=1)
    late = browser.post(address(assessment), {"accepted": page.context["sealed"]})
    assert "Not saved" in late.text
    assert (Score.objects.get(item=first).level, Score.objects.get(item=second).judgement) == (
        1,
        Judgement.CANNOT_JUDGE,
    )


def test_answers_to_a_checklist_come_and_go_like_levels():
    assessment = factories.in_scoring(whole_round.opened(whole_round.published(checklist())))
    member = factories.holder(Role.MEMBER, assessment.place)
    content = filled(written(assessment, member), {0: {ANSWER: "Partly"}, 2: {ANSWER: "Partly"}})
    good, _, bad = judged(content, assessment, member)
    assert good == Effect.NEW
    assert "is not in the list: No, Yes" in bad


def test_the_queries_do_not_grow(browser, assessment, member, book, django_assert_num_queries):
    # Session, user, assessment, roles.
    with django_assert_num_queries(4):
        browser.get(address(assessment))
    # And three for the file: scores, items, evidence; here nothing was scored or agreed before.
    with django_assert_num_queries(7):
        browser.get(address(assessment, "workbook_file"))

"""
Take scoring workbooks through LibreOffice and back: what comes back is what went out.

Random assessments of the shipped frameworks and of a checklist, their texts hostile, are scored at random by a member,
whose workbook LibreOffice opens and saves: no row is refused, and none is taken for a change. Another member's empty
workbook, filled with the same answers, goes the same way: what is recorded is what was typed.

No test by its name, so that pytest runs it only when asked to: `make soak` does, and needs LibreOffice for it.
"""

import random
import shutil
import subprocess

import pytest

from assessments.models import Judgement, Score
from assessments.score_list import load_list
from assessments.services import items
from assessments.services.scoring import COMPARED, Entry, record_scores
from assessments.workbook.reading import Effect, accepted, compare, entries_of
from assessments.workbook.rows import GIVEN, given_cells
from assessments.workbook.writing import scoring_workbook
from frameworks.workbook_cells import as_read, as_written
from partnership.roles import Role
from tests import factories, whole_round
from tests.filled_workbooks import filled
from tests.hostile_cells import PAYLOADS
from tests.integration.assessments.checklist_frameworks import checklist
from tests.libreoffice_frameworks import FILES
from tests.soak.scale import Account, amount

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.django_db
BATCH = 10


@pytest.fixture(scope="module")
def chance():
    return random.Random(20261127)


def assessed(version, chance):
    """Return an assessment in scoring with random statements."""
    assessment = factories.create_assessment(framework_version=version)
    lead = factories.holder(Role.LEAD, assessment.place)
    for node in version.nodes.filter(is_criterion=True).order_by("position"):
        try:
            for _ in range(chance.randint(0, 3)):
                text = chance.choice(PAYLOADS) + chance.choice(("", "\nand more", " _x0041_ _x9_ _xE_", "…" * 300))
                items.add_item(assessment=assessment, criterion=node, statement=text, by=lead, at=factories.AT)
        except (items.FrameworkStatement, items.OneItemOnly):
            continue
    return factories.in_scoring(assessment)


def scored_at_random(assessment, member, chance):
    """Let a member give most items a random judgement, in one act."""
    entries = []
    for each in load_list(assessment=assessment, user=member).items:
        if chance.random() < 0.2:
            continue
        judgement = chance.choice([*["LEVEL"] * 4, "CANNOT_JUDGE", "NOT_APPLICABLE"])
        entries.append(
            Entry(
                each.item,
                judgement,
                0,
                level=chance.choice(each.scale.ranks) if judgement == Judgement.LEVEL else None,
                reason=chance.choice(PAYLOADS) + " so",
                confidence=chance.choice(["", *Score.Confidence.values]),
                comment=chance.choice(["", chance.choice(PAYLOADS), "3", "TRUE", "2026-11-27", "Zeile\n\n  zwei\t!"]),
            )
        )
    assert all(
        not each.refusal for each in record_scores(assessment=assessment, entries=entries, by=member, at=factories.AT)
    )


def saved(folder):
    """Return what LibreOffice makes of a folder's workbooks when it opens and saves them, by their names."""
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "made")]
    books = sorted(str(path) for path in folder.glob("*.xlsx"))
    subprocess.run([*command, *books], check=True, capture_output=True, timeout=600)
    return {path.stem: path.read_bytes() for path in (folder / "made").glob("*.xlsx")}


def values(assessment, member):
    """Return what a member gave, as a workbook can hold it."""
    given = Score.objects.filter(item__assessment=assessment, membership__user=member)
    return {
        item: [as_read(as_written(each)).strip() if isinstance(each, str) else each for each in kept]
        for item, *kept in given.values_list("item", *COMPARED)
    }


def test_scores_come_back_from_libreoffice_as_they_went_out(tmp_path, chance):
    if OFFICE is None:
        pytest.fail("LibreOffice is not here: install it (on Debian: apt-get install libreoffice-calc)")
    account = Account("scoring workbooks through LibreOffice")
    versions = [whole_round.published(path.read_text()) for path in FILES] + [whole_round.published(checklist())]
    for batch in range(amount(200, least=BATCH) // BATCH):
        folder = tmp_path / str(batch)
        folder.mkdir()
        tried = {}
        for number in range(BATCH):
            assessment = assessed(versions[number % len(versions)], chance)
            first = factories.holder(Role.MEMBER, assessment.place)
            second = factories.create_membership(role=Role.MEMBER, place=assessment.place).user
            scored_at_random(assessment, first, chance)
            listed = load_list(assessment=assessment, user=first).items
            typed = {
                place: dict(zip(GIVEN, [text or None for text in given_cells(each)], strict=True))
                for place, each in enumerate(listed)
            }
            write = {"assessment": assessment, "at": factories.AT}
            (folder / f"given-{number}.xlsx").write_bytes(scoring_workbook(user=first, **write))
            empty = scoring_workbook(user=second, **write)
            (folder / f"typed-{number}.xlsx").write_bytes(filled(empty, typed, as_text=True))
            tried[number] = (assessment, first, second)
        books = saved(folder)
        for number, (assessment, first, second) in tried.items():
            same = compare(books[f"given-{number}"], assessment=assessment, user=first)
            assert {row.effect for row in same.rows} <= {Effect.SAME, Effect.OPEN}, same.refused + same.taken
            assert same.missing == 0
            new = compare(books[f"typed-{number}"], assessment=assessment, user=second)
            assert {row.effect for row in new.rows} <= {Effect.NEW, Effect.OPEN}, new.refused
            sealed = accepted(new, assessment=assessment, user=second)
            entries = entries_of(sealed, assessment=assessment, user=second)
            record_scores(assessment=assessment, entries=entries, by=second, at=factories.AT)
            assert values(assessment, second) == values(assessment, first)
            account.add("assessments")
            account.add("scores", len(entries))
            account.add("workbooks", 2)
    account.tell()
    assert account.counts["scores"]

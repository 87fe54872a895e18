"""The whole journey through its roles in a real browser, with scripts and without."""

import subprocess

import pytest

from reports.readiness_report import SHORT

from . import journey
from .visitor import Visitor


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_place_scores_agrees_signs_and_submits_and_the_icb_reads_the_report(chromium, address, script):
    person = Visitor(chromium, address, script=script)

    journey.score_what_is_left(person)
    journey.close_scoring(person)
    journey.settle_levels(person)
    journey.put_up(person)
    person.sign_out()
    journey.sign(person, journey.CHAIR)
    journey.sign(person, journey.COUNCIL, reservation=journey.RESERVATION)
    journey.sign(person, journey.TRUST)
    journey.seal_and_submit(person)
    pdf, digest = journey.download(person)

    assert pdf.startswith(b"%PDF-")
    pages = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    printed = pages.removesuffix("\f").split("\f")
    assert len(printed) > 20
    assert [number for number, page in enumerate(printed, start=1) if digest[:SHORT] not in page] == []
    assert journey.RESERVATION in " ".join(pages.split())
    assert person.complaints == []

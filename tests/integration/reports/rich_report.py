"""A sealed report with long, foreign and hostile words wherever people write, made once for all that read it."""

from dataclasses import dataclass
from functools import cache, cached_property

from django.test import Client
from django.urls import reverse

from assessments.models import Artefact, Seal, Signature
from assessments.workflow import Move
from frameworks.models import Node
from improvement.services.actions import add_action
from partnership.roles import Role
from reports import printing, sealed, services
from tests import factories
from tests.factories import AT

HOSTILE = '<img src="file:///etc/passwd"><script>alert(1)</script>'
FOREIGN = "北京 🏥 \u202eעברית ไทย ខ្មែរ Łódź"


def url(assessment, name="report"):
    return reverse(f"reports:{name}", args=[assessment.public_id])


def make(assessment):
    return services.make_report(subject=assessment.seal.public_id, at=AT)


def content_of(assessment):
    return sealed.of_seal(Seal.objects.select_related("snapshot").get(assessment=assessment))


def with_a_rich_case():
    """Return a sealed assessment with long, foreign and hostile words in every place that people write in."""
    place = factories.create_place(f"Mossley {FOREIGN}")
    assessment = factories.create_assessment(place=place)
    first = factories.create_item(assessment, statement=f"We have a plan. {HOSTILE}\nIt is read. {FOREIGN}")
    factories.create_artefact(
        place,
        item=first,
        title=f"Plan {HOSTILE}"[:200],
        strength=Artefact.Strength.IN_USE,
        locator="page 4",
        note="Kept by the council",
    )
    factories.create_artefact(
        place,
        item=first,
        title="Minutes of the board",
        url="https://minutes.example/7",
        sensitivity=Artefact.Sensitivity.BOARD,
    )
    factories.create_item(assessment, code="PE1", statement="unbroken" * 60)
    for code in ("SO2", "PE2a", "PE2b"):
        for number in range(4):
            factories.create_item(
                assessment, code=code, statement=f"Statement {number} of {code}. " + "It works. " * 20
            )
    factories.in_agreeing(assessment, 1, 4, 4)
    for item in assessment.items.order_by("pk"):
        factories.create_agreement(item, level=3, reason=f"The board saw it. {HOSTILE}")
    add_action(
        assessment=assessment,
        title=f"Attach evidence {HOSTILE}",
        owner=factories.create_organisation(place=place),
        due_on=AT.date(),
        by=factories.holder(Role.LEAD, place),
        at=AT,
        criterion=Node.objects.get(version=assessment.framework_version, code="SO2"),
    )
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    missing = factories.create_organisation(f"Absent partner {FOREIGN}", place=place)
    factories.create_signatory(place, missing)
    signatory = factories.create_signatory(place, factories.create_organisation("Willing partner", place=place))
    factories.create_signature(
        assessment, by=signatory, kind=Signature.Kind.RESERVED, words=f"We wait for the strategy. {HOSTILE} {FOREIGN}"
    )
    return factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference=f"PB/26/1 {FOREIGN}")


@dataclass(frozen=True)
class Rich:
    """What became of a rich case: its page as the chair sees it, its report on paper before it is printed, its PDF."""

    content: sealed.Shown
    page: str
    paper: str

    @cached_property
    def printed(self):
        return printing.print_report(self.content.document, identity=self.content.identity, seal=self.content.seal)


@cache
def rich_case():
    assessment, client = with_a_rich_case(), Client()
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    return Rich(content_of(assessment), client.get(url(assessment)).text, paper_of(assessment))


def paper_of(assessment):
    content = content_of(assessment)
    return printing.paper(content.document, identity=content.identity, seal=content.seal)

"""A place with people of every role, and what they type into the forms of its evidence register."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Assessment, Round
from assessments.services import register
from tests import factories, sample_files
from tests.kept import kept

AT = factories.AT
ROLES = ["lead", "contributor", "chair", "member", "signatory", "observer", "programme_office", "reviewer", "outsider"]
KEEPERS = {"lead", "contributor"}
BOARD = {"lead", "chair", "member", "signatory"}


@kept
def place():
    return factories.create_place("Ashby")


@kept
def people(place):
    return factories.create_people(*ROLES, place=place)


def typed(**changes):
    """Return what a person types into the form: a plan that a link leads to."""
    values = {
        "title": "Joint plan",
        "kind": "DOCUMENT",
        "url": "https://documents.example/plan",
        "sensitivity": "PARTNERSHIP",
        "strength": "",
        "token": str(uuid4()),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def pdf(name="plan.pdf", content=sample_files.PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def with_file(upload, **changes):
    return typed(url=None, file=upload, no_patients="on") | changes


def url(name, row):
    return reverse(f"assessments:{name}", args=[row.public_id])


def cite_in(place, artefact, *, state, visibility=Round.Visibility.ICB):
    """Cite the artefact in an assessment of the place, which is put in a state for the sake of the table alone."""
    item = factories.create_item(factories.create_assessment(place=place, visibility=visibility))
    register.link_artefact(artefact=artefact, item=item, by=factories.holder("LEAD", place), at=AT)
    Assessment.objects.filter(pk=item.assessment_id).update(state=state)
    return item


def changed(artefact, **changes):
    return typed(url=artefact.url, based_on=str(artefact.version), token=None) | changes

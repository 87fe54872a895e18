"""A place's bodies and agreements, as those write them who keep them; `reports` shows the whole."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.forms.governance import AgreementForm, BodyForm, EndForm, NewAgreementForm, NewBodyForm
from assessments.models import Artefact, PartnershipAgreement
from assessments.services import agreements
from partnership.idempotency import AlreadyDone
from partnership.models import Body, Membership, Place, Stale
from partnership.revising import show_overtaken
from partnership.selectors import get_place, organisations_around
from partnership.services import bodies
from partnership.services.bodies import check_can_keep
from partnership.services.places import EndsTooEarly, NameTaken

BODY_FIELDS = (
    "name",
    "purpose",
    "parent",
    "form",
    "chair",
    "chair_post",
    "answers_to_body",
    "answers_to_organisation",
    "starts_on",
)
AGREEMENT_FIELDS = (
    "title",
    "kind",
    "status",
    "starts_on",
    "ends_on",
    "review_by",
    "artefact",
    "held_at",
    "note",
)
# What a service refuses, with the field that is to be mended where the exception does not say.
BODY_REFUSALS = (bodies.BodyRefused, bodies.BodyEnded, NameTaken, EndsTooEarly)
AGREEMENT_REFUSALS = (agreements.AgreementRefused, agreements.AgreementEnded)
FIELDS = {NameTaken: "name", EndsTooEarly: "ends_on"}


@require_http_methods(["GET", "POST"])
def body_add(request, public_id):
    place = _kept_place(request, public_id)
    form = NewBodyForm(request.POST if request.method == "POST" else None, **_body_choices(place))
    if form.is_valid():
        try:
            bodies.add_body(place=place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except BODY_REFUSALS as error:
            _refuse(form, error)
        except AlreadyDone:
            return _to(place)
        else:
            messages.success(request, "The body was added.")
            return _to(place)
    return _form(request, "assessments/body.html", form, place, heading="Add a body", button="Add it")


@require_http_methods(["GET", "POST"])
def body_edit(request, public_id):
    body = _kept(request, Body, public_id)
    options = _body_choices(body.place, body)
    if request.method == "POST":
        form = BodyForm(request.POST, **options)
    else:
        form = BodyForm(initial=_shown(body, BODY_FIELDS), **options)
    stored = None
    if form.is_valid():
        try:
            # What is not asked for here stays: a body is ended on a page of its own.
            bodies.change_body(body=body, ends_on=body.ends_on, by=request.user, at=timezone.now(), **form.cleaned_data)
        except BODY_REFUSALS as error:
            _refuse(form, error)
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "The body was changed.")
            return _to(body.place)
    return _form(
        request,
        "assessments/body.html",
        form,
        body.place,
        heading="Change a body",
        row=body,
        stored=stored,
        button="Save",
    )


@require_http_methods(["GET", "POST"])
def body_end(request, public_id):
    body = _kept(request, Body, public_id)
    return _end(
        request,
        body,
        lambda **values: bodies.end_body(body=body, **values),
        BODY_REFUSALS,
        heading=f"End {body.name}",
        text="From the day after, it is no part of the structure. It stays on record, and this cannot be undone.",
    )


@require_http_methods(["GET", "POST"])
def agreement_add(request, public_id):
    place = _kept_place(request, public_id)
    form = NewAgreementForm(request.POST if request.method == "POST" else None, **_agreement_choices(place, request))
    if form.is_valid():
        try:
            agreements.add_agreement(place=place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except AGREEMENT_REFUSALS as error:
            _refuse(form, error)
        except AlreadyDone:
            return _to(place)
        else:
            messages.success(request, "The agreement was added.")
            return _to(place)
    return _form(request, "assessments/agreement.html", form, place, heading="Add an agreement", button="Add it")


@require_http_methods(["GET", "POST"])
def agreement_edit(request, public_id):
    agreement = _kept(request, PartnershipAgreement, public_id)
    options = _agreement_choices(agreement.place, request, agreement)
    if request.method == "POST":
        form = AgreementForm(request.POST, **options)
    else:
        parties = [party.public_id for party in agreement.parties.all()]
        form = AgreementForm(initial=_shown(agreement, AGREEMENT_FIELDS) | {"parties": parties}, **options)
    stored = None
    if form.is_valid():
        try:
            agreements.change_agreement(agreement=agreement, by=request.user, at=timezone.now(), **form.cleaned_data)
        except AGREEMENT_REFUSALS as error:
            _refuse(form, error)
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "The agreement was changed.")
            return _to(agreement.place)
    return _form(
        request,
        "assessments/agreement.html",
        form,
        agreement.place,
        heading="Change an agreement",
        row=agreement,
        stored=stored,
        button="Save",
    )


@require_http_methods(["GET", "POST"])
def agreement_end(request, public_id):
    agreement = _kept(request, PartnershipAgreement, public_id)
    return _end(
        request,
        agreement,
        lambda **values: agreements.end_agreement(agreement=agreement, **values),
        AGREEMENT_REFUSALS,
        heading=f"End {agreement.title}",
        text="From the day after, it no longer holds. It stays on record, and this cannot be undone.",
    )


def _end(request, row, end, refusals, *, heading, text):
    if request.method == "POST":
        form = EndForm(request.POST)
    else:
        form = EndForm(initial={"based_on": row.version, "ends_on": timezone.localdate()})
    stored = None
    if form.is_valid():
        try:
            end(by=request.user, at=timezone.now(), **form.cleaned_data)
        except refusals as error:
            _refuse(form, error)
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "It was ended.")
            return _to(row.place)
    return _form(request, "assessments/governance_end.html", form, row.place, heading=heading, text=text, stored=stored)


def _kept_place(request, public_id):
    """
    Return the place, if the person sees it and keeps what is said of its governance.

    :raises Http404: if they have no part there
    :raises PermissionDenied: if they have another part there
    """
    place = get_place(user=request.user, public_id=public_id)
    check_can_keep(user=request.user, place=place)
    return place


def _kept(request, model, public_id):
    rows = model.objects.filter(place__in=Place.objects.visible_to(request.user)).select_related("place__system")
    row = get_object_or_404(rows, public_id=public_id)
    check_can_keep(user=request.user, place=row.place)
    return row


def _body_choices(place, body=None):
    here = Body.objects.filter(place=place, ends_on=None).order_by("name")
    people = Membership.objects.filter(pk__in=Membership.objects.current().filter(place=place).values("pk"))
    if body:
        here = here.exclude(pk=body.pk)
        # Who chaired it stays a choice after they have left.
        people |= Membership.objects.filter(pk=body.chair_id)
    return {
        "bodies": here,
        "people": people.select_related("user", "organisation").order_by("role", "organisation__name", "pk"),
        "organisations": organisations_around(place=place),
    }


def _agreement_choices(place, request, agreement=None):
    readable = Artefact.objects.visible_to(request.user).filter(place=place, ended_on=None)
    if agreement and agreement.artefact_id:
        # What holds it stays a choice for those who may not read it, so that they do not take it away unseen.
        readable |= Artefact.objects.filter(pk=agreement.artefact_id)
    return {"organisations": organisations_around(place=place), "artefacts": readable.order_by("title")}


def _shown(row, fields):
    """Return what a form shows of a row: of other rows their public identifiers."""
    values = {name: getattr(row, name) for name in fields}
    return {name: getattr(value, "public_id", value) for name, value in values.items()} | {"based_on": row.version}


def _refuse(form, error):
    if isinstance(error, bodies.BodyEnded | agreements.AgreementEnded):
        show_overtaken(form, str(error))
        return
    field = getattr(error, "field", None) or FIELDS.get(type(error))
    form.add_error(field if field in form.fields else None, str(error))


def _form(request, template, form, place, **context):
    return TemplateResponse(request, template, {"form": form, "place": place, "caption": place.name} | context)


def _to(place):
    return redirect("reports:governance", place.public_id)

"""Signing what was frozen, and what the sign-off says once it is sealed."""

import json

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods

from assessments import first_steps, permissions, selectors
from assessments.displayed import displayed
from assessments.documents import stored
from assessments.forms.signing import WORDS, SignForm
from assessments.kept_back import scoring_first
from assessments.permissions import WrongState
from assessments.services.signing import (
    AlreadySigned,
    NotWhatWasShown,
    SignatureRefused,
    answers_on,
    check_can_sign,
    current_snapshot,
    quorum,
    signing_part,
)
from assessments.services.signing import sign as give_signature
from assessments.workflow import Act, State
from partnership.guides import lead_in, put_away_with
from partnership.idempotency import AlreadyDone
from partnership.revising import show_overtaken
from partnership.services import guides


@require_http_methods(["GET", "POST"])
def sign(request, public_id):
    """Show in full what is up for signature, who has signed and who is missing, and take a signature."""
    # The place reads it while it signs; others only once it is submitted, on the sign-off page.
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    snapshot = current_snapshot(assessment)
    if assessment.state != State.SIGNING:
        typed = [text for text in (request.POST.get(name, "").strip() for name, _, _ in WORDS.values()) if text]
        return _not_signing(request, assessment, is_late=request.method == "POST", typed=typed)
    part = signing_part(capacity=capacity, assessment=assessment, on=timezone.localdate())
    signatures, replaced = answers_on(snapshot)
    own = next((each for each in signatures if part and each.organisation_id == part.organisation.pk), None)
    form = None
    if request.method == "POST":
        check_can_sign(part=part, capacity=capacity, assessment=assessment)
        form = SignForm(request.POST, digest=snapshot.digest, organisation=part.organisation, answer=own)
        if guide := put_away_with(request):
            guides.put_away(guide=guide, by=request.user)
            form = form.begun()
        elif form.is_valid() and (answer := _give(request, assessment, form)):
            return answer
    elif part:
        form = SignForm(digest=snapshot.digest, organisation=part.organisation, answer=own)
    return TemplateResponse(
        request,
        "assessments/sign.html",
        {
            "assessment": assessment,
            "snapshot": snapshot,
            "document": displayed(stored(snapshot)),
            "signatures": signatures,
            "replaced": replaced,
            "quorum": quorum(assessment=assessment, on=timezone.localdate()),
            "part": part,
            "own": own,
            "form": form,
            "first_steps": lead_in(
                request, first_steps.signing(closes=date_format(assessment.signing_closes_on, "l j F Y"))
            )
            if form and not own
            else None,
            "may_name_deputy": permissions.can(Act.NAME_DEPUTY, capacity=capacity, assessment=assessment),
            "versions": selectors.versions_of(assessment=assessment),
            "earlier": assessment.snapshots.exclude(pk=snapshot.pk).count(),
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
    )


def _give(request, assessment, form):
    """Give the signature and lead back to the page; None if it was refused, with the reason in the form."""
    try:
        signature = give_signature(
            assessment=assessment,
            kind=form.cleaned_data["kind"],
            words=form.words(),
            digest=form.cleaned_data["digest"],
            based_on=form.cleaned_data["based_on"],
            token=form.cleaned_data["token"],
            by=request.user,
            at=timezone.now(),
        )
    except AlreadyDone:
        return redirect("assessments:sign", assessment.public_id)
    except WrongState:
        fresh = selectors.get_assessment(user=request.user, public_id=assessment.public_id)
        return _not_signing(request, fresh, is_late=True, typed=[text for text in [form.words()] if text])
    except NotWhatWasShown as error:
        show_overtaken(form, str(error))
        _now_based_on(form, digest=current_snapshot(assessment).digest)
    except AlreadySigned as error:
        show_overtaken(form, str(error))
        _now_based_on(form, based_on=str(error.signature.number))
    except SignatureRefused as error:
        show_overtaken(form, str(error))
    else:
        changed = " This replaces what it said before, which stays on record." if signature.number > 1 else ""
        messages.success(
            request, f"Recorded for {signature.organisation.name}: {signature.get_kind_display().lower()}.{changed}"
        )
        return redirect("assessments:sign", assessment.public_id)
    return None


def _now_based_on(form, **shown):
    """Let the form say what the page shows now; what was typed stays as it was."""
    form.data = form.data.copy()
    for name, value in shown.items():
        form.data[name] = value


def _not_signing(request, assessment, *, is_late, typed):
    """Say that nothing is up for signature now; a sealed one is read on its sign-off page."""
    if not is_late and hasattr(assessment, "seal"):
        return redirect("assessments:signoff", assessment.public_id)
    return TemplateResponse(
        request,
        "assessments/not_signing.html",
        {
            "assessment": assessment,
            "is_late": is_late,
            "typed": typed,
            "last_change": selectors.last_state_change(assessment=assessment),
        },
        status=409,
    )


@require_GET
def signoff(request, public_id):
    """Show how a sealed assessment was signed off; the ICB reads it once it is submitted."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    if first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        return TemplateResponse(request, "assessments/kept_back.html", {"assessment": assessment, "first": first})
    seal = selectors.get_seal(assessment=assessment)
    if seal is None:
        return TemplateResponse(
            request,
            "assessments/signoff_pending.html",
            {"assessment": assessment, "is_signing": assessment.state == State.SIGNING},
        )
    sealed = json.loads(seal.text)
    for signature in sealed["signatures"]:
        # Sign-offs that were sealed before answers could be replaced hold none that were.
        for each in (signature, *signature.get("replaced", ())):
            each["signed_at"] = parse_datetime(each["signed_at"])
    return TemplateResponse(
        request,
        "assessments/signoff.html",
        {
            "assessment": assessment,
            "seal": seal,
            "sealed": sealed,
            "meeting_on": parse_date(sealed["meeting_on"]),
            "document": displayed(stored(seal.snapshot)),
            "versions": selectors.versions_of(assessment=assessment),
            "may_reopen": permissions.can(Act.REOPEN, capacity=capacity, assessment=assessment),
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
    )

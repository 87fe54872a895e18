"""Signing what was frozen, and what the sign-off says once it is sealed."""

import json

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions, reading, selectors
from assessments.documents import stored
from assessments.forms.signing import WORDS, SignForm
from assessments.permissions import WrongState
from assessments.services.signing import (
    AlreadySigned,
    NotWhatWasShown,
    SignatureRefused,
    current_snapshot,
    quorum,
    signatures_on,
)
from assessments.services.signing import sign as give_signature
from assessments.workflow import Act, State
from partnership.idempotency import AlreadyDone
from partnership.roles import Role

NO_LEVEL = {"level": None, "name": "no level"}
STATUSES = {
    "incomplete": "Incomplete",
    "not_applicable": "Not applicable",
    "none_supported": "No level supported",
    "no_level": "No single level",
}


@require_http_methods(["GET", "POST"])
def sign(request, public_id):
    """Show in full what is up for signature, who has signed and who is missing, and take a signature."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    # The place reads it while it signs; others only once it is submitted, on the sign-off page.
    permissions.check(Act.READ, capacity=capacity, assessment=assessment)
    snapshot = current_snapshot(assessment)
    if assessment.state != State.SIGNING:
        typed = [text for text in (request.POST.get(name, "").strip() for name, _, _ in WORDS.values()) if text]
        return _not_signing(request, assessment, is_late=request.method == "POST", typed=typed)
    membership = capacity.as_role(Role.SIGNATORY)
    form = None
    if request.method == "POST":
        permissions.check(Act.SIGN, capacity=capacity, assessment=assessment)
        form = SignForm(request.POST, digest=snapshot.digest, organisation=membership.organisation)
        if form.is_valid() and (answer := _give(request, assessment, form)):
            return answer
    elif membership:
        form = SignForm(digest=snapshot.digest, organisation=membership.organisation)
    signatures = list(signatures_on(snapshot))
    own = next((each for each in signatures if membership and each.organisation_id == membership.organisation_id), None)
    return TemplateResponse(
        request,
        "assessments/sign.html",
        {
            "assessment": assessment,
            "snapshot": snapshot,
            "document": displayed(stored(snapshot)),
            "signatures": signatures,
            "quorum": quorum(assessment=assessment, on=timezone.localdate()),
            "membership": membership,
            "own": own,
            # What somebody typed stays, even where a colleague has signed for the organisation meanwhile.
            "form": form if own is None or (form is not None and form.is_bound) else None,
            "earlier": assessment.snapshots.exclude(pk=snapshot.pk).count(),
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
        status=409 if form is not None and form.is_bound and form.non_field_errors() else 200,
    )


def _give(request, assessment, form):
    """Give the signature and lead back to the page; None if it was refused, with the reason in the form."""
    try:
        signature = give_signature(
            assessment=assessment,
            kind=form.cleaned_data["kind"],
            words=form.words(),
            digest=form.cleaned_data["digest"],
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
        form.add_error(None, str(error))
        form.data = form.data | {"digest": current_snapshot(assessment).digest}
    except (AlreadySigned, SignatureRefused) as error:
        form.add_error(None, str(error))
    else:
        messages.success(
            request, f"Recorded for {signature.organisation.name}: {signature.get_kind_display().lower()}."
        )
        return redirect("assessments:sign", assessment.public_id)
    return None


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
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    permissions.check(Act.READ, capacity=capacity, assessment=assessment)
    seal = selectors.get_seal(assessment=assessment)
    if seal is None:
        return TemplateResponse(
            request,
            "assessments/signoff_pending.html",
            {"assessment": assessment, "is_signing": assessment.state == State.SIGNING},
        )
    sealed = json.loads(seal.text)
    for signature in sealed["signatures"]:
        signature["signed_at"] = parse_datetime(signature["signed_at"])
    return TemplateResponse(
        request,
        "assessments/signoff.html",
        {
            "assessment": assessment,
            "seal": seal,
            "sealed": sealed,
            "meeting_on": parse_date(sealed["meeting_on"]),
            "document": displayed(stored(seal.snapshot)),
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
    )


def displayed(document):
    """Return a frozen document as the page goes through it: domains with criteria with items, levels by name."""
    criteria = {criterion["code"]: criterion for criterion in document["criteria"]}
    items = {item["id"]: item for item in document["items"]}
    artefacts = {artefact["id"]: artefact for artefact in document["artefacts"]}
    levels = reading.tags(document["framework"]["levels"])

    def shown_item(item):
        rated_on = reading.item_tags(document, item)
        return item | {
            "agreed": rated_on.get(item["level"]),
            "agreed_words": "Not applicable" if item["judgement"] == "NOT_APPLICABLE" else "Not settled",
            "standing": _standing(
                split=item["spread"] and item["spread"]["split"],
                claimed=item["level"],
                supported=rated_on.get(item["supported"], NO_LEVEL),
            ),
            "evidence": [artefacts[citation["artefact"]] | citation for citation in item["cited"]],
        }

    def shown_result(node):
        claimed, supported = node["claimed"], node["supported"]
        return node | {
            "claimed_level": levels.get(claimed["level"]),
            "claimed_words": STATUSES.get(claimed["status"], ""),
            "claimed_number": reading.number_of(claimed),
            "supported_level": levels.get(supported["level"]),
            "supported_words": STATUSES.get(supported["status"], ""),
            "supported_number": reading.number_of(supported),
        }

    def shown_criterion(code):
        criterion = criteria[code]
        return shown_result(criterion) | {
            "split_words": "but split" if criterion["split"] else "",
            "items": [shown_item(items[key]) for key in criterion["items"]],
        }

    return document | {
        "as_at": parse_date(document["as_at"]),
        "whole": shown_result(document["whole"]) if document.get("whole") else None,
        "domains": [
            domain | {"criteria": [shown_criterion(code) for code in domain["criteria"]]}
            for domain in document["domains"]
        ],
        # Higher rooms' sections may bring statements of their own, such as readiness in a sentence.
        "statements": [
            statement
            for section in document.values()
            if isinstance(section, dict)
            for statement in section.get("statements", ())
        ],
    }


def _standing(*, split, claimed, supported):
    """Return what must be said beside an agreed level."""
    said = ["but split"] if split else []
    if claimed is not None and supported["level"] != claimed:
        said.append(f"evidence supports {supported['name']}")
    return ", ".join(said)

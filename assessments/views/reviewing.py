"""The review: its criteria with their three standings, one criterion in full, and one across places."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments import first_steps, permissions, review_table, selectors
from assessments.displayed import STATUSES
from assessments.forms.reviewing import CriterionForm, StrengthForm
from assessments.kept_back import scoring_first
from assessments.models import Artefact, Judgement
from assessments.permissions import WrongState
from assessments.reading import item_tags, without_level
from assessments.round_table import get_round
from assessments.services import reviewing as services
from assessments.standing import of_item
from assessments.workflow import SHARED_WITH_ICB, Act, Move, State
from frameworks.definition import load
from frameworks.wording import quoted
from partnership.guides import lead_in
from partnership.models import Stale
from partnership.permissions import system_capacity
from partnership.roles import OF_SYSTEM, Role


@dataclass
class Strength:
    """One artefact on a criterion's page: as it was sealed, what the reviewers find, and their form."""

    artefact: dict
    labels: list
    found: object = None
    form: StrengthForm | None = None

    @property
    def may_be_judged(self):
        return self.form is not None


@require_GET
def review(request, public_id):
    """Show the criteria with the place's own level, what evidence supports and what the reviewers find."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    if not _is_begun(assessment):
        return _not_begun(request, assessment, capacity)
    if first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        return TemplateResponse(request, "assessments/kept_back.html", {"assessment": assessment, "first": first})
    sees = review_table.may_see_findings(assessment=assessment, capacity=capacity)
    what = review_table.load_review(assessment=assessment)
    asked = review_table.questions(assessment=assessment)
    may_review = permissions.can(Act.REVIEW, capacity=capacity, assessment=assessment)
    lead = lead_in(request, first_steps.reviewing(criteria=len(what.left))) if may_review and what.left else None
    return TemplateResponse(
        request,
        "assessments/review.html",
        {
            "assessment": assessment,
            "domains": [(name, [_line(what, row, sees=sees) for row in rows]) for name, rows in what.domains],
            "sees": sees,
            "asked": len(what.asked),
            "reviewed": len(what.asked) - len(what.left),
            "next": next(iter(what.left), None),
            "may_review": may_review,
            "first_steps": lead,
            "may_name": permissions.can(Act.NAME_PEERS, capacity=capacity, assessment=assessment),
            "watches": bool(capacity.roles & OF_SYSTEM) and Role.REVIEWER not in capacity.named_as,
            "questions": asked,
            "waiting": [question for question in asked if not question.replies.all()],
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
            "decided": assessment.state == State.DECIDED,
        },
    )


@require_http_methods(["GET", "POST"])
def criterion(request, public_id, code):
    """Show a criterion with its items, evidence and standings, and take the reviewers' finding or a strength."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    if request.method == "POST":
        _refuse_strangers(assessment, capacity)
    if not _is_begun(assessment):
        return _not_begun(request, assessment, capacity)
    if first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        return TemplateResponse(request, "assessments/kept_back.html", {"assessment": assessment, "first": first})
    what = review_table.load_review(assessment=assessment)
    row = what.row(code)
    if row is None:
        raise Http404(f"There is no criterion {code}")
    may_review = permissions.can(Act.REVIEW, capacity=capacity, assessment=assessment)
    strengths = _strengths(request, assessment, what, code, may_review)
    form = CriterionForm(levels=what.levels, finding=row.finding, target=what.levels.get(row.target, ""))
    problem = ""
    if request.method == "POST":
        saved, form, problem = _save(request, assessment, what, row, form, strengths)
        if saved:
            messages.success(request, saved)
            return redirect(_onwards(request, assessment, what, code))
    sees = review_table.may_see_findings(assessment=assessment, capacity=capacity)
    node = load(assessment.framework_version.definition).node(code)
    codes = [each.code for each in what.asked]
    here = codes.index(code) if code in codes else -1
    bound = [each.form for each in strengths if each.form and each.form.is_bound]
    return TemplateResponse(
        request,
        "assessments/review_criterion.html",
        {
            "assessment": assessment,
            "row": row,
            "line": _line(what, row, sees=sees),
            "node": node,
            "levels": [
                {"place": what.places[rank], "number": rank, "name": name, "text": node.descriptors.get(rank, "")}
                for rank, name in what.levels.items()
            ],
            "items": [_item(what, item) for item in what.document["items"] if item["criterion"] == code],
            "strengths": strengths,
            "history": [_told(what, found) for found in review_table.history(assessment=assessment, code=code)[1:]]
            if sees
            else [],
            "sees": sees,
            "form": form if may_review or form.is_bound else None,
            "forms": [each for each in (form, *bound) if each.is_bound],
            "problem": problem,
            "typed": [text for name, text in request.POST.items() if name.endswith(TYPED) and text.strip()]
            if problem
            else [],
            "may_ask": Move.ASK in permissions.possible_moves(capacity=capacity, assessment=assessment),
            "may_review": may_review,
            "watches": bool(capacity.roles & OF_SYSTEM) and Role.REVIEWER not in capacity.named_as,
            "before": codes[here - 1] if here > 0 else None,
            "after": codes[here + 1] if 0 <= here < len(codes) - 1 else None,
        },
        status=409 if problem or any(form.errors for form in (form, *bound)) else 200,
    )


@require_GET
def across(request, public_id, code):
    """Show one criterion at all places of a round, by name, so that reviewers are consistent."""
    opened = get_round(user=request.user, public_id=public_id)
    capacity = system_capacity(user=request.user, system=opened.system)
    capacity.check(OF_SYSTEM, "Only the ICB's programme office and reviewers see a criterion across places.")
    definition = load(opened.framework_version.definition)
    if code not in definition.criterion_codes:
        raise Http404(f"There is no criterion {code}")
    codes = [node.code for node in definition.criteria]
    here = codes.index(code)
    return TemplateResponse(
        request,
        "assessments/review_across.html",
        {
            "round": opened,
            "node": definition.node(code),
            "rows": [
                {"assessment": assessment, "line": _line(what, what.row(code), sees=True)}
                for assessment, what in review_table.load_across(opened=opened, capacity=capacity)
            ],
            "before": codes[here - 1] if here else None,
            "after": codes[here + 1] if here < len(codes) - 1 else None,
        },
    )


TYPED = ("words", "recommendation")


def _is_begun(assessment):
    return assessment.state in SHARED_WITH_ICB - {State.SUBMITTED}


def _not_begun(request, assessment, capacity):
    context = {
        "assessment": assessment,
        "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        "may_name": permissions.can(Act.NAME_PEERS, capacity=capacity, assessment=assessment),
    }
    return TemplateResponse(request, "assessments/review_awaited.html", context)


def _refuse_strangers(assessment, capacity):
    """
    Let those pass who may review in some state.

    :raises PermissionDenied: for everybody else
    """
    try:
        permissions.check(Act.REVIEW, capacity=capacity, assessment=assessment)
    except WrongState:
        return


def _save(request, assessment, what, row, form, strengths):
    """Do what the posted form asks; return what was saved, the criterion's form, and why nothing could be."""
    try:
        if key := request.POST.get("artefact"):
            return _save_strength(request, assessment, strengths, key), form, ""
        form = CriterionForm(request.POST, levels=what.levels, target=what.levels.get(row.target, ""))
        return _save_criterion(request, assessment, what, row, form), form, ""
    except WrongState as error:
        return "", form, f"Nothing was saved. {error}"
    except Stale as stale:
        form = CriterionForm(
            _based_on(request.POST, "based_on", stale.current),
            levels=what.levels,
            target=what.levels.get(row.target, ""),
        )
        form.is_valid()
        form.add_error("choice", _meanwhile(what, stale.current))
        return "", form, ""


def _save_criterion(request, assessment, what, row, form):
    if not form.is_valid():
        return ""
    try:
        made = services.review_criterion(
            assessment=assessment, code=row.code, by=request.user, at=timezone.now(), **form.found()
        )
    except services.ReviewRefused as error:
        form.add_error(error.field, str(error))
        return ""
    return f"{row.code} {row.name} is reviewed: {_words(what, made.judgement, made.level)}."


def _save_strength(request, assessment, strengths, key):
    place = next((each for each in strengths if each.artefact["id"] == key and each.form), None)
    if place is None:
        raise Http404("No such artefact here")
    place.form = form = StrengthForm(request.POST, key=key, proposed=place.artefact["strength"])
    if not form.is_valid():
        return ""
    artefact = get_object_or_404(Artefact.objects.visible_to(request.user), public_id=key)
    try:
        services.review_artefact(
            assessment=assessment, artefact=artefact, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Stale as stale:
        again = _based_on(request.POST, form.add_prefix("based_on"), stale.current)
        place.form = StrengthForm(again, key=key, proposed=place.artefact["strength"])
        place.form.is_valid()
        found = f"“{stale.current.get_strength_display()}”." if stale.current else ""
        place.form.add_error("strength", _overwrote_nothing(stale.current, found))
        return ""
    except services.NotCited as error:
        form.add_error("strength", str(error))
        return ""
    return f"The strength of “{place.artefact['title']}” is reviewed."


def _based_on(data, name, current):
    data = data.copy()
    data[name] = str(current.number if current else 0)
    return data


def _meanwhile(what, current):
    """Say what another reviewer found meanwhile."""
    if current is None:
        return _overwrote_nothing(None, "")
    ending = f", saying {quoted(current.words)}" if current.words else "."
    return _overwrote_nothing(current, f"{_words(what, current.judgement, current.level)}{ending}")


def _overwrote_nothing(current, found):
    if current is None:
        return "Nothing is recorded here yet: record yours again"
    return f"Meanwhile {current.reviewed_by.name} recorded {found} Nothing was overwritten: record yours to change it"


def _onwards(request, assessment, what, code):
    """Lead to the next criterion that waits for its review or, where asked for, back to the same one."""
    if request.POST.get("then") == "next":
        if row := next((row for row in what.left if row.code != code), None):
            return reverse("assessments:review_criterion", args=[assessment.public_id, row.code])
        return reverse("assessments:review", args=[assessment.public_id])
    return reverse("assessments:review_criterion", args=[assessment.public_id, code])


def _strengths(request, assessment, what, code, may_review):
    """Return the artefacts cited for a criterion, each once, with the items that cite it."""
    cited = {}
    for item in what.document["items"]:
        if item["criterion"] == code:
            for citation in item["cited"]:
                cited.setdefault(citation["artefact"], []).append(item["label"])
    found = review_table.strengths(assessment=assessment)
    readable = set()
    if may_review:
        visible = Artefact.objects.visible_to(request.user).filter(public_id__in=cited)
        readable = {str(key) for key in visible.values_list("public_id", flat=True)}
    artefacts = {artefact["id"]: artefact for artefact in what.document["artefacts"]}
    return [
        Strength(
            artefact=artefacts[key],
            labels=labels,
            found=found.get(key),
            form=StrengthForm(key=key, proposed=artefacts[key]["strength"], standing=found.get(key))
            if key in readable
            else None,
        )
        for key, labels in cited.items()
    ]


def _line(what, row, *, sees):
    """Return a criterion's standings as components/level_tag.html takes them."""
    found = row.finding if sees else None
    return {
        "row": row,
        "claimed": _result(what, row.claimed, row.standing),
        "supported": _result(what, row.supported, ""),
        "target": what.levels.get(row.target, ""),
        "finding": found and _told(what, found),
        "differs": sees and row.differs,
        "lacks_recommendation": sees and row.lacks_recommendation,
    }


def _told(what, found):
    return {"finding": found, "tag": _tag(what, found.level, _words(what, found.judgement, found.level))}


def _words(what, judgement, level):
    return what.levels[level] if level is not None else Judgement(judgement).label


def _result(what, result, standing):
    return _tag(what, result["level"], without_level(result, STATUSES)) | {"standing": standing}


def _tag(what, rank, otherwise):
    if rank is None:
        return {"rank": "", "of": len(what.places), "number": "", "name": otherwise}
    return {"rank": what.places[rank], "of": len(what.places), "number": rank, "name": what.levels[rank]}


def _item(what, item):
    """Return an item with what it is rated on in words: levels or, on a checklist, the answers to its statement."""
    rated = item_tags(what.document, item)
    judged = "Not applicable" if item["judgement"] == "NOT_APPLICABLE" else "Not settled"
    artefacts = {artefact["id"]: artefact for artefact in what.document["artefacts"]}
    return item | {
        "agreed": rated.get(item["level"], {"rank": "", "name": judged}) | {"standing": of_item(item)},
        "supports": rated.get(item["supported"], {"rank": "", "name": "Nothing supported"}),
        "evidence": [artefacts[citation["artefact"]] | citation for citation in item["cited"]],
    }

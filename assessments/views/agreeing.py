"""The board agrees: all items by disagreement, a criterion's items with their scores, and what nobody disputes."""

import json
from functools import partial, wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from assessments import disagreement, first_steps, permissions, selectors
from assessments.aims import aims
from assessments.criterion_items import grouped
from assessments.deliberation import load_table, settled_meanwhile, settled_words
from assessments.forms.agreeing import DissentForm, UndisputedForm, WithdrawForm
from assessments.kept_back import scoring_first
from assessments.models import Dissent
from assessments.optional_parts import optional_parts
from assessments.permissions import WrongState
from assessments.services.agreeing import (
    AgreementRefused,
    NothingUndisputed,
    agree_levels,
    agree_undisputed,
)
from assessments.services.dissenting import DissentRefused, record_dissent, withdraw_dissent
from assessments.services.signing import asked_to_sign
from assessments.still_missing import still_missing
from assessments.views.agree_page import Shown, written
from assessments.views.agree_places import agree_form, places_of, with_own
from assessments.workflow import Act, State
from frameworks.definition import load
from frameworks.wording import counted
from partnership.guides import lead_in
from partnership.idempotency import AlreadyDone, is_done
from partnership.models import Stale
from partnership.remembered import PARTS

FILTERS = {
    "all": ("All", lambda row: True),
    "open": ("Not settled", lambda row: row.is_open),
    "split": ("Split", lambda row: row.spread.split),
    "few": ("Too few scores", lambda row: row.spread.split is None and not row.is_decided),
    "settled": ("Settled", lambda row: bool(row.item.judgement)),
}
# Offered only where there are any: a framework that asks only until a level is decided.
DECIDED = ("Not needed", lambda row: row.is_decided)


def revealed(view, *, act=Act.SEE_SPREAD, stamped=False):
    """
    Give a view the assessment, `stamped` if told, and what the person is there, once they may see the spread.

    Somebody whose roles may never do `act` is refused in every state.

    The ICB is refused in every state. Before the reveal, and while items are scored again, the page
    says so, and repeats what somebody typed on it.
    """

    @wraps(view)
    def wrapped(request, public_id, **kwargs):
        find = selectors.get_stamped if stamped else selectors.get_assessment
        assessment = find(user=request.user, public_id=public_id)
        capacity = permissions.capacity(user=request.user, assessment=assessment)
        # Refuses whoever may never do it; why it cannot be done now the view says itself.
        permissions.why_closed(act, capacity=capacity, assessment=assessment)
        if why := permissions.why_closed(Act.SEE_SPREAD, capacity=capacity, assessment=assessment):
            typed = [text for name, text in request.POST.items() if name.endswith(("reason", "-text")) and text.strip()]
            context = {
                "assessment": assessment,
                "why": why,
                "typed": typed,
                "last_change": selectors.last_state_change(assessment=assessment),
            }
            return TemplateResponse(request, "assessments/agreeing_hidden.html", context, status=409)
        if first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
            return TemplateResponse(request, "assessments/kept_back.html", {"assessment": assessment, "first": first})
        return view(request, assessment, capacity, **kwargs)

    return wrapped


@require_GET
@revealed
def agreeing(request, assessment, capacity):
    """Show every item by disagreement, with a filter in the address."""
    table = load_table(assessment=assessment)
    rows = table.rows
    may_agree = permissions.can(Act.AGREE, capacity=capacity, assessment=assessment)
    needless = sum(row.is_decided for row in rows)
    filters = FILTERS | ({"decided": DECIDED} if needless else {})
    chosen = request.GET.get("show") if request.GET.get("show") in filters else "all"
    today = timezone.localdate()
    missing = still_missing(
        table.case,
        assessment=assessment.public_id,
        asked=asked_to_sign(assessment=assessment, on=today),
        aims=aims(assessment=assessment),
    )
    return TemplateResponse(
        request,
        "assessments/agreeing.html",
        {
            "assessment": assessment,
            "noun": table.case.definition.noun,
            "rows": [row for row in rows if filters[chosen][1](row)],
            "filters": [
                {"key": key, "label": label, "count": sum(map(bool, map(test, rows))), "current": key == chosen}
                for key, (label, test) in filters.items()
            ],
            "chosen": filters[chosen][0],
            "total": len(rows) - needless,
            "needless": needless,
            "settled": sum(bool(row.item.judgement) for row in rows),
            "undisputed": len(disagreement.undisputed(table.case)),
            "parts": optional_parts(table) if may_agree else [],
            "large_shares": table.large_shares,
            "sum": table.whole,
            "next": table.next_open(),
            "missing": missing,
            "missing_count": sum(len(each.entries) for each in missing),
            "may_agree": may_agree,
            "first_steps": _first_steps(request, table, may_agree) if assessment.state == State.AGREEING else None,
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
    )


def _first_steps(request, table, may_agree):
    first = first_steps.agreeing(
        split=sum(bool(row.spread.split) for row in table.open_rows),
        unsettled=len(table.open_rows),
        undisputed=len(disagreement.undisputed(table.case)),
        noun=table.case.definition.noun,
        may_agree=may_agree,
    )
    return lead_in(request, first)


@require_http_methods(["GET", "POST"])
@partial(revealed, stamped=True)
def agree(request, assessment, capacity, code):
    """Show a criterion's items with their spread and scores; settle a level or record dissent, one item at a time."""
    definition = load(assessment.framework_version.definition)
    criterion = next((node for node in definition.criteria if node.code == code), None)
    if criterion is None:
        raise Http404(f"There is no criterion {code}")
    if request.method == "POST":
        return _save(request, assessment, capacity, load_table(assessment=assessment), code)
    faceless, today = capacity.faceless(), timezone.localdate()

    def make():
        table = load_table(assessment=assessment)
        places = places_of(assessment, faceless, table, code)
        items, rest = written(places, assessment=assessment, capacity=faceless, table=table, code=code)
        return json.dumps({"items": [item.to_data() for item in items], "rest": rest})

    made = json.loads(PARTS.part(("agree", assessment.stamp, today, faceless, assessment.pk, code), make))
    items = with_own([Shown.from_data(each) for each in made["items"]], assessment=assessment, capacity=capacity)
    return _criterion_page(request, assessment, capacity, code, items, made["rest"])


@require_http_methods(["GET", "POST"])
@partial(revealed, act=Act.AGREE)
def undisputed(request, assessment, capacity):
    """List what nobody disputes, and settle it in one act."""
    closed = permissions.why_closed(Act.AGREE, capacity=capacity, assessment=assessment)
    table = load_table(assessment=assessment)
    noun = table.case.definition.noun
    form = UndisputedForm(request.POST) if request.method == "POST" else UndisputedForm()
    if request.method == "POST" and form.is_valid():
        try:
            made = agree_undisputed(
                assessment=assessment, by=request.user, at=timezone.now(), token=form.cleaned_data["token"]
            )
        except WrongState as error:
            closed = str(error)
        except NothingUndisputed as error:
            messages.info(request, str(error))
            return redirect("assessments:agreeing", assessment.public_id)
        except AlreadyDone:
            return redirect("assessments:agreeing", assessment.public_id)
        else:
            some = counted(len(made), f"{noun} was", f"{noun}s were")
            messages.success(request, f"{some} settled at the lower median.")
            return redirect("assessments:agreeing", assessment.public_id)
    return TemplateResponse(
        request,
        "assessments/undisputed.html",
        {
            "assessment": assessment,
            "form": form,
            "noun": noun,
            "closed": closed,
            "rows": [table.row(item) for item in disagreement.undisputed(table.case)],
        },
        status=409 if closed else 200,
    )


def _save(request, assessment, capacity, table, code):
    """Do what the form of the posted items asks; whatever is refused comes back with what was typed."""
    numbers = {int(text) for text in request.POST.getlist("item") if text.isascii() and text.isdigit()}
    items = assessment.items.select_related("assessment", "criterion").order_by("number")
    items = list(items.filter(criterion__code=code, number__in=numbers))
    if not items:
        raise Http404("The criterion has no such item")
    places = {place.number: place for place in _places(assessment, capacity, table, code)}
    if about_one := {"dissent": _dissent, "withdraw": _withdraw}.get(request.POST.get("act")):
        saved = about_one(request, capacity, assessment, places[items[0].number])
    else:
        saved = _agree(request, capacity, assessment, table, places, items)
    if saved:
        messages.success(request, saved)
        return redirect(_onwards(request, assessment, items[0]))
    return _shown_again(request, assessment, capacity, table, code, list(places.values()))


def _places(assessment, capacity, table, code):
    return with_own(places_of(assessment, capacity, table, code), assessment=assessment, capacity=capacity)


def _agree(request, capacity, assessment, table, places, items):
    """Settle what was chosen: of a class of statements, what is not stored yet."""
    permissions.why_closed(Act.AGREE, capacity=capacity, assessment=assessment)
    chosen = {}
    for item in items:
        form = agree_form(places[item.number], request.POST)
        if form.is_new or len(items) == 1:
            places[item.number].agree = chosen[item] = form
    sound = {item: form for item, form in chosen.items() if form.is_valid()}
    try:
        entries = [form.entry(item) for item, form in sound.items()]
        outcomes = agree_levels(assessment=assessment, entries=entries, by=request.user, at=timezone.now())
    except WrongState as error:
        for item, form in chosen.items():
            form.add_error(None, f"{places[item.number].heading} was not saved. {error}")
        return ""
    for outcome in outcomes:
        _tell_refusal(request, places[outcome.entry.item.number], outcome.refusal)
    made = [outcome.agreement for outcome in outcomes if outcome.agreement]
    noun = table.case.definition.node(items[0].criterion.code).noun
    told = f"{counted(len(made), f'{noun} is', f'{noun}s are')} recorded." if made else "Nothing was changed."
    if len(made) < len(chosen):
        if made:
            messages.success(request, f"{told} What is marked below is not.")
            fresh = _places(assessment, capacity, load_table(assessment=assessment), items[0].criterion.code)
            done = {agreement.item_id for agreement in made}
            numbers = {item.number for item in items if item.pk in done}
            places |= {place.number: place for place in fresh if place.number in numbers}
        return ""
    if len(items) > 1:
        return told
    place, (agreement,) = places[items[0].number], made
    return f"{place.heading} is settled: {settled_words(place.row.scale, agreement.judgement, agreement.level)}."


def _tell_refusal(request, place, refusal):
    """Say on an item's form why it was not settled, if it was not."""
    if isinstance(refusal, AgreementRefused):
        place.agree.add_error(refusal.field, str(refusal))
    elif isinstance(refusal, Stale):
        place.agree = agree_form(place, _based_on(request.POST, place.agree, refusal.current))
        said = settled_meanwhile(place.row.scale, refusal.current)
        place.agree.add_error("choice", f"{said} Nothing was overwritten: record yours to change it")


def _dissent(request, capacity, assessment, place):
    permissions.why_closed(Act.DISSENT, capacity=capacity, assessment=assessment)
    agreement = place.agreement
    if agreement is None:
        place.errors.append((f"On {place.name} nothing is agreed from which to dissent.", ""))
        return ""
    place.dissent = form = DissentForm(request.POST, number=place.number, agreement=agreement)
    if not form.is_valid():
        return ""
    data = form.cleaned_data
    try:
        record_dissent(agreement=agreement, by=request.user, at=timezone.now(), **data)
    except AlreadyDone:
        return f"Your dissent on {place.name} is recorded."
    except WrongState as error:
        form.add_error(None, f"Your dissent on {place.name} was not recorded. {error}")
    except DissentRefused as error:
        form.add_error(error.field, str(error))
    except Stale as stale:
        again = _based_on(request.POST, form, stale.current)
        place.dissent = DissentForm(again, number=place.number, agreement=stale.current)
        place.dissent.add_error(
            "text", f"{settled_meanwhile(place.row.scale, stale.current)} Record your dissent again if it still stands"
        )
    else:
        return f"Your dissent on {place.name} is recorded."
    return ""


def _withdraw(request, capacity, assessment, place):
    permissions.why_closed(Act.DISSENT, capacity=capacity, assessment=assessment)
    key = request.POST.get("dissent")
    own = next((each for each in place.own if str(each.key) == key), None)
    if own is None and is_done(by=request.user, token=request.POST.get(f"withdraw{key}-token")):
        return f"Your dissent on {place.name} is withdrawn."
    if own is None:
        place.errors.append((f"There is no dissent of yours on {place.name} to withdraw.", ""))
        return ""
    place.own[own] = form = WithdrawForm(request.POST, key=own.key)
    if not form.is_valid():
        return ""
    try:
        withdraw_dissent(
            dissent=Dissent.objects.select_related("agreement__item").get(pk=own.key),
            is_shown=form.cleaned_data["look"] == "show",
            by=request.user,
            at=timezone.now(),
            token=form.cleaned_data["token"],
        )
    except AlreadyDone:
        pass
    except (WrongState, DissentRefused) as error:
        form.add_error(None, f"Your dissent on {place.name} was not withdrawn. {error}")
        return ""
    return f"Your dissent on {place.name} is withdrawn."


def _based_on(data, form, current):
    data = data.copy()
    data[form.add_prefix("based_on")] = str(current.version if current else 0)
    return data


def _onwards(request, assessment, item):
    """Lead to the item itself or, where asked for, to the most disputed one that is still open."""
    code, number = item.criterion.code, item.number
    if request.POST.get("then") == "next":
        row = load_table(assessment=assessment).next_open()
        if row is None:
            return reverse("assessments:agreeing", args=[assessment.public_id])
        code, number = row.item.criterion, row.item.number
    return reverse("assessments:agree", args=[assessment.public_id, code]) + f"#item-{number}"


def _shown_again(request, assessment, capacity, table, code, places):
    """Show the page with what was typed and what is wrong with it."""
    items, rest = written(places, assessment=assessment, capacity=capacity, table=table, code=code)
    more = {
        "forms": [form for place in places for form in place.forms],
        "errors": [error for place in places for error in place.errors],
    }
    return _criterion_page(request, assessment, capacity, code, items, rest | more, status=409)


def _criterion_page(request, assessment, capacity, code, items, rest, *, status=200):
    definition = load(assessment.framework_version.definition)
    context = {
        "assessment": assessment,
        "criterion": definition.node(code),
        "language": definition.language,
        "domain": next(each for each in definition.domains if any(node.code == code for node in each.walk())),
        "items": items,
        "groups": grouped((item.group, item) for item in items),
        "may_agree": any(item.settles for item in items),
        "closed": permissions.why_closed(Act.AGREE, capacity=capacity, assessment=assessment)
        if permissions.settles(capacity)
        else "",
        "forms": [],
        "errors": [],
    }
    sums = {"sum": mark_safe(rest["sum"])}
    return TemplateResponse(request, "assessments/agree.html", context | rest | sums, status=status)

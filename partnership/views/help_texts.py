"""Help by role and task, in a system's own words where its programme office wrote some."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from partnership import selectors
from partnership.forms.help_texts import HelpTextForm
from partnership.help_pages import BY_CODE, pages_for
from partnership.markdown import to_html
from partnership.models import HelpText
from partnership.services import help_texts as services


@require_GET
def help_index(request):
    """List the pages of each system that the person has a part in, those for their own roles first."""
    systems = [
        {"system": system, "own": own, "others": others}
        for system, roles in selectors.roles_by_system(user=request.user)
        for own, others in [pages_for(roles)]
    ]
    return TemplateResponse(request, "partnership/help_index.html", {"systems": systems})


@require_GET
def help_page(request, public_id, page):
    system, help_page = _page(request, public_id, page)
    own = services.current(system=system, page=page)
    return TemplateResponse(
        request,
        "partnership/help_page.html",
        {
            "system": system,
            "page": help_page,
            "own": own if own and own.text else None,
            "html": to_html(_shown(own, help_page)),
            "may_write": _may_write(request, system),
        },
    )


@require_http_methods(["GET", "POST"])
def help_edit(request, public_id, page):
    """Take a page's new text; a preview shows it and stores nothing."""
    system, help_page = _page(request, public_id, page)
    services.check_can_write_help(user=request.user, system=system)
    own = services.current(system=system, page=page)
    if request.method == "POST":
        form = HelpTextForm(request.POST)
    else:
        form = HelpTextForm(initial={"text": _shown(own, help_page), "based_on": own.number if own else 0})
    previews = request.POST.get("then") == "preview"
    if form.is_valid() and not previews:
        answer = _save(request, system, page, form)
        if answer:
            return answer
    return TemplateResponse(
        request,
        "partnership/help_edit.html",
        {
            "form": form,
            "heading": help_page.title,
            "caption": f"Change a help page · {system.name}",
            "preview": to_html(form.data["text"]) if form.is_bound and form.is_valid() and previews else None,
            "back": {"href": reverse("partnership:help_page", args=[public_id, page]), "text": help_page.title},
        },
    )


@require_http_methods(["GET", "POST"])
def help_history(request, public_id, page):
    """Show every text that the page has had; posting puts one of them back, as the next version."""
    system, help_page = _page(request, public_id, page)
    services.check_can_write_help(user=request.user, system=system)
    versions = HelpText.objects.filter(system=system, page=page).select_related("written_by").order_by("-number")
    if request.method == "POST":
        return _put_back(request, system, page, {str(each.number): each.text for each in versions} | {"0": ""})
    number = versions[0].number if versions else 0
    return TemplateResponse(
        request,
        "partnership/help_history.html",
        {
            "system": system,
            "page": help_page,
            "versions": [
                {"row": each, "html": to_html(each.text), "is_shown": each.number == number} for each in versions
            ],
            "default": to_html(help_page.default),
            "default_is_shown": not versions or not versions[0].text,
            "based_on": number,
        },
    )


def _page(request, public_id, page):
    """
    Return a system that the person has a part in, and one of its pages.

    :raises Http404: if there is no such page, or no such system for them
    """
    if page not in BY_CODE:
        raise Http404("There is no such help page")
    system = selectors.get_system_as_its_own(user=request.user, public_id=public_id)
    return system, BY_CODE[page]


def _shown(own, page):
    return (own.text if own else "") or page.default


def _may_write(request, system):
    try:
        services.check_can_write_help(user=request.user, system=system)
    except PermissionDenied:
        return False
    return True


def _save(request, system, page, form):
    """Write the text and lead to its page; None where somebody else's came first, with theirs beside the form."""
    try:
        services.write(system=system, page=page, by=request.user, at=timezone.now(), **form.cleaned_data)
    except services.HelpTextChanged as error:
        by, at = error.current.written_by.name, timezone.localtime(error.current.written_at)
        form.add_error(
            None,
            f"{by} changed this page on {at:%-d %B %Y at %H:%M}, after you had opened it. Nothing was overwritten: "
            "their text stands below yours. Save again to put yours in its place.",
        )
        form.meanwhile, form.is_conflict = error.current, True
        form.data = form.data.copy()
        form.data["based_on"] = error.current.number
        return None
    messages.success(request, "The page is saved. This is how everybody of the system reads it.")
    return redirect("partnership:help_page", system.public_id, page)


def _put_back(request, system, page, texts):
    sent = request.POST
    if sent.get("number") not in texts or not sent.get("based_on", "").isdigit():
        raise Http404("There is no such version")
    try:
        services.write(
            system=system,
            page=page,
            text=texts[sent["number"]],
            based_on=int(sent["based_on"]),
            by=request.user,
            at=timezone.now(),
        )
    except services.HelpTextChanged:
        messages.error(request, "Somebody changed this page after you had opened it. Nothing was put back: look again.")
        return redirect("partnership:help_history", system.public_id, page)
    messages.success(request, "The earlier text is back, as the newest version.")
    return redirect("partnership:help_page", system.public_id, page)

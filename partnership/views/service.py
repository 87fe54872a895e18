"""Pages about the service itself."""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from partnership.services import kept_forms
from partnership.views.request import page_before, sent_with


@require_GET
def privacy(request):
    return TemplateResponse(request, "partnership/privacy.html")


@require_GET
def cookies(request):
    return TemplateResponse(request, "partnership/cookies.html")


@require_GET
def accessibility(request):
    return TemplateResponse(request, "partnership/accessibility.html")


@never_cache
def too_old(request, reason=""):
    """
    Refuse a form from a page older than the latest sign-in, and give back all that was given there.

    Only what a page of the portal's own sent is repeated: another website's would put its own into our mouth. Whoever
    is signed in can send it by their own hand, under the name that the page shows them.
    """
    sent, page, may_send = None, "", False
    if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}":
        fields, files = sent_with(request)
        shown = tuple((name, value) for name, value in fields if "password" not in name)
        sent, page = kept_forms.Sent(request.get_full_path(), shown, tuple(files)), page_before(request)
        may_send = request.user.is_authenticated and shown == tuple(fields) and sent.is_to_send_again
    context = {"sent": sent, "may_send": may_send, "page": page}
    return TemplateResponse(request, "403_csrf.html", context, status=403)


@never_cache
@require_safe
def health(request):
    """Answer 200 while the database does, for whatever watches over the web processes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("Well.\n", content_type="text/plain")

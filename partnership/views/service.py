"""Pages about the service itself."""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from partnership.services.kept_forms import words_of
from partnership.views.request import page_before


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
    Refuse a form from a page older than the latest sign-in, and give back what was typed there.

    Only a page of the portal's own has its words repeated: another website's would put its own into our mouth.
    """
    words, page = [], ""
    if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}":
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        words = words_of((name, value) for name, value in sent if "password" not in name)
        page = page_before(request)
    return TemplateResponse(request, "403_csrf.html", {"words": words, "page": page}, status=403)


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

"""Pages about the service itself."""

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe


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
@require_safe
def health(request):
    """Answer 200 while the database does, for whatever watches over the web processes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("Well.\n", content_type="text/plain")

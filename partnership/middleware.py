"""What happens to every request before its view runs."""

from functools import cache

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers

from partnership.negotiation import wants_json
from partnership.permissions import ADMINISTRATOR, PUBLIC, route_table

READING = frozenset({"GET", "HEAD", "OPTIONS"})


@cache
def routes():
    return route_table()


class RouteTableMiddleware:
    """
    Refuse an address that no route table lists, and ask for a sign-in where the table does.

    Roles are checked by the views and services, who know the place in question.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        reads = request.method in READING
        if "admin" in match.namespaces:
            return self.admit_to_administration(request)
        route = routes().get(match.view_name)
        if route is None:
            raise ImproperlyConfigured(f"The route {match.view_name!r} is in no table of who may use it")
        who = route.read if reads else route.post
        if who is None:
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"] if route.post is None else ["POST"])
        if who == PUBLIC:
            return None
        if not request.user.is_authenticated:
            if wants_json(request):
                return JsonResponse({"problem": "You are no longer signed in"}, status=401)
            # An address that only acts is none to come back to.
            return redirect_to_login(
                request.get_full_path() if route.read else resolve_url(settings.LOGIN_REDIRECT_URL)
            )
        if who == ADMINISTRATOR and not request.user.is_superuser:
            raise PermissionDenied("Only an administrator may open this page.")
        return None

    def admit_to_administration(self, request):
        """Let staff pass to the administration pages; everybody else signs in where everybody does."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise PermissionDenied("Only an administrator may open the administration pages.")
        return None


class NoStoreMiddleware:
    """Keep what signed-in people saw out of caches, so that nobody finds it with the back button on a shared tablet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

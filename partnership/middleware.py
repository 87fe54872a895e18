"""What happens to every request before its view runs."""

from functools import cache

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils.cache import add_never_cache_headers

from partnership.permissions import ADMINISTRATOR, PUBLIC, route_table


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
        if match.namespace == "admin":
            # The administration pages have their own sign-in, for staff only.
            return None
        route = routes().get(match.view_name)
        if route is None:
            raise ImproperlyConfigured(f"The route {match.view_name!r} is in no table of who may use it")
        if route.read == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if route.read == ADMINISTRATOR and not request.user.is_superuser:
            raise PermissionDenied("Only an administrator may open this page.")
        return None


class NoStoreMiddleware:
    """Keep what signed-in people saw out of caches, so that nobody finds it with the back button on a shared tablet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

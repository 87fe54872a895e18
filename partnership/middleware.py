"""What happens to every request before its view runs."""

from functools import cache

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string

from partnership import sign_in_time
from partnership.models import User
from partnership.negotiation import wants_json
from partnership.permissions import ADMINISTRATOR, PUBLIC, TOKEN, route_table
from partnership.services import kept_forms
from partnership.views.request import sent_with

READING = frozenset({"GET", "HEAD", "OPTIONS"})


@cache
def routes():
    return route_table()


class RouteTableMiddleware:
    """
    Refuse an address that no route table lists, and ask for a sign-in, or for a token, where the table does.

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
        if route.read == TOKEN:
            return import_string(settings.TOKEN_DOOR)(request)
        who = route.read if reads else route.post
        if who is None:
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"] if route.post is None else ["POST"])
        if who == PUBLIC:
            return None
        if not request.user.is_authenticated:
            if wants_json(request):
                return JsonResponse({"problem": "You are no longer signed in"}, status=401)
            if not reads and (kept := keep_form(request)):
                return redirect_to_login(resolve_url("partnership:kept", kept.public_id))
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
            kept = keep_form(request) if request.method == "POST" else None
            return redirect_to_login(
                resolve_url("partnership:kept", kept.public_id) if kept else request.get_full_path()
            )
        if not request.user.is_staff:
            raise PermissionDenied("Only an administrator may open the administration pages.")
        return None


def keep_form(request):
    """
    Keep what arrived after its sender's sign-in had run out, and return it; None where nobody knows who that was.

    Only a page of the portal's own brings anything here: the token against forgery was looked at before.
    """
    public_id = sign_in_time.last_person(request)
    person = User.objects.filter(public_id=public_id, is_active=True).first() if public_id else None
    if person is None:
        return None
    fields, files = sent_with(request)
    return kept_forms.keep(person=person, path=request.get_full_path(), fields=fields, files=files, at=timezone.now())


class SignInTimeMiddleware:
    """
    Let nobody be signed out in the middle of their work, and know afterwards who was.

    The time of a sign-in runs anew while its person does something, at most once in a twelfth of it, so that the
    session is not written on every request. What a page's script asks for by itself does not count.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            by_itself = request.method in READING and wants_json(request)
            if not by_itself and sign_in_time.is_to_renew(request, at=timezone.now()):
                sign_in_time.begin(request, at=timezone.now())
        response = self.get_response(request)
        if request.user.is_authenticated:
            sign_in_time.remember(request, response)
            kept = request.method == "POST" and request.POST.get("kept_form")
            if kept and response.status_code < 400:
                kept_forms.forget(person=request.user, public_id=kept)
        return response


class ConflictMiddleware:
    """
    Answer 409 where a page shows a form again since something came first: a change, or a move (`is_conflict`).

    This is the one place that decides it for forms which a page calls `form`, and those of the administration pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        context = response.context_data or {}
        form = context.get("form") or getattr(context.get("adminform"), "form", None)
        if getattr(form, "is_conflict", False):
            response.status_code = 409
        return response


class NoStoreMiddleware:
    """Keep what signed-in people saw out of caches, so that nobody finds it with the back button on a shared tablet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

"""Signing in and out."""

from django.conf import settings
from django.contrib import auth
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from partnership import selectors, throttle
from partnership import sign_in_time as times
from partnership.forms.sign_in import SignInForm
from partnership.negotiation import wants_json
from partnership.services import kept_forms
from partnership.services import sign_in as services
from partnership.views.request import network_address, next_address, resolves_to


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request):
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(next_address(request))
    if request.method == "POST":
        form = SignInForm(request.POST)
    else:
        form = SignInForm(initial={"email": request.GET.get("email", "")})
    if form.is_valid():
        try:
            person = services.sign_in(**form.cleaned_data, address=network_address(request), at=timezone.now())
        except services.WrongEmailOrPassword:
            form.add_error(None, "The e-mail address or the password is not right")
        except throttle.TooMany as error:
            form.add_error(None, too_often(error))
        else:
            auth.login(request, person)
            times.begin(request, at=timezone.now())
            return redirect(next_address(request))
    context = {
        "form": form,
        "heading": "Sign in",
        "button": "Sign in",
        "next": next_address(request),
        "is_kept": resolves_to(next_address(request), "partnership:kept"),
        "demo_people": selectors.demo_people() if settings.DEMO else [],
    }
    return TemplateResponse(request, "partnership/sign_in.html", context)


@never_cache
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        kept_forms.forget_all(person=request.user)
    auth.logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.delete_cookie(times.PERSON_COOKIE, samesite="Lax")
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_time(request):
    """Tell the page's script how long the sign-in still lasts; begin its time anew if somebody asks for that."""
    if request.method == "POST":
        times.begin(request, at=timezone.now())
        if not wants_json(request):
            return redirect(settings.LOGIN_REDIRECT_URL)
    return JsonResponse({"seconds_left": times.seconds_left(request, at=timezone.now())})


def too_often(error):
    """Return what to tell somebody who tried too often."""
    minutes = error.wait.total_seconds() / 60
    return f"That was tried too often. Wait {minutes:.0f} minutes and try again, or choose a new password."

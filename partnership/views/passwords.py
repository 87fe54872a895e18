"""Choosing a new password: by a link in an e-mail, or signed in."""

from django.contrib import auth, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from partnership import throttle
from partnership.forms.sign_in import ChangePasswordForm, NewPasswordForm, ResetForm
from partnership.services import passwords
from partnership.views.request import network_address
from partnership.views.sign_in import too_often


@require_http_methods(["GET", "POST"])
def password_reset(request):
    form = ResetForm(request.POST) if request.method == "POST" else ResetForm()
    if form.is_valid():
        try:
            passwords.ask_for_reset(**form.cleaned_data, address=network_address(request), at=timezone.now())
        except throttle.TooMany as error:
            form.add_error(None, too_often(error))
        else:
            return redirect("partnership:password_reset_sent")
    context = {
        "form": form,
        "heading": "Choose a new password",
        "button": "Send me a link",
        "back": {"href": reverse("partnership:sign_in"), "text": "Back to sign in"},
    }
    return TemplateResponse(request, "partnership/password_reset.html", context)


@require_GET
def password_reset_sent(request):
    return TemplateResponse(request, "partnership/password_reset_sent.html")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def password_reset_confirm(request, public_id, token):
    try:
        person = passwords.person_of_link(public_id=public_id, token=token)
        if request.method == "POST":
            form = NewPasswordForm(request.POST, person=person)
        else:
            form = NewPasswordForm(person=person)
        if form.is_valid():
            passwords.choose_by_link(public_id=public_id, token=token, at=timezone.now(), **form.cleaned_data)
            return redirect("partnership:password_reset_done")
    except passwords.LinkSpent:
        return TemplateResponse(request, "partnership/password_link_spent.html", status=410)
    context = {"form": form, "person": person, "heading": "Choose a new password", "button": "Save my new password"}
    return TemplateResponse(request, "partnership/password_reset_confirm.html", context)


@require_GET
def password_reset_done(request):
    return TemplateResponse(request, "partnership/password_reset_done.html")


@sensitive_post_parameters("present", "password")
@never_cache
@require_http_methods(["GET", "POST"])
def password_change(request):
    if request.method == "POST":
        form = ChangePasswordForm(request.POST, person=request.user)
    else:
        form = ChangePasswordForm(person=request.user)
    if form.is_valid():
        try:
            person = passwords.change(person=request.user, at=timezone.now(), **form.cleaned_data)
        except passwords.WrongPassword:
            form.add_error("present", "This is not your present password")
        except throttle.TooMany as error:
            form.add_error(None, too_often(error))
        else:
            # Every other sign-in of this person ends; this one goes on.
            auth.update_session_auth_hash(request, person)
            messages.success(request, "Your password was changed.")
            return redirect("partnership:password_change")
    context = {"form": form, "heading": "Change your password", "button": "Change my password"}
    return TemplateResponse(request, "partnership/password_change.html", context)

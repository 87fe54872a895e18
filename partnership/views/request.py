"""What the views of this room read from a request."""

from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def network_address(request):
    """
    Return the network address that a request came from.

    A visitor may write anything into X-Forwarded-For; what the portal's own proxy added stands last.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return (settings.BEHIND_PROXY and forwarded) or request.META.get("REMOTE_ADDR", "")


def next_address(request):
    """Return where to go after signing in: where the person was going, if that is a page of this portal."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def page_before(request):
    """Return the address of the portal's page that a request came from; empty where the browser does not say."""
    address = request.headers.get("Referer", "")
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own else ""


def sent_with(request):
    """Return what a form sent, pairs of name and value in their order, and the names of the files that came along."""
    fields = [
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    return fields, [file.name for files in request.FILES.lists() for file in files[1]]


def resolves_to(address, name):
    """Tell whether an address of this portal is the one of that name."""
    try:
        return resolve(urlsplit(address).path).view_name == name
    except Resolver404:
        return False

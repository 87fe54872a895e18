"""Who comes in over the API: a program with a token, so often in a minute; no session counts here."""

import math

from django.utils import timezone

from partnership import throttle
from reports.api.answers import problem
from reports.models import ApiToken
from reports.services import note_use, token_digest

SCHEME = "Bearer "
ASK = 'Bearer realm="API"'
HOW = "Send the header “Authorization: Bearer” with a token. The ICB's programme office makes them."


def admit(request):
    """
    Let a program with a token pass, which the request then carries as `api_token`; otherwise return the answer to it.
    """
    if request.method not in {"GET", "HEAD"}:
        return problem(405, "Only reading", "This API only reads: use GET or HEAD.", Allow="GET, HEAD")
    now = timezone.now()
    given = request.headers.get("Authorization", "")
    if not given.startswith(SCHEME):
        return _unknown(HOW)
    token = ApiToken.objects.select_related("system").filter(digest=token_digest(given.removeprefix(SCHEME))).first()
    if token is None:
        return _unknown(f"This token is not known. {HOW}")
    if not token.works_on(timezone.localdate(now)):
        why = "was revoked" if token.revoked_at else f"worked until {token.expires_on:%-d %B %Y}"
        return _unknown(f"The token “{token.name}” {why}. Ask the ICB's programme office for a new one.")
    try:
        throttle.attempt((throttle.READ_BY_TOKEN, token.public_id), at=now)
    except throttle.TooMany as error:
        wait = math.ceil(error.wait.total_seconds())
        most = throttle.READ_BY_TOKEN.most
        return problem(
            429,
            "Too many requests",
            f"A token may be used {most} times in {wait} seconds. Wait, and ask for larger pages (limit).",
            **{"Retry-After": str(wait)},
        )
    note_use(token=token, at=now)
    request.api_token = token
    return None


def _unknown(detail):
    return problem(401, "No token that works", detail, **{"WWW-Authenticate": ASK})

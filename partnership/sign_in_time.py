"""
How long a sign-in lasts, and who was signed in last.

The session's own end stands in its row, which is not read for a page; so it is also written into the session.
"""

from django.conf import settings

ENDS = "ends_at"
# Who was signed in last, so that what they send after their time ran out can be kept for them and nobody else.
PERSON_COOKIE = "person"
PERSON_KNOWN_FOR = 60 * 60 * 24 * 14


def begin(request, *, at):
    """Let the signed-in person's time begin anew; the session, and so its row and cookie, are written."""
    request.session[ENDS] = int(at.timestamp()) + settings.SESSION_COOKIE_AGE


def seconds_left(request, *, at):
    """Return how many seconds the sign-in still lasts; None where nobody is signed in, or nobody knows."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or ENDS not in request.session:
        return None
    return max(0, request.session[ENDS] - int(at.timestamp()))


def is_to_renew(request, *, at):
    """Tell whether a twelfth of the time has passed."""
    left = seconds_left(request, at=at)
    return left is not None and left < settings.SESSION_COOKIE_AGE * 11 // 12


def last_person(request):
    """Return the identifier of whoever was signed in last in this browser and did not sign out; empty for nobody."""
    return request.get_signed_cookie(PERSON_COOKIE, default="", salt=PERSON_COOKIE)


def remember(request, response):
    """Let the browser keep who is signed in, where it does not yet."""
    public_id = str(request.user.public_id)
    if last_person(request) != public_id:
        response.set_signed_cookie(
            PERSON_COOKIE,
            public_id,
            salt=PERSON_COOKIE,
            max_age=PERSON_KNOWN_FOR,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )

"""Write a system's own help texts. Each save is a new version; none is ever lost."""

from django.db import transaction
from django.utils import timezone

from partnership import audit
from partnership.help_pages import BY_CODE
from partnership.models import HelpText, System
from partnership.permissions import PROGRAMME_OFFICE, system_capacity

MOST_CHARACTERS = 20_000


class HelpTextRefused(Exception):
    """The text cannot be kept; the words say what to mend."""


class HelpTextChanged(Exception):
    """Somebody wrote the page meanwhile; `current` is the version that is shown now."""

    def __init__(self, current):
        super().__init__("Somebody else changed this page meanwhile")
        self.current = current


def check_can_write_help(*, user, system, on=None):
    """
    Let the system's programme office pass, and an administrator.

    :raises PermissionDenied: for anybody else
    """
    if not (user.is_active and user.is_superuser):
        system_capacity(user=user, system=system, on=on).check(
            PROGRAMME_OFFICE, "Only the ICB's programme office changes the help pages."
        )


def current(*, system, page):
    """Return the newest version of a page's text in a system, or None while it has the portal's own."""
    return HelpText.objects.filter(system=system, page=page).order_by("-number").first()


@transaction.atomic
def write(*, system, page, text, based_on, by, at):
    """
    Put a text in place of a page's, as its next version, and return it; unchanged, it makes no version.

    `based_on` is the number of the version that the person was looking at, 0 for the portal's own text; an empty
    `text` brings that back.

    :raises PermissionDenied: if `by` neither runs the system nor administers the portal
    :raises HelpTextRefused: if the text is too long
    :raises HelpTextChanged: if somebody wrote the page meanwhile
    """
    # The lock comes first: of two who write at once, the second is shown what the first wrote.
    system = System.objects.select_for_update(no_key=True).get(pk=system.pk)
    check_can_write_help(user=by, system=system, on=timezone.localdate(at))
    text = text.replace("\r\n", "\n").strip()
    if text == BY_CODE[page].default.strip():
        text = ""
    if len(text) > MOST_CHARACTERS:
        raise HelpTextRefused(f"The text must be {MOST_CHARACTERS:,} characters or fewer")
    now = current(system=system, page=page)
    if text == (now.text if now else ""):
        return now
    number = now.number if now else 0
    if based_on != number:
        raise HelpTextChanged(now)
    made = HelpText.objects.create(system=system, page=page, number=number + 1, text=text, written_at=at, written_by=by)
    audit.record(
        audit.Type.HELP_PAGE_WRITTEN,
        chain=system,
        by=by,
        at=at,
        target=made,
        page=page,
        number=made.number,
        text=audit.digest(text),
    )
    return made

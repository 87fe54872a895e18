"""Choose a password, by a link in an e-mail or knowing the old one."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse

from partnership import audit, mail, throttle
from partnership.models import User
from partnership.permissions import check_can_administer


class LinkSpent(Exception):
    """The link was used before, is too old or was never given out."""


class WrongPassword(Exception):
    """That is not the person's present password."""


def ask_for_reset(*, email, address, at):
    """
    Send a link to choose a new password, if the e-mail address is somebody's who may sign in.

    Nothing tells the caller whether it is. After three mails in an hour no more are sent, and nothing tells that
    either; `address` is the network address that the request came from.

    :raises throttle.TooMany: after too many requests from this network address
    """
    email = email.strip().lower()
    throttle.attempt((throttle.RESET_FROM, address), at=at)
    try:
        throttle.attempt((throttle.RESET_OF, email), at=at)
    except throttle.TooMany:
        return
    with transaction.atomic():
        person = User.objects.filter(email=email, is_active=True).first()
        if person is None:
            return
        audit.record(audit.Type.PASSWORD_RESET_ASKED, chain=None, by=None, at=at, target=person)
        _send_link(person, "partnership/mail/password_reset.txt", at=at)


@transaction.atomic
def invite(*, person, by, at):
    """
    Send somebody a link to choose their first password.

    :raises PermissionDenied: if `by` is not an administrator
    """
    check_can_administer(user=by)
    audit.record(audit.Type.PERSON_INVITED, chain=None, by=by, at=at, target=person)
    _send_link(person, "partnership/mail/invitation.txt", at=at)


def person_of_link(*, public_id, token):
    """
    Return the person for whom a link was made.

    :raises LinkSpent: if it no longer works
    """
    person = User.objects.filter(public_id=public_id, is_active=True).first()
    if not default_token_generator.check_token(person, token):
        raise LinkSpent
    return person


@transaction.atomic
def choose_by_link(*, public_id, token, password, at):
    """
    Set the password of the person for whom a link was made; the link works once.

    :raises LinkSpent: if it no longer works
    """
    # The lock comes first: of two posts of the same link, one must find it spent.
    User.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    person = person_of_link(public_id=public_id, token=token)
    _set(person, password, at=at)
    throttle.forget(throttle.SIGN_IN_AS, person.email)
    return person


def change(*, person, present, password, at):
    """
    Replace somebody's password, who gives the present one.

    :raises WrongPassword: if `present` is not it
    :raises throttle.TooMany: after too many failures for this person
    """
    attempt = throttle.attempt((throttle.SIGN_IN_AS, person.email), at=at)
    if not person.check_password(present):
        raise WrongPassword
    with transaction.atomic():
        throttle.take_back(attempt)
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        _set(person, password, at=at)
    return person


def _set(person, password, *, at):
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(audit.Type.PASSWORD_CHANGED, chain=None, by=person, at=at, target=person)
    text = mail.written("partnership/mail/password_changed.txt", person=person, address=_absolute("password_reset"))
    mail.send_later(to=person.email, at=at, **text)


def _send_link(person, template, *, at):
    token = default_token_generator.make_token(person)
    text = mail.written(
        template,
        person=person,
        link=_absolute("password_reset_confirm", public_id=person.public_id, token=token),
        hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
        address=_absolute("password_reset"),
    )
    mail.send_later(to=person.email, at=at, **text)


def _absolute(name, **parts):
    return settings.BASE_URL.rstrip("/") + reverse(f"partnership:{name}", kwargs=parts)

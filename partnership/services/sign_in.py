"""Let people in who know their password."""

from django.contrib.auth import authenticate
from django.db import transaction

from partnership import audit, throttle


class WrongEmailOrPassword(Exception):
    """One of the two is wrong; which one is nobody's business."""


def sign_in(*, email, password, address, at):
    """
    Return the person whose e-mail address and password these are.

    `address` is the network address that the request came from. Not one transaction: a failure must stay counted.

    :raises WrongEmailOrPassword: if they are nobody's, or of somebody who may no longer sign in
    :raises throttle.TooMany: after too many failures for this e-mail or from this address
    """
    email = email.strip().lower()
    attempt = throttle.attempt((throttle.SIGN_IN_AS, email), (throttle.SIGN_IN_FROM, address), at=at)
    person = authenticate(username=email, password=password)
    if person is None:
        raise WrongEmailOrPassword
    with transaction.atomic():
        throttle.take_back(attempt)
        throttle.forget(throttle.SIGN_IN_AS, email)
        audit.record(audit.Type.SIGNED_IN, chain=None, by=person, at=at, target=person)
    return person

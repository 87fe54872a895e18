"""Open rounds."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Assessment, RequiredSignature, Round, StateChange
from assessments.services.checklists import ask_statements
from frameworks.models import FrameworkVersion, Publication, Retirement
from partnership import audit, idempotency
from partnership.models import Partner, Place, System
from partnership.permissions import system_capacity
from partnership.roles import Role

OPENERS = frozenset({Role.PROGRAMME_OFFICE})
OPENERS_SENTENCE = "Only the ICB's programme office opens rounds."


class RoundRefused(Exception):
    """A round cannot be opened like this; `field` names what to mend, the text says how."""

    field = None


class VersionNotPublished(RoundRefused):
    """The framework version is a draft."""

    field = "framework_version"


class VersionRetired(RoundRefused):
    """The framework version was retired: it opens no new rounds."""

    field = "framework_version"


class NameTaken(RoundRefused):
    """The system has a round of that name."""

    field = "name"


class DatesOutOfOrder(RoundRefused):
    """The round would close before it opens."""

    field = "signing_closes_on"


class WrongPlaces(RoundRefused):
    """There are no places, or one that is not a present place of the system."""

    field = "places"


class RoundOver(RoundRefused):
    """The round's last day has passed."""


class WrongSignatories(RoundRefused):
    """An organisation is named whose signature cannot be had, or too few signatures are asked for."""

    field = "signatories"


def check_can_open(*, user, system, on=None):
    """
    Let the system's programme office pass.

    :raises PermissionDenied: for anybody else
    """
    system_capacity(user=user, system=system, on=on).check(OPENERS, OPENERS_SENTENCE)


def open_round(
    *,
    system,
    framework_version,
    name,
    opens_on,
    scoring_closes_on,
    signing_closes_on,
    places,
    by,
    at,
    minimum_signatures=1,
    signatories=None,
    visibility=Round.Visibility.ICB,
    token=None,
):
    """
    Open a round with one assessment, in preparation, for each of `places`.

    `signatories` gives, by place, the organisations that must sign there; each is a partner of the place now.

    :raises PermissionDenied: if `by` is not of the system's programme office
    :raises RoundRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    signatories = signatories or {}
    with idempotency.once(by=by, token=token, at=at) as act:
        System.objects.select_for_update(no_key=True).get(pk=system.pk)
        day = timezone.localdate(at)
        check_can_open(user=by, system=system, on=day)
        _check_version(framework_version)
        if not opens_on <= scoring_closes_on <= signing_closes_on:
            raise DatesOutOfOrder("The round must open before scoring closes, and scoring close before signing does")
        if minimum_signatures < 1:
            raise WrongSignatories("Ask for at least one signature")
        _check_places(system, places)
        _check_signatories(places, signatories, day)
        opened = _create_round(
            system=system,
            framework_version=framework_version,
            name=name,
            opens_on=opens_on,
            scoring_closes_on=scoring_closes_on,
            signing_closes_on=signing_closes_on,
            minimum_signatures=minimum_signatures,
            visibility=visibility,
            opened_at=at,
        )
        audit.record(
            audit.Type.ROUND_OPENED,
            chain=system,
            by=by,
            at=at,
            target=opened,
            framework_version=str(framework_version.public_id),
            places=[str(place.public_id) for place in places],
        )
        for place in places:
            _open_assessment(opened, place, signatories.get(place, ()), by=by, at=at)
        act.result = str(opened.public_id)
    return opened


@transaction.atomic
def take_in(*, round, place, by, at, signatories=()):
    """
    Take a place into a round that is open already, with an assessment in preparation.

    A version that was retired meanwhile lets the place in: it lets open rounds finish.

    :raises PermissionDenied: if `by` is not of the system's programme office
    :raises RoundRefused: if the place is not one of the system's, is in the round, or the round is over; or if a
        signatory is no partner of the place
    """
    round = Round.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=round.pk)
    day = timezone.localdate(at)
    check_can_open(user=by, system=round.system, on=day)
    if round.signing_closes_on < day:
        raise RoundOver("The last day of signing has passed: change the round's dates first")
    _check_places(round.system, [place])
    _check_signatories([place], {place: signatories}, day)
    if round.assessments.filter(place=place).exists():
        raise WrongPlaces(f"{place.name} is in this round already")
    return _open_assessment(round, place, signatories, by=by, at=at)


def _check_version(version):
    # Whoever retires the version holds the same lock.
    FrameworkVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if not Publication.objects.filter(version=version).exists():
        raise VersionNotPublished("Choose a published framework version")
    if Retirement.objects.filter(version=version).exists():
        raise VersionRetired(f"Version {version.number} was retired, so it opens no new rounds: choose another")


def _check_places(system, places):
    if not places:
        raise WrongPlaces("Choose at least one place")
    if len(set(places)) < len(places):
        raise WrongPlaces("Choose each place once")
    # Whoever closes a place holds the same lock.
    locked = Place.objects.select_for_update(no_key=True).filter(pk__in=[place.pk for place in places])
    for place in locked.order_by("pk"):
        if place.system_id != system.pk or place.ended_on:
            raise WrongPlaces(f"{place.name} is not one of the system's places now")


def _check_signatories(places, signatories, day):
    present = Partner.objects.filter(place__in=places, starts_on__lte=day).exclude(ends_on__lt=day)
    partners = set(present.values_list("place", "organisation"))
    for place, organisations in signatories.items():
        for organisation in organisations:
            if (place.pk, organisation.pk) not in partners:
                raise WrongSignatories(f"{organisation.name} is not a partner of {place.name}, so it cannot sign there")


def _create_round(**values):
    try:
        with transaction.atomic():
            return Round.objects.create(**values)
    except IntegrityError:
        if Round.objects.filter(system=values["system"], name=values["name"]).exists():
            raise NameTaken("The system has a round of this name already: choose another") from None
        raise


def _open_assessment(opened, place, organisations, *, by, at):
    assessment = Assessment.objects.create(
        round=opened,
        system=opened.system,
        place=place,
        framework_version=opened.framework_version,
        state=Assessment.State.PREPARING,
        state_since=at,
    )
    RequiredSignature.objects.bulk_create(
        RequiredSignature(assessment=assessment, organisation=organisation) for organisation in organisations
    )
    StateChange.objects.create(assessment=assessment, to_state=Assessment.State.PREPARING, changed_at=at, changed_by=by)
    audit.record(
        audit.Type.ASSESSMENT_OPENED,
        chain=assessment,
        by=by,
        at=at,
        target=assessment,
        round=str(opened.public_id),
        signatories=sorted(str(organisation.public_id) for organisation in organisations),
    )
    ask_statements(assessment, by=by, at=at)
    return assessment

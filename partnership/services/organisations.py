"""Add organisations, and say where they are partners, from when to when."""

from django.db import transaction
from django.db.models import Q

from partnership import audit
from partnership.models import Organisation, Partner, Place, revise
from partnership.permissions import check_can_administer
from partnership.services.places import EndsTooEarly, NameTaken, changes


class PartnerAlready(Exception):
    """The organisation is a partner of the place at that time."""


class PlaceEnded(Exception):
    """The place has closed."""


class PartnerEnded(Exception):
    """The partnership has ended before."""


@transaction.atomic
def add_organisation(*, name, sector, by, at):
    """
    Add an organisation that may become a partner of places.

    :raises PermissionDenied: if `by` is not an administrator
    :raises NameTaken: if an organisation has this name
    """
    check_can_administer(user=by)
    if Organisation.objects.filter(name=name).exists():
        raise NameTaken(f"There is an organisation named {name} already")
    organisation = Organisation.objects.create(name=name, sector=Organisation.Sector(sector))
    audit.record(
        audit.Type.ORGANISATION_ADDED, chain=None, by=by, at=at, target=organisation, name=name, sector=str(sector)
    )
    return organisation


@transaction.atomic
def change_organisation(*, organisation, sector, ended_on, based_on, by, at):
    """
    Write an organisation's sector anew, and the day on which it ended, if it has.

    :raises PermissionDenied: if `by` is not an administrator
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    check_can_administer(user=by)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    values = {"sector": Organisation.Sector(sector), "ended_on": ended_on}
    if changed := changes(organisation, values, based_on=based_on):
        organisation = revise(organisation, based_on=based_on, **values)
        audit.record(audit.Type.ORGANISATION_CHANGED, chain=None, by=by, at=at, target=organisation, changed=changed)
    return organisation


@transaction.atomic
def add_partner(*, place, organisation, starts_on, by, at, ends_on=None):
    """
    Make an organisation a partner of a place from one day to another.

    :raises PermissionDenied: if `by` is not an administrator
    :raises EndsTooEarly: if the last day lies before the first
    :raises PlaceEnded: if the place has closed
    :raises PartnerAlready: if it is a partner there on any of these days
    """
    check_can_administer(user=by)
    place = Place.objects.select_for_update(no_key=True).select_related("system").get(pk=place.pk)
    if place.ended_on:
        raise PlaceEnded(f"{place} has closed, so nobody becomes a partner there")
    if ends_on and ends_on < starts_on:
        raise EndsTooEarly
    same = Partner.objects.filter(place=place, organisation=organisation)
    overlapping = same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise PartnerAlready(f"{organisation} is a partner of {place} then already")
    partner = Partner.objects.create(place=place, organisation=organisation, starts_on=starts_on, ends_on=ends_on)
    audit.record(
        audit.Type.PARTNER_STARTED,
        chain=place.system,
        by=by,
        at=at,
        target=organisation,
        place=str(place.public_id),
        starts_on=starts_on.isoformat(),
        ends_on=ends_on and ends_on.isoformat(),
    )
    return partner


@transaction.atomic
def end_partner(*, partner, ends_on, by, at):
    """
    Say which day is, or was, the last of an organisation's part in a place.

    :raises PermissionDenied: if `by` is not an administrator
    :raises EndsTooEarly: if the last day lies before the first
    :raises PartnerEnded: if a last day was set before
    """
    check_can_administer(user=by)
    partner = (
        Partner.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place__system", "organisation")
        .get(pk=partner.pk)
    )
    if partner.ends_on:
        raise PartnerEnded
    if ends_on < partner.starts_on:
        raise EndsTooEarly
    partner.ends_on = ends_on
    partner.save(update_fields=["ends_on"])
    audit.record(
        audit.Type.PARTNER_ENDED,
        chain=partner.place.system,
        by=by,
        at=at,
        target=partner.organisation,
        place=str(partner.place.public_id),
        ends_on=ends_on.isoformat(),
    )
    return partner

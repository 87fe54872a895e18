"""Systems, places, organisations, and who partners where."""

from django.db import models
from django.db.models import F, Q

from .base import Addressable


class System(Addressable):
    """The area of one Integrated Care Board."""

    name = models.CharField(max_length=200, unique=True)
    board_name = models.CharField("name of the ICB", max_length=200)

    def __str__(self):
        return self.name


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the places where `user` has a part now, directly or through the system."""
        from .people import Membership

        now = Membership.objects.current().filter(user=user)
        return self.filter(
            Q(pk__in=now.filter(place__isnull=False).values("place"))
            | Q(system__in=now.filter(system__isnull=False).values("system"))
        )


class Place(Addressable):
    """A borough-level partnership's area."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=200)
    partnership_name = models.CharField(max_length=200, blank=True)
    board_name = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "name"], name="place_named_once_per_system")]

    def __str__(self):
        return self.name


class Organisation(Addressable):
    """A partner: an NHS body, a council, a housing association, a charity."""

    class Sector(models.TextChoices):
        NHS_COMMISSIONER = "NHS_COMMISSIONER", "NHS commissioner"
        NHS_PROVIDER = "NHS_PROVIDER", "NHS provider"
        PRIMARY_CARE = "PRIMARY_CARE", "Primary care"
        COUNCIL = "COUNCIL", "Council"
        HOUSING = "HOUSING", "Housing"
        VOLUNTARY = "VOLUNTARY", "Voluntary, community and social enterprise"
        EMERGENCY = "EMERGENCY", "Police and fire"
        EDUCATION = "EDUCATION", "Schools and education"
        BUSINESS = "BUSINESS", "Business"
        RESIDENTS = "RESIDENTS", "Residents, patients and carers"

    name = models.CharField(max_length=200, unique=True)
    sector = models.CharField(max_length=20, choices=Sector.choices)
    ended_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return self.name


class Partner(models.Model):
    """An organisation's place in a partnership, from one day to another."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "organisation"], condition=Q(ends_on=None), name="partner_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="partner_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.organisation_id} at {self.place_id}"

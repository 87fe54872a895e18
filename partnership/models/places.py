"""Systems, places, organisations, and who partners where."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from .base import Addressable, Versioned


class System(Addressable):
    """The area of one Integrated Care Board."""

    name = models.CharField(max_length=200, unique=True)
    board_name = models.CharField("name of the ICB", max_length=200)

    def __str__(self):
        return self.name


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user, on=None):
        """Return the places where `user` has a part on a day, directly, through the system or what they are part of."""
        from .people import Membership

        now = Membership.objects.current(on).filter(user=user)
        return self.filter(
            Q(pk__in=now.filter(place__isnull=False).values("place"))
            | Q(part_of__in=now.filter(place__isnull=False).values("place"))
            | Q(system__in=now.filter(system__isnull=False).values("system"))
        )

    def with_history(self):
        """Say of each place as `was_closed` whether it ever was, and as `took_in_others` whether it took others in."""
        from .closing import PlaceChange

        own = PlaceChange.objects.filter(place=OuterRef("pk"))
        others = PlaceChange.objects.filter(successor=OuterRef("pk"))
        return self.annotate(was_closed=Exists(own), took_in_others=Exists(others))


class Place(Addressable, Versioned):
    """
    A borough-level partnership's area.

    One that has closed keeps all that it did. `part_of` is the place that carries its people's work on now, if any:
    where that one closes too, whatever it becomes part of.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=200)
    partnership_name = models.CharField(max_length=200, blank=True)
    board_name = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    ended_on = models.DateField("closed on", null=True, blank=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "name"], name="place_named_once_per_system"),
            models.CheckConstraint(
                condition=Q(part_of=None) | Q(ended_on__isnull=False) & ~Q(part_of=F("id")),
                name="place_part_of_another_once_closed",
            ),
        ]

    @property
    def closing_words(self):
        """Say when it closed and what it is part of now, "" while it is open. Needs the row of `part_of`."""
        if not self.ended_on:
            return ""
        words = f"Closed on {self.ended_on:%-d %B %Y}"
        return f"{words}, now part of {self.part_of.name}" if self.part_of_id else words

    def __str__(self):
        return self.name


class Organisation(Addressable, Versioned):
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

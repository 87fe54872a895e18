"""Rounds, assessments, and how an assessment moved from state to state."""

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q

from assessments.workflow import DEADLINES, UNSIGNED, Deadline, State
from frameworks.models import FrameworkVersion
from partnership.models import Addressable, Membership, Organisation, Place, System, Versioned
from partnership.prepared import prepared


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the rounds of systems where `user` has a part now."""
        places = Place.objects.visible_to(user)
        now = Membership.objects.current().filter(user=user, system__isnull=False)
        return self.filter(
            Q(system__in=now.values("system")) | Q(pk__in=Assessment.objects.filter(place__in=places).values("round"))
        )


class Round(Addressable, Versioned):
    """A cycle in which chosen places of a system assess themselves against one framework version."""

    class Visibility(models.TextChoices):
        PLACE = "PLACE", "The place alone"
        ICB = "ICB", "The place and the ICB"
        PEERS = "PEERS", "The place, the ICB and the other places of the system"
        PUBLISHED = "PUBLISHED", "The same, and anybody a summary without names and evidence"

    # Whose reports the other places of the system read.
    SHARED_WITH_PEERS = frozenset({Visibility.PEERS, Visibility.PUBLISHED})

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="rounds")
    framework_version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=100)
    opens_on = models.DateField()
    scoring_closes_on = models.DateField(help_text="The last day of scoring, to midnight in London")
    signing_closes_on = models.DateField()
    minimum_signatures = models.PositiveSmallIntegerField(default=1)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.ICB)
    opened_at = models.DateTimeField()

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "name"], name="round_named_once_per_system"),
            models.CheckConstraint(
                condition=Q(scoring_closes_on__gte=F("opens_on")) & Q(signing_closes_on__gte=F("scoring_closes_on")),
                name="round_dates_in_order",
            ),
        ]

    def __str__(self):
        return self.name


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user, on=None):
        """Return the assessments of places where `user` has a part on a day, and those that they review as a peer."""
        now = Membership.objects.current(on).filter(user=user)
        peers = Q(peer_reviewers__membership__in=now, peer_reviewers__ended_at=None)
        return self.filter(
            Q(place__in=Place.objects.visible_to(user, on)) | Q(pk__in=Assessment.objects.filter(peers).values("pk"))
        )

    def lock(self, pk):
        """
        Lock one until the transaction ends, and return it as it is then: what hangs on it is written under its lock.

        :raises Assessment.DoesNotExist: if there is none
        """
        # PostgreSQL may wait here. What is read after it is what was committed meanwhile.
        self.select_for_update(no_key=True).values_list("pk").get(pk=pk)
        (held,) = _held(assessment=pk)
        return held

    def locked(self):
        """Return several as `lock` does."""
        locking = self.select_for_update(no_key=True, of=("self",))
        # Neither the version that superseded it nor the place, which may have closed: PostgreSQL joins what was there
        # before the wait for the lock, and what is fetched beside comes after it.
        place = Prefetch("place", Place.objects.select_related("system"))
        return locking.select_related("round", "framework_version").prefetch_related(place)

    def kept(self):
        """Leave out re-opened versions that were withdrawn: the ones before them stand again."""
        return self.exclude(state=State.WITHDRAWN, number__gt=1)

    def newest(self):
        """Return the version that counts of each place in each round: one whose place no later version took."""
        return self.kept().filter(superseded_by=None)


class Assessment(Addressable, Versioned):
    """
    One place in one round, in one assessment version. Its row is the lock for everything that hangs on it.

    Re-opening what was signed makes the next version, which takes the place of the one before.
    """

    State = State

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="assessments")
    framework_version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1, help_text="Counts the assessment versions in a round")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARING)
    state_since = models.DateTimeField()
    extended_scoring_on = models.DateField(null=True, blank=True, help_text="The place's own last day, if it was given")
    extended_signing_on = models.DateField(null=True, blank=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "place", "number"], name="assessment_once_per_round_and_place"),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(state__in=UNSIGNED), name="assessment_superseded_once_signed"
            ),
        ]
        indexes = [models.Index(fields=["place", "state"], name="assessment_by_place_and_state")]

    @property
    def is_superseded(self):
        return self.superseded_by_id is not None

    @property
    def is_one_of_several(self):
        """Whether the version must be said for the reader to know which one is meant."""
        return self.number > 1 or self.is_superseded

    @property
    def title(self):
        """Name the assessment at its place, such as "Autumn 2026, version 2"; its round must be loaded."""
        return f"{self.round.name}, version {self.number}" if self.is_one_of_several else self.round.name

    def __str__(self):
        return f"assessment {self.public_id}"

    @property
    def scoring_closes_on(self):
        """The last day of scoring at this place: the round's, or the later one that the place was given."""
        return max(self.round.scoring_closes_on, self.extended_scoring_on or self.round.scoring_closes_on)

    @property
    def signing_closes_on(self):
        """The last day of signing at this place, never before its last day of scoring."""
        days = (self.round.signing_closes_on, self.extended_signing_on, self.scoring_closes_on)
        return max(day for day in days if day)

    @property
    def deadline(self):
        """The last day of what its present state waits for, or None once nothing is due."""
        kind = DEADLINES.get(self.state)
        return kind and {Deadline.SCORING: self.scoring_closes_on, Deadline.SIGNING: self.signing_closes_on}[kind]


@prepared
def _held(*, assessment):
    return Assessment.objects.filter(pk=assessment).select_related("round", "framework_version", "place__system")


class RequiredSignature(models.Model):
    """An organisation whose signature the round names as needed for a place's quorum."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="required_signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "organisation"], name="required_signature_once"),
        ]

    def __str__(self):
        return f"{self.organisation_id} for {self.assessment_id}"


class StateChange(models.Model):
    """A move from one state to another, with who made it and why."""

    append_only = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="state_changes")
    from_state = models.CharField(max_length=10, choices=Assessment.State.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=Assessment.State.choices)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    stood_in_for = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="The chair in whose place the lead made the move",
    )

    def __str__(self):
        return f"{self.assessment_id}: {self.from_state} to {self.to_state}"

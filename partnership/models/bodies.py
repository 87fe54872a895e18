"""The groups of a place's governance."""

from django.db import models
from django.db.models import F, Q

from .base import Addressable, Versioned
from .places import Organisation, Place


class BodyQuerySet(models.QuerySet):
    def current(self, on):
        """Return the bodies that there are on a day; one whose first day nobody stated counts from the beginning."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), Q(starts_on=None) | Q(starts_on__lte=on))


class Body(Addressable, Versioned):
    """
    A group in a place's governance: the board itself, or one under it.

    It belongs under its `parent`, and may answer to another body or to an organisation beside that. Its chair is
    somebody with a part at the place, or a post in words. A date that nobody stated is empty.
    """

    class Form(models.TextChoices):
        NOT_STATED = "NOT_STATED", "Not stated"
        FORUM = "FORUM", "Consultative forum"
        ICB_COMMITTEE = "ICB_COMMITTEE", "Committee of the ICB"
        JOINT_COMMITTEE = "JOINT_COMMITTEE", "Joint committee"
        INDIVIDUAL = "INDIVIDUAL", "Delegated individual"
        LEAD_PROVIDER = "LEAD_PROVIDER", "Lead provider"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="bodies")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    form = models.CharField(max_length=20, choices=Form.choices, default=Form.NOT_STATED)
    chair = models.ForeignKey(
        "partnership.Membership", on_delete=models.PROTECT, null=True, blank=True, related_name="bodies_chaired"
    )
    chair_post = models.CharField("chair, as a post", max_length=200, blank=True)
    answers_to_body = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answerable"
    )
    answers_to_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(null=True, blank=True, help_text="Empty where no date is stated")
    ends_on = models.DateField(null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bodies"
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="body_named_once_per_place"),
            models.CheckConstraint(condition=Q(chair=None) | Q(chair_post=""), name="body_chaired_by_person_or_post"),
            models.CheckConstraint(
                condition=Q(answers_to_body=None) | Q(answers_to_organisation=None), name="body_answers_to_one_beside"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="body_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(Q(parent=None) | ~Q(parent=F("id")))
                & (Q(answers_to_body=None) | ~Q(answers_to_body=F("id"))),
                name="body_not_under_itself",
            ),
        ]

    @property
    def chair_words(self):
        """The chair by role and organisation, or the post; "" where nobody is stated. Needs the chair's row."""
        if self.chair_id:
            return f"{self.chair.get_role_display()}, {self.chair.organisation.name}"
        return self.chair_post

    def __str__(self):
        return self.name

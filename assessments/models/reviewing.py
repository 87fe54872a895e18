"""What reviewers find beside the place's own levels, what they ask, and what the place replies."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from frameworks.models import Node
from partnership.models import Addressable

from .assessment import Assessment
from .evidence import Artefact
from .scoring import Judgement, Score


class CriterionReview(models.Model):
    """
    What the reviewers found for a criterion, beside the place's own level; the highest `number` stands.

    Changing it adds a row: what was found before stays readable.
    """

    append_only = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="criterion_reviews")
    criterion = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="Counts the findings for the criterion, from 1")
    judgement = models.CharField(max_length=20, choices=Judgement.choices)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    confidence = models.CharField(max_length=20, choices=Score.Confidence.choices)
    words = models.TextField(blank=True)
    recommendation = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion", "number"], name="criterion_review_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(judgement="LEVEL", level__isnull=False)
                | (Q(judgement__in=["NOT_APPLICABLE", "CANNOT_JUDGE"], level=None) & ~Q(words="")),
                name="criterion_review_has_level_or_words",
            ),
            models.CheckConstraint(
                condition=Q(level=None) | Q(level__range=(0, 6)), name="criterion_review_level_is_a_rank"
            ),
        ]

    def __str__(self):
        return f"finding {self.number} on criterion {self.criterion_id} of {self.assessment_id}"


class ArtefactReview(models.Model):
    """How strong the reviewers find an artefact, beside what the lead proposed; the highest `number` stands."""

    append_only = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="artefact_reviews")
    artefact = models.ForeignKey(Artefact, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField(help_text="Counts the findings on the artefact, from 1")
    strength = models.PositiveSmallIntegerField(choices=Artefact.Strength.choices)
    words = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "artefact", "number"], name="artefact_review_numbered_once"),
            models.CheckConstraint(condition=Q(strength__range=(0, 4)), name="artefact_review_strength_on_its_scale"),
        ]

    def __str__(self):
        return f"finding {self.number} on artefact {self.artefact_id} in {self.assessment_id}"


class Question(Addressable):
    """
    What the reviewers ask the place, about a criterion or the whole, with the last day for its reply.

    Finishing the review asks one, too: what the place says to the reviewed levels.
    """

    append_only = True

    class Kind(models.TextChoices):
        QUESTION = "QUESTION", "Question"
        REVIEW = "REVIEW", "Right of reply to the review"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField(help_text="Counts within the assessment, from 1")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    criterion = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    reply_by = models.DateField(help_text="The last day for a reply, to midnight in London")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="question_numbered_once"),
            models.CheckConstraint(condition=~Q(text=""), name="question_says_something"),
            models.CheckConstraint(
                condition=Q(kind="QUESTION") | Q(criterion=None), name="question_on_the_review_is_on_the_whole"
            ),
        ]

    def __str__(self):
        return f"question {self.public_id}"


class Reply(Addressable):
    """What the place says to a question. It may say more later; nothing of it is changed."""

    append_only = True

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    replied_at = models.DateTimeField()
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "replies"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]

    @property
    def is_late(self):
        return timezone.localdate(self.replied_at) > self.question.reply_by

    def __str__(self):
        return f"reply {self.public_id}"

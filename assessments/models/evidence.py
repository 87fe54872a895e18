"""What a place says, and what it shows for it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.workflow import ACTS, SHARED_WITH_ICB, Act
from frameworks.items import noun
from frameworks.models import Node
from partnership.models import Addressable, Membership, Organisation, Place, StoredFile, Versioned
from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM

from .assessment import Assessment, Round

STRENGTH_NOT_PROPOSED = "Strength not yet proposed"
# Of an item that was brought from an earlier round and that the lead has not confirmed since.
UNCONFIRMED = Q(carried_from__isnull=False, confirmed_at=None)


class EvidenceItemQuerySet(models.QuerySet):
    def unconfirmed(self):
        """Return the items that wait for the lead's word."""
        return self.filter(UNCONFIRMED)


class EvidenceItem(Addressable, Versioned):
    """
    A numbered statement that the place makes against a criterion: the thing assessors score.

    On a checklist the statement is the framework's own, `statement_code` its code, and `account` what the place says
    about it. One that was brought from an earlier round says from which item, and who confirmed that it still holds.
    """

    STATEMENT_MAX = 2000

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="items")
    criterion = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField(help_text="Counts within the criterion, from 1")
    statement = models.TextField()
    statement_code = models.CharField(
        max_length=40, blank=True, help_text="The checklist's code for the statement; empty where the place wrote it"
    )
    account = models.TextField(blank=True, help_text="What the place does about a statement of the framework")
    lineage = models.UUIDField(default=uuid.uuid4, help_text="The same for the same item in every assessment version")
    ballot = models.PositiveSmallIntegerField(default=1, help_text="The ballot that is open or was last held")
    open_for_scoring = models.BooleanField(default=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EvidenceItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion", "number"], name="item_numbered_once"),
            models.UniqueConstraint(fields=["assessment", "lineage"], name="item_lineage_once_per_assessment"),
            models.UniqueConstraint(
                fields=["assessment", "criterion", "statement_code"],
                condition=~Q(statement_code=""),
                name="item_once_per_statement",
            ),
            models.CheckConstraint(
                condition=Q(account="") | ~Q(statement_code=""), name="item_account_of_a_framework_statement"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="item_number_from_one"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, carried_from__isnull=False),
                name="item_confirmed_by_somebody_if_carried",
            ),
        ]

    @property
    def is_checklist(self):
        """Say whether the framework wrote the statement."""
        return bool(self.statement_code)

    @property
    def noun(self):
        return noun(self.is_checklist)

    @property
    def name(self):
        """What the item is called within its criterion: its number or, on a checklist, the statement's code."""
        return self.statement_code or str(self.number)

    @property
    def is_unconfirmed(self):
        return self.carried_from_id is not None and self.confirmed_at is None

    def __str__(self):
        return f"item {self.number} of criterion {self.criterion_id}"


class ArtefactQuerySet(models.QuerySet):
    def visible_to(self, user, on=None):
        """
        Return the artefacts that `user` may read on a day, today unless told.

        What is marked for the board is read by the board alone. The rest is read by those who work on the place's
        assessments and, once one that cites it is submitted, by its observers, by those of the place that it is part of
        now and, unless the round keeps the result at the place, by the ICB and by those who review it as peers.
        """
        now = Membership.objects.current(on).filter(user=user)
        places = {
            "board": now.filter(role__in=BOARD).values("place"),
            "workers": now.filter(role__in=ACTS[Act.READ].roles).values("place"),
            "all": now.filter(role__in=AT_PLACE).values("place"),
        }
        systems = now.filter(role__in=OF_SYSTEM).values("system")
        cited = ArtefactLink.objects.filter(item__assessment__state__in=SHARED_WITH_ICB)
        shared = cited.exclude(item__assessment__round__visibility=Round.Visibility.PLACE)
        as_peer = Q(
            item__assessment__peer_reviewers__membership__in=now, item__assessment__peer_reviewers__ended_at=None
        )
        return self.filter(
            Q(place__in=places["board"])
            | ~Q(sensitivity=Artefact.Sensitivity.BOARD)
            & (
                Q(place__in=places["workers"])
                | Q(place__in=places["all"], pk__in=cited.values("artefact"))
                | Q(place__part_of__in=places["all"], pk__in=cited.values("artefact"))
                | Q(place__system__in=systems, pk__in=shared.values("artefact"))
                | Q(pk__in=shared.filter(as_peer).values("artefact"))
            )
        )

    def in_date(self, day):
        """Return the artefacts that count as evidence on a day: not ended, not past review, of some strength."""
        return self.filter(ended_on=None, strength__gt=0).filter(Q(review_by=None) | Q(review_by__gte=day))


class Artefact(Addressable, Versioned):
    """
    A document, link, minute, extract, chart or certificate in a place's evidence register.

    Its keeper is who added it, until they leave and hand it over.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "DOCUMENT", "Document"
        LINK = "LINK", "Link"
        MINUTE = "MINUTE", "Minute"
        DATA_EXTRACT = "DATA_EXTRACT", "Data extract"
        CHART = "CHART", "Chart"
        CERTIFICATE = "CERTIFICATE", "Certificate"

    class Strength(models.IntegerChoices):
        NONE = 0, "None or out of date"
        INTENT = 1, "Documented intent"
        IN_USE = 2, "Documented process in use"
        MEASURED = 3, "Measured performance"
        ASSURED = 4, "Independent assurance"

    class Sensitivity(models.TextChoices):
        PUBLIC = "PUBLIC", "Public"
        PARTNERSHIP = "PARTNERSHIP", "For the partnership and the ICB"
        BOARD = "BOARD", "For the board only"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="artefacts")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    url = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dated_on = models.DateField(null=True, blank=True, help_text="Empty where no date is stated")
    review_by = models.DateField(null=True, blank=True)
    sensitivity = models.CharField(max_length=20, choices=Sensitivity.choices, default=Sensitivity.PARTNERSHIP)
    strength = models.PositiveSmallIntegerField(
        choices=Strength.choices, null=True, blank=True, help_text="Empty until the lead proposes one"
    )
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)

    objects = ArtefactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(strength__range=(0, 4)), name="artefact_strength_on_its_scale"),
            models.CheckConstraint(
                condition=Q(review_by=None) | Q(dated_on=None) | Q(review_by__gte=F("dated_on")),
                name="artefact_reviewed_after_its_date",
            ),
            models.CheckConstraint(
                condition=Q(file=None, file_name="") | (Q(file__isnull=False, url="") & ~Q(file_name="")),
                name="artefact_file_named_and_no_link",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(url="") | ~Q(note=""), name="artefact_says_where_it_is_held"
            ),
        ]

    def __str__(self):
        return f"artefact {self.public_id}"

    @property
    def strength_words(self):
        return STRENGTH_NOT_PROPOSED if self.strength is None else self.get_strength_display()


class ArtefactLink(models.Model):
    """An artefact cited for an item, with the page or section where it says so."""

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="artefact_links")
    artefact = models.ForeignKey(Artefact, on_delete=models.PROTECT, related_name="links")
    locator = models.CharField(max_length=100, blank=True, help_text="Page or section, where known")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "artefact"], name="artefact_linked_once_per_item")]

    def __str__(self):
        return f"artefact {self.artefact_id} for item {self.item_id}"

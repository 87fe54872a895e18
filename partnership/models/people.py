"""People, and the parts they play."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from partnership.roles import Role

from .base import Addressable, Versioned
from .places import Organisation, Place, System


class UserManager(BaseUserManager):
    """Finds people by e-mail address, in whatever case they type it."""

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())

    def create_user(self, *, email, name, password=None, **fields):
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email, name, password=None):
        return self.create_user(email=email, name=name, password=password, is_staff=True, is_superuser=True)


class User(Addressable, Versioned, AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. What they may do follows from their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the administration pages", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    pseudonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    wants_reminders = models.BooleanField(default=True, editable=False)
    wants_digest = models.BooleanField(default=True, editable=False)
    wants_reviews = models.BooleanField(default=True, editable=False)
    # The first steps (`partnership.guides`) that they have put away, with spaces between: read with them on every page.
    guides_put_away = models.CharField(max_length=200, default="", blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        # So `unique` holds whatever case people type, and finding somebody uses its index.
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case"),
            models.CheckConstraint(
                condition=Q(pseudonymised_at=None) | Q(is_active=False, is_staff=False, is_superuser=False),
                name="user_pseudonymised_signs_in_no_more",
            ),
        ]

    def __str__(self):
        return self.name

    def get_short_name(self):
        return self.name


class MembershipQuerySet(models.QuerySet):
    def current(self, on=None):
        """Return the memberships that hold on a day; the day is today in London unless told."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Membership(Addressable):
    """
    A person's role at a place or for a system, on behalf of an organisation, from one day to another.

    Whoever takes it over from somebody who leaves has the same `seat`: one vote, whoever holds it.
    """

    Role = Role

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    seat = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=True) ^ Q(system__isnull=True), name="membership_of_a_place_or_a_system"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "place", "role"],
                condition=Q(ends_on=None, place__isnull=False),
                name="membership_once_per_place_and_role",
            ),
            models.UniqueConstraint(
                fields=["user", "system", "role"],
                condition=Q(ends_on=None, system__isnull=False),
                name="membership_once_per_system_and_role",
            ),
        ]
        indexes = [models.Index(fields=["seat"], name="membership_by_seat")]

    def __str__(self):
        return f"{self.get_role_display()} {self.public_id}"

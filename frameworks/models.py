"""Frameworks as data: a version's definition is text, hashed; its nodes are a projection made from it."""

from django.conf import settings
from django.db import models

from partnership.models import Addressable


class FrameworkManager(models.Manager):
    def get_by_natural_key(self, code):
        return self.get(code=code)


class Framework(Addressable):
    """A maturity framework, through all its versions."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, blank=True)

    objects = FrameworkManager()

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.code,)


class FrameworkVersionManager(models.Manager):
    def get_by_natural_key(self, code, number):
        return self.get(framework__code=code, number=number)


class FrameworkVersion(Addressable):
    """One version of a framework. Once published, its definition stays as it is."""

    frozen_once = (
        'EXISTS (SELECT 1 FROM "frameworks_publication" p WHERE p."version_id" = {row}."id")',
        ("framework_id", "number", "definition", "digest"),
    )

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=20)
    definition = models.TextField(help_text="The canonical JSON text, as docs/framework-format.md describes it")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the definition")

    objects = FrameworkVersionManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="framework_version_once")]

    def __str__(self):
        return f"{self.framework_id} version {self.number}"

    def natural_key(self):
        return (*self.framework.natural_key(), self.number)

    natural_key.dependencies = ["frameworks.framework"]


class Publication(Addressable):
    """A version was published: its golden cases passed, and rounds may use it."""

    append_only = True

    version = models.OneToOneField(FrameworkVersion, on_delete=models.PROTECT, related_name="publication")
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self):
        return f"publication of version {self.version_id}"


class Retirement(Addressable):
    """A version was retired: it opens no new rounds, and those that are open finish with it."""

    append_only = True

    version = models.OneToOneField(FrameworkVersion, on_delete=models.PROTECT, related_name="retirement")
    retired_at = models.DateTimeField()
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self):
        return f"retirement of version {self.version_id}"


class Node(Addressable):
    """A domain or criterion of a published version, made from its definition."""

    append_only = True

    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    tier = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField(help_text="Place in the order of the document, over the whole tree")
    is_criterion = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="node_code_once_per_version"),
            models.UniqueConstraint(fields=["version", "position"], name="node_position_once_per_version"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

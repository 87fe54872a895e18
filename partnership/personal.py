"""
Where the database holds what is personal.

Two kinds: fields that hold somebody's name or address, which pseudonymising replaces, and fields in which people write
what they like. Every room lists its own in a table that `settings.PERSONAL` names; a test holds the tables to the
models.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from partnership.models import Body, Invitation, Job, OutgoingMail, PlaceChange
from partnership.services.bodies import record_changed


def _everywhere(person):
    return Q()


@dataclass(frozen=True)
class Named:
    """
    Fields in which a person's name or address stands by itself.

    `rows(person)` narrows down to the rows that may mean this person, where others could have the same name.
    `record(row, by=, at=)` tells the audit record, where it vouches for the field.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    rows: Callable = _everywhere
    record: Callable | None = None


@dataclass(frozen=True)
class Words:
    """
    Fields in which somebody writes what they like: nobody can tell what is personal in them.

    `author` leads to who wrote them. `erase(person, by=, at=)` takes them out where the row allows that.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    author: str
    name: str
    erase: Callable | None = None

    def of(self, person):
        """Return the rows with words of a person."""
        empty = Q(**dict.fromkeys(self.fields, ""))
        return self.model._base_manager.filter(**{self.author: person}).exclude(empty)


def tables():
    """Return everything that the rooms list."""
    return [each for path in settings.PERSONAL for each in import_string(path)]


def named():
    return [each for each in tables() if isinstance(each, Named)]


def words():
    return [each for each in tables() if isinstance(each, Words)]


def _of_places(person):
    return Q(place__in=person.memberships.values("place"))


def _of_person(person):
    return Q(content_type__app_label="partnership", content_type__model="user", object_id=str(person.pk))


def _of_invited(person):
    return Q(email=person.email) | Q(accepted_by=person)


PERSONAL = (
    Named(OutgoingMail, ("to", "subject", "body", "problem")),
    Named(Job, ("problem",)),
    Named(Invitation, ("email", "name"), rows=_of_invited),
    Named(LogEntry, ("object_repr", "change_message"), rows=_of_person),
    Named(Body, ("chair_post",), rows=_of_places, record=record_changed),
    Words(Invitation, ("reason",), "invited_by", "reasons for inviting somebody of the ICB"),
    Words(PlaceChange, ("reason",), "by", "reasons for closing places"),
)

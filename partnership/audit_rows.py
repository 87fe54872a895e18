"""
Hold rows to what the audit record says of them.

A chain alone tells that its events are as they were written. Here each row that the record vouches for must have its
event and say what the last one says, and each event must have its row: so a whole chain that is gone shows by the rows
that it leaves behind. Every room lists its rows in a table that `settings.RECORDED` names.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from partnership.audit import Fault
from partnership.models import AuditEvent


def _target(event, details):
    return event.target


def _public_id(row):
    return str(row.public_id)


def _nothing(row):
    return {}


@dataclass(frozen=True)
class Recorded:
    """
    Rows of one model, and the events that vouch for them.

    Each of `types` says what its row holds from then on, one of `gone` that it was taken out. `says(row)` gives what
    the details of the last event must hold, as far as it holds such a thing at all. `of_row` and `of_event` give the
    key by which a row and its events find each other; None means that the event is of no such row. Where `one_each`
    is set, every row has an event of its own, and those of one key find each other by their order. `problem(row)` says
    what is wrong with the row by itself, nothing if it is sound.
    """

    model: type[models.Model]
    types: tuple
    says: Callable = _nothing
    gone: tuple = ()
    related: tuple = ()
    of_row: Callable = _public_id
    of_event: Callable = _target
    one_each: bool = False
    problem: Callable = lambda row: ""


def faults():
    """
    Return what rows and record say differently, in the order of the tables.

    Somebody may be writing meanwhile, so only what is found at two looks counts.
    """
    found = list(_look())
    if not found:
        return []
    again = set(_look())
    return [fault for fault in found if fault in again]


def _look():
    for path in settings.RECORDED:
        for recorded in import_string(path):
            yield from _faults_of(recorded)


def _faults_of(recorded):
    last, numbered = {}, _numbering(recorded.one_each)
    events = AuditEvent.objects.filter(type__in=[*recorded.types, *recorded.gone]).order_by("chain", "sequence")
    for event in events.iterator():
        try:
            details = json.loads(event.details)
            key = recorded.of_event(event, details)
        except (ValueError, TypeError, KeyError):
            # Details that somebody damaged: the chain tells, and so does the row that misses its event.
            continue
        if key is not None:
            last[numbered(key)] = (event, details)
    label = recorded.model._meta.label
    numbered = _numbering(recorded.one_each)
    rows = recorded.model._base_manager.select_related(*recorded.related).order_by("pk")
    for row in rows.iterator(chunk_size=500):
        name = f"{label} {row.pk}"
        if problem := recorded.problem(row):
            yield Fault(name, None, problem)
        event, details = last.pop(numbered(recorded.of_row(row)), (None, {}))
        if event is None or event.type in recorded.gone:
            yield Fault(name, None, "the row is there, and the record does not say who made it")
            continue
        said = recorded.says(row)
        if wrong := sorted(part for part in said.keys() & details.keys() if said[part] != details[part]):
            yield Fault(event.chain, event.sequence, f"{name} does not hold what was recorded: {', '.join(wrong)}")
    for event, _ in last.values():
        if event.type not in recorded.gone:
            yield Fault(event.chain, event.sequence, f"the row of {label} that was recorded is gone")


def _numbering(one_each):
    """Return what tells equal keys apart by how often they were met before, or leaves them as they are."""
    met = Counter()

    def numbered(key):
        if not one_each:
            return key
        met[key] += 1
        return key, met[key]

    return numbered

"""
Fill a database by bulk: copies of one system's rows, as services made them, under other keys and names.

The pattern is one system with one or more places (`tests.bench.pattern`). A copy has the same rows with keys moved on
by a fixed span, other public identifiers, and other names: whatever the pattern is called after (`SYSTEM`, `PLACES`) is
replaced in every text. What was hashed is hashed anew: frozen content, seals, decisions, and each event of the audit
record, so that `verify_audit` finds nothing, and every constraint holds, since the database checks it. Jobs and mails
are not copied: they hang on nobody, and would have been done.
"""

import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from partnership.audit import digest, event_hash
from partnership.models import AuditChain, AuditEvent, Membership, Organisation, Partner, Place, System, User

# Letters that no word of the portal has, so that they stand for the system and its places wherever names go.
SYSTEM, PLACES = "Zqqs", ("Zqqa", "Zqqb")
ROOT = "system"
BATCH = 5000
ROOMS = ("partnership", "frameworks", "assessments", "improvement", "reports")
REFERENCE = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|" + "|".join((SYSTEM, *PLACES)),
    re.IGNORECASE,
)


@dataclass
class Copy:
    """
    One copy of a system or of a place in it: `numbers` says by label which copy its rows refer to, 0 for the pattern.

    `hashes` holds the digests that its texts and events have now, by those of the pattern.
    """

    numbers: dict
    hashes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """A row of the pattern: its values, and which of them differ in a copy, as (position, how, what it refers to)."""

    values: tuple
    changing: tuple


class Pattern:
    """The rows of the system called after `SYSTEM`, by the label of what they hang on: it, or one place of it."""

    def __init__(self):
        self.system = System.objects.get(name__contains=SYSTEM)
        self.models = _in_order()
        self.span = 1 + max(model.objects.aggregate(most=models.Max("pk"))["most"] or 0 for model in self.models)
        self.labels = self._label()
        self.uuids, self.texts = {}, {}
        raw = {model: self._read(model) for model in self.models}
        events = list(AuditEvent.objects.order_by("chain", "sequence"))
        self.hashed = {event.hash for event in events}
        self.events = defaultdict(list)
        for event in events:
            if label := self._label_of(event):
                self.events[label].append(event)
        self.rows = {model: self._plan(model, rows) for model, rows in raw.items()}
        self.heads = {chain.key: (chain.length, chain.head_hash) for chain in AuditChain.objects.all()}
        self.made = 0

    # Reading the pattern

    def _label(self):
        labels = {(System, self.system.pk): ROOT}
        for name in PLACES:
            for place in Place.objects.filter(system=self.system, name__contains=name):
                labels[Place, place.pk] = name
        for row in Membership.objects.all():
            label = labels.get((Place, row.place_id)) or labels.get((System, row.system_id))
            if label:
                labels[User, row.user_id] = labels[Organisation, row.organisation_id] = label
        for row in Partner.objects.all():
            if label := labels.get((Place, row.place_id)):
                labels[Organisation, row.organisation_id] = label
        for model in self.models:
            keys = [(each, each.remote_field.model) for each in _fields(model) if each.is_relation]
            for row in model._base_manager.values("pk", *(each.attname for each, _ in keys)):
                found = {labels.get((target, row[each.attname]), "") for each, target in keys}
                found.add(labels.get((model, row["pk"]), ""))
                # What hangs on a place hangs on its system, too.
                if label := max(found, key=lambda each: (each in PLACES, each)):
                    labels[model, row["pk"]] = label
        return labels

    def _read(self, model):
        fields = _fields(model)
        rows = []
        for row in model._base_manager.order_by("pk").values_list(*(each.attname for each in fields)):
            label = self.labels.get((model, row[0]), "")
            if not label:
                continue
            rows.append((label, row))
            for value in row:
                if isinstance(value, uuid.UUID):
                    self.uuids.setdefault(str(value), label)
                elif isinstance(value, str) and len(value) > 1:
                    self.texts[digest(value)] = value
        return rows

    def _label_of(self, event):
        kind, _, subject = event.chain.partition(":")
        if kind == "assessment":
            return self.uuids.get(subject, "")
        return self.uuids.get(event.target, "")

    def _plan(self, model, rows):
        fields = _fields(model)
        planned = defaultdict(list)
        for label, row in rows:
            changing = []
            for at, (each, value) in enumerate(zip(fields, row, strict=True)):
                if value is None:
                    continue
                if each.primary_key:
                    changing.append((at, "key", label))
                elif each.is_relation:
                    if target := self.labels.get((each.remote_field.model, value)):
                        changing.append((at, "key", target))
                elif isinstance(value, uuid.UUID):
                    changing.append((at, "uuid", self.uuids[str(value)]))
                elif isinstance(value, str) and self.is_live(value):
                    changing.append((at, "text", ""))
            planned[label].append(Kept(row, tuple(changing)))
        return planned

    def is_live(self, text):
        return any(self._means(found[0]) for found in REFERENCE.finditer(text))

    def _means(self, words):
        if len(words) == 64:
            return words in self.texts or words in self.hashed
        return len(words) == len(SYSTEM) or words in self.uuids

    # Writing copies

    def new(self, labels, **numbers):
        """Return a copy whose rows of `labels` are new, and whose others are those of the copies given."""
        self.made += 1
        return Copy(numbers | dict.fromkeys(labels, self.made))

    def write(self, copy, labels):
        """Write the rows of `labels` as this copy has them, with their events."""
        for label in labels:
            self._write_events(copy, label)
        for model in self.models:
            for label in labels:
                rows = self.rows[model][label]
                made = (model(*self._values(copy, each)) for each in rows)
                model._base_manager.bulk_create(made, batch_size=BATCH)

    def _values(self, copy, kept):
        values = list(kept.values)
        for at, how, label in kept.changing:
            if how == "key":
                values[at] += self.span * copy.numbers[label]
            elif how == "uuid":
                values[at] = uuid.UUID(int=values[at].int ^ copy.numbers[label])
            else:
                values[at] = self.text(copy, values[at])
        return values

    def text(self, copy, text):
        return REFERENCE.sub(lambda found: self._word(copy, found[0]), text)

    def _word(self, copy, words):
        if len(words) == len(SYSTEM):
            label = next((each for each in PLACES if each.lower() == words.lower()), ROOT)
            # As long as before, so that nothing outgrows its column; the pattern itself is number 0.
            number = copy.numbers[label]
            return words if not number else f"{'z' if words.islower() else 'Z'}{number:03d}"
        if len(words) == 36:
            number = copy.numbers.get(self.uuids.get(words), 0)
            return str(uuid.UUID(int=uuid.UUID(words).int ^ number))
        if words not in copy.hashes and words in self.texts:
            copy.hashes[words] = digest(self.text(copy, self.texts[words]))
        return copy.hashes.get(words, words)

    def _write_events(self, copy, label):
        made = []
        for event in self.events[label]:
            chain = self.text(copy, event.chain)
            length, head = self.heads.get(chain, (0, ""))
            new = AuditEvent(
                chain=chain,
                sequence=length + 1,
                type=event.type,
                actor=self.text(copy, event.actor),
                at=event.at,
                target_type=event.target_type,
                target=self.text(copy, event.target),
                details=self.text(copy, event.details),
                previous_hash=head,
            )
            new.hash = copy.hashes[event.hash] = event_hash(new)
            self.heads[chain] = (new.sequence, new.hash)
            made.append(new)
        AuditEvent.objects.bulk_create(made, batch_size=BATCH)

    def finish(self):
        """Write the heads of the chains, and let the database count its keys on from the last one."""
        AuditChain.objects.bulk_create(
            [
                AuditChain(key=key, length=length, head_hash=head, shown_hash=head)
                for key, (length, head) in self.heads.items()
            ],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["length", "head_hash", "shown_hash"],
        )
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(statement)


def fill(sizes):
    """
    Copy the pattern until there are systems with so many places each: `fill([9, 4])`.

    The pattern itself is the first system; its places take turns as what the others are copies of.
    """
    with transaction.atomic():
        pattern = Pattern()
        for number, size in enumerate(sizes):
            here = 0
            if number:
                # Its first places are copied next, in the pattern's order.
                coming = {label: pattern.made + 2 + at for at, label in enumerate(PLACES)}
                whole = pattern.new((ROOT,), **coming)
                here = whole.numbers[ROOT]
                pattern.write(whole, (ROOT,))
            for at in range(0 if number else len(PLACES), size):
                label = PLACES[at % len(PLACES)]
                pattern.write(pattern.new((label,), **{ROOT: here}), (label,))
        pattern.finish()


def _fields(model):
    """Return a model's columns, the primary key first."""
    return sorted(model._meta.concrete_fields, key=lambda each: not each.primary_key)


def _in_order():
    """Return the models of the portal's rooms, each after those that it refers to; the audit record is made anew."""
    found = {
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS and model not in (AuditChain, AuditEvent) and not model._meta.proxy
    }
    needs = {
        model: {each.remote_field.model for each in _fields(model) if each.is_relation} & found - {model}
        for model in found
    }
    return list(TopologicalSorter(needs).static_order())

"""
Fill a database by bulk: copies of one system's rows, as services made them, under other keys and names.

The pattern is one system with one or more places (`tests.bench.pattern`). A copy has the same rows with keys moved on
by a fixed span, other public identifiers, and other names: whatever the pattern is called after (`SYSTEM`, `PLACES`) is
replaced in every text. What was hashed is hashed anew: frozen content, seals, decisions, and each event of the audit
record, so that `verify_audit` finds nothing, and every constraint holds, since the database checks it. Jobs and mails
are not copied: they hang on nobody, and would have been done.

England has three million rows (`tests.bench.run`). They pass as the values that columns hold, without a model's
instance for each: what stays the same in every copy is made ready once, and the rest is taken apart once.
"""

import csv
import io
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from types import SimpleNamespace

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from partnership.audit import digest, event_hash
from partnership.models import AuditChain, AuditEvent, Membership, Organisation, Partner, Place, System, User

# Letters that no word of the portal has, so that they stand for the system and its places wherever names go.
SYSTEM, PLACES = "Zqqs", ("Zqqa", "Zqqb")
ROOT = "system"
BATCH = 5000
# Stands for NULL on its way to PostgreSQL; no text of the portal is this.
NOTHING = "\\N"
# What of an event names things.
REFERRING = ("chain", "actor", "target", "details")
ROOMS = ("partnership", "frameworks", "assessments", "improvement", "reports")
NAMES = "|".join((SYSTEM, *PLACES))
REFERENCE = re.compile(
    rf"(\b[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}\b|\b[0-9a-f]{{64}}\b|{NAMES})",
    re.IGNORECASE,
)


@dataclass
class Copy:
    """
    One copy of a system or of a place in it: `numbers` says by label which copy its rows refer to, 0 for the pattern.

    `hashes` holds the digests that its texts and events have now, by those of the pattern, `words` what else stands in
    place of the pattern's names and identifiers.
    """

    numbers: dict
    hashes: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """
    A row of the pattern, as its columns hold it, and which of the values differ in a copy.

    `keys` and `identifiers` are positions with the label that the value hangs on, `texts` positions with the parts.
    """

    values: tuple
    keys: tuple
    identifiers: tuple
    texts: tuple


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
                parts = {name: REFERENCE.split(getattr(event, name)) for name in REFERRING}
                self.events[label].append((event, parts))
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
            keys, identifiers, texts = [], [], []
            for at, (each, value) in enumerate(zip(fields, row, strict=True)):
                if value is None:
                    continue
                if each.primary_key:
                    keys.append((at, label))
                elif each.is_relation:
                    if target := self.labels.get((each.remote_field.model, value)):
                        keys.append((at, target))
                elif isinstance(value, uuid.UUID):
                    identifiers.append((at, self.uuids[str(value)]))
                elif isinstance(value, str) and self.is_live(value):
                    texts.append((at, REFERENCE.split(value)))
            values = tuple(
                _plain(each.get_db_prep_save(value, connection)) for each, value in zip(fields, row, strict=True)
            )
            planned[label].append(Kept(values, tuple(keys), tuple(identifiers), tuple(texts)))
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
        offsets = {label: self.span * number for label, number in copy.numbers.items()}
        for model in self.models:
            rows = [self._values(copy, offsets, each) for label in labels for each in self.rows[model][label]]
            _insert(model, _fields(model), rows)

    def _values(self, copy, offsets, kept):
        values = list(kept.values)
        for at, label in kept.keys:
            values[at] += offsets[label]
        for at, label in kept.identifiers:
            values[at] = _moved_on(values[at], copy.numbers[label])
        for at, parts in kept.texts:
            values[at] = self._joined(copy, parts)
        return values

    def text(self, copy, text):
        return self._joined(copy, REFERENCE.split(text))

    def _joined(self, copy, parts):
        """Join the parts of a text, of which every second one is a reference."""
        if len(parts) == 1:
            return parts[0]
        words = copy.words
        found = list(parts)
        for at in range(1, len(parts), 2):
            word = parts[at]
            found[at] = words[word] if word in words else self._word(copy, word)
        return "".join(found)

    def _word(self, copy, words):
        if len(words) == 64:
            # Of an event that is written later there is no other hash yet.
            if words not in copy.hashes and words in self.texts:
                copy.hashes[words] = digest(self.text(copy, self.texts[words]))
            return copy.hashes.get(words, words)
        if len(words) == 36:
            made = _moved_on(words, copy.numbers.get(self.uuids.get(words), 0))
        else:
            label = next((each for each in PLACES if each.lower() == words.lower()), ROOT)
            # As long as before, so that nothing outgrows its column; the pattern itself is number 0.
            number = copy.numbers[label]
            made = words if not number else f"{'z' if words.islower() else 'Z'}{number:03d}"
        copy.words[words] = made
        return made

    def _write_events(self, copy, label):
        made = []
        for event, parts in self.events[label]:
            new = SimpleNamespace(type=event.type, at=event.at, target_type=event.target_type)
            for name in REFERRING:
                setattr(new, name, self._joined(copy, parts[name]))
            length, new.previous_hash = self.heads.get(new.chain, (0, ""))
            new.sequence = length + 1
            new.hash = copy.hashes[event.hash] = event_hash(new)
            self.heads[new.chain] = (new.sequence, new.hash)
            made.append(new)
        fields = [each for each in AuditEvent._meta.concrete_fields if not each.primary_key]
        ready = [each.get_db_prep_save for each in fields]
        rows = [
            [prepare(getattr(new, each.name), connection) for each, prepare in zip(fields, ready, strict=True)]
            for new in made
        ]
        _insert(AuditEvent, fields, rows)

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
    pattern = Pattern()
    for number, size in enumerate(sizes):
        # A system at a time, so that the database has not to check three million rows at once.
        with transaction.atomic():
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
    with transaction.atomic():
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


def _moved_on(identifier, number):
    """Return an identifier, as text, of the copy with a number: the pattern's own where it is 0."""
    return f"{identifier[:-8]}{int(identifier[-8:], 16) ^ number:08x}"


def _plain(value):
    return str(value) if isinstance(value, uuid.UUID) else value


def _insert(model, fields, rows):
    """Write rows of a table as its columns hold them; the database checks every constraint."""
    if not rows:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(each.column) for each in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(
                [NOTHING if value is None else value for value in row] for row in rows
            )
            text.seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '{NOTHING}')", text)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

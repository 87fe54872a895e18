"""
Ways of tampering with what the portal keeps, for somebody who owns its database and has lifted its triggers.

Each takes a source of chance, does its harm with plain SQL, and returns what it did in words. Each changes something.
"""

import json

from django.db import connection

from assessments.models import Agreement, Dissent, EvidenceItem, Score, Seal, Signature, Snapshot
from improvement.models import Action
from partnership.audit import digest, event_hash
from partnership.models import AuditChain, AuditEvent
from reports.models import Report

EVENT, CHAIN = AuditEvent._meta.db_table, AuditChain._meta.db_table
TEXTS = ("type", "actor", "target_type", "target", "details", "previous_hash", "hash")
# What these record leaves no row, so that nothing in the database misses them when they are cut off and the chain's
# head is made to fit: only a hash that was printed or sealed before tells.
WITHOUT_A_ROW = {
    "ARTEFACT_LINKED",
    "ARTEFACT_UNLINKED",
    "PERSON_ADDED",
    "PERSON_CHANGED",
    "PERSON_INVITED",
    "SIGNED_IN",
    "VERSION_LOADED",
    "VERSION_RETIRED",
}


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount, f"nothing was tampered with: {sql}"


def events(key):
    return list(AuditEvent.objects.filter(chain=key).order_by("sequence"))


def a_chain(chance, *, longer_than=0):
    keys = AuditChain.objects.filter(length__gt=longer_than).order_by("pk").values_list("key", flat=True)
    return chance.choice(list(keys))


def an_event(chance):
    return chance.choice(events(a_chain(chance)))


def mend_head(key):
    """Make a chain's head fit its last event."""
    last = events(key)[-1]
    run(f"UPDATE {CHAIN} SET length = %s, head_hash = %s WHERE key = %s", last.sequence, last.hash, key)


def chain_anew(key):
    """Compute the hashes of a whole chain anew, and its head: what is left is a sound chain."""
    previous = ""
    for event in events(key):
        event.previous_hash = previous
        event.hash = previous = event_hash(event)
        run(
            f"UPDATE {EVENT} SET previous_hash = %s, hash = %s WHERE id = %s", event.previous_hash, event.hash, event.pk
        )
    mend_head(key)


# Events


def change_an_event(chance):
    event, column = an_event(chance), chance.choice(TEXTS)
    run(f"UPDATE {EVENT} SET {column} = %s WHERE id = %s", getattr(event, column)[:-1] + "~", event.pk)
    return f"{column} of {event}"


def change_the_time_of_an_event(chance):
    event, other = an_event(chance), "2025-01-01 00:00:00+00:00"
    run(f"UPDATE {EVENT} SET at = %s WHERE id = %s", other, event.pk)
    return f"the time of {event}"


def change_an_event_with_its_hash(chance):
    key = a_chain(chance, longer_than=1)
    event = chance.choice(events(key)[:-1])
    event.actor = "somebody else"
    run(f"UPDATE {EVENT} SET actor = %s, hash = %s WHERE id = %s", event.actor, event_hash(event), event.pk)
    return f"{event} with its own hash"


def rewrite_a_sealed_chain(chance):
    cited = json.loads(chance.choice(list(Seal.objects.order_by("pk"))).text)["audit"]
    key = cited["chain"]
    event = chance.choice(events(key)[: cited["length"]])
    run(f"UPDATE {EVENT} SET actor = %s WHERE id = %s", "somebody else", event.pk)
    chain_anew(key)
    return f"{event}, and every hash after it"


def rewrite_a_score_in_its_chain(chance):
    event = chance.choice(list(AuditEvent.objects.filter(type="SCORE_RECORDED")))
    run(f"UPDATE {EVENT} SET details = %s WHERE id = %s", event.details.replace('"level":2', '"level":4'), event.pk)
    chain_anew(event.chain)
    return f"the level in {event}, and every hash after it"


def delete_an_event(chance):
    event = an_event(chance)
    run(f"DELETE FROM {EVENT} WHERE id = %s", event.pk)
    return f"{event}"


def delete_several_events(chance):
    key = a_chain(chance, longer_than=2)
    chosen = chance.sample(events(key), 2)
    for event in chosen:
        run(f"DELETE FROM {EVENT} WHERE id = %s", event.pk)
    return f"{chosen}"


def cut_the_tail_off(chance):
    key = a_chain(chance)
    kept = chance.randrange(len(events(key)))
    run(f"DELETE FROM {EVENT} WHERE chain = %s AND sequence > %s", key, kept)
    return f"{key} after {kept}"


def cut_the_tail_off_and_mend_the_head(chance):
    key = a_chain(chance, longer_than=1)
    tail = [event for event in events(key)[1:] if event.type not in WITHOUT_A_ROW]
    if not tail:
        return change_a_head(chance)
    # The last event of its row goes with it, so that the row has something to miss.
    kept = chance.choice(tail).sequence - 1
    run(f"DELETE FROM {EVENT} WHERE chain = %s AND sequence > %s", key, kept)
    mend_head(key)
    return f"{key} after {kept}, with a head that fits"


def swap_two_events(chance):
    key = a_chain(chance, longer_than=1)
    one, two = chance.sample(events(key), 2)
    for event, number in ((one, 10**6), (two, one.sequence), (one, two.sequence)):
        run(f"UPDATE {EVENT} SET sequence = %s WHERE id = %s", number, event.pk)
    return f"{one} and {two}"


def move_an_event_to_another_chain(chance):
    event = an_event(chance)
    run(f"UPDATE {EVENT} SET chain = %s WHERE id = %s", "system:another", event.pk)
    return f"{event}"


def _insert(event):
    event.pk = None
    columns = [field for field in AuditEvent._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in columns)
    places = ", ".join(["%s"] * len(columns))
    run(f"INSERT INTO {EVENT} ({names}) VALUES ({places})", *(getattr(event, field.attname) for field in columns))


def append_an_event(chance):
    event = an_event(chance)
    last = events(event.chain)[-1]
    event.sequence, event.previous_hash = last.sequence + 1, last.hash
    event.hash = event_hash(event)
    _insert(event)
    return f"{event} again at the end"


def insert_an_event(chance):
    key = a_chain(chance)
    all_of_it = events(key)
    event = chance.choice(all_of_it)
    for later in reversed(all_of_it[event.sequence - 1 :]):
        run(f"UPDATE {EVENT} SET sequence = %s WHERE id = %s", later.sequence + 1, later.pk)
    _insert(event)
    return f"{event} twice"


def append_a_forged_score_and_mend_the_head(chance):
    event = chance.choice(list(AuditEvent.objects.filter(type="SCORE_RECORDED")))
    last = events(event.chain)[-1]
    event.sequence, event.previous_hash = last.sequence + 1, last.hash
    event.details = event.details.replace('"level":2', '"level":4')
    event.hash = event_hash(event)
    _insert(event)
    mend_head(event.chain)
    return f"{event} at another level, with a head that fits"


# Heads


def change_a_head(chance):
    head = chance.choice(list(AuditChain.objects.order_by("pk")))
    column, value = chance.choice(
        [("length", head.length + chance.choice((-1, 1, 7))), ("head_hash", digest("another")), ("head_hash", "")]
    )
    run(f"UPDATE {CHAIN} SET {column} = %s WHERE id = %s", value, head.pk)
    return f"{column} of the head of {head}"


def delete_a_head(chance):
    key = a_chain(chance)
    run(f"DELETE FROM {CHAIN} WHERE key = %s", key)
    return f"the head of {key}"


def rename_a_head(chance):
    key = a_chain(chance)
    run(f"UPDATE {CHAIN} SET key = %s WHERE key = %s", f"{key}~", key)
    return f"the head of {key}"


def delete_a_whole_chain_with_its_head(chance):
    key = a_chain(chance)
    run(f"DELETE FROM {EVENT} WHERE chain = %s", key)
    run(f"DELETE FROM {CHAIN} WHERE key = %s", key)
    return f"all of {key}"


# Rows

COLUMNS = {
    Snapshot: ("text", "digest"),
    Signature: ("words", "digest", "kind"),
    Seal: ("text", "digest"),
    Score: ("level", "comment", "confidence", "version"),
    Agreement: ("level", "reason", "version"),
    Dissent: ("text",),
    EvidenceItem: ("statement",),
    Action: ("title",),
}
OTHERS = {"kind": "RESERVED", "confidence": "UNSURE"}


def change_a_row(chance):
    model = chance.choice(list(COLUMNS))
    row, column = chance.choice(list(model._base_manager.order_by("pk"))), chance.choice(COLUMNS[model])
    old = getattr(row, column)
    value = OTHERS.get(column) or (old + 1 if isinstance(old, int) else old[:-1] + "~")
    if column == "kind":
        run(f"UPDATE {model._meta.db_table} SET words = %s WHERE id = %s", "We did not say so.", row.pk)
    run(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", value, row.pk)
    return f"{column} of {row}"


def change_content_with_its_hash(chance):
    model = chance.choice([Snapshot, Seal])
    row = chance.choice(list(model.objects.order_by("pk")))
    text = row.text + " "
    run(f"UPDATE {model._meta.db_table} SET text = %s, digest = %s WHERE id = %s", text, digest(text), row.pk)
    return f"{row} with its hash"


def change_content_with_every_hash_of_it(chance):
    """Change frozen content, its hash, and the hash in the signatures on it."""
    snapshot = chance.choice(list(Snapshot.objects.filter(signatures__isnull=False).distinct()))
    text = snapshot.text + " "
    changed = digest(text)
    table = Snapshot._meta.db_table
    run(f"UPDATE {table} SET text = %s, digest = %s WHERE id = %s", text, changed, snapshot.pk)
    run(f"UPDATE {Signature._meta.db_table} SET digest = %s WHERE snapshot_id = %s", changed, snapshot.pk)
    return f"{snapshot} with its signatures"


def delete_a_row(chance):
    model = chance.choice([Signature, Score, Agreement, Dissent, Seal, Snapshot, Action, Report])
    row = chance.choice(list(model._base_manager.order_by("pk")))
    run(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.pk)
    return f"{row}"


def add_a_row(chance):
    model = chance.choice([Score, Agreement])
    row = chance.choice(list(model.objects.order_by("pk")))
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join("99" if column == "ballot" else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    run(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s", row.pk)
    return f"{row} again, in a ballot that was not held"


def change_a_state(chance):
    table = Seal.assessment.field.related_model._meta.db_table
    seal = chance.choice(list(Seal.objects.order_by("pk")))
    run(f"UPDATE {table} SET state = %s WHERE id = %s", "AGREEING", seal.assessment_id)
    return f"the state of assessment {seal.assessment_id}"


WAYS = (
    change_an_event,
    change_the_time_of_an_event,
    change_an_event_with_its_hash,
    rewrite_a_sealed_chain,
    rewrite_a_score_in_its_chain,
    delete_an_event,
    delete_several_events,
    cut_the_tail_off,
    cut_the_tail_off_and_mend_the_head,
    swap_two_events,
    move_an_event_to_another_chain,
    append_an_event,
    insert_an_event,
    append_a_forged_score_and_mend_the_head,
    change_a_head,
    delete_a_head,
    rename_a_head,
    delete_a_whole_chain_with_its_head,
    change_a_row,
    change_content_with_its_hash,
    change_content_with_every_hash_of_it,
    delete_a_row,
    add_a_row,
    change_a_state,
)

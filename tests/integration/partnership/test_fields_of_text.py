"""Every field of text holds no name of a person, or is replaced with it, or is kept for a reason."""

from django.apps import apps
from django.db import models

from partnership import personal

IDENTIFIERS = "a code, key, digest or number that the portal gave"
PLACES = "a name or words of a place, organisation, round or framework; the page says that these are not searched"
KEPT = {
    "admin.LogEntry": {"object_id": IDENTIFIERS},
    "assessments.ArtefactLink": {"locator": PLACES},
    "assessments.Condition": {"gate": IDENTIFIERS, "text": PLACES},
    "assessments.Decision": {"text": "sealed, which the page says is never changed", "digest": IDENTIFIERS},
    "assessments.Dissent": {"author_mark": "a keyed digest of whom it is by"},
    "assessments.EvidenceItem": {"statement": PLACES, "statement_code": IDENTIFIERS, "account": PLACES},
    "assessments.PartnershipAgreement": {"title": PLACES, "held_at": PLACES, "note": PLACES},
    "assessments.PathwayDate": {"pathway": IDENTIFIERS},
    "assessments.PathwayDecision": {"pathway": IDENTIFIERS},
    "assessments.Round": {"name": PLACES},
    "assessments.Seal": {"text": "sealed, which the page says is never changed", "digest": IDENTIFIERS},
    "assessments.Signature": {"digest": IDENTIFIERS},
    "assessments.Snapshot": {"text": "sealed, which the page says is never changed", "digest": IDENTIFIERS},
    "assessments.Workshop": {"code": IDENTIFIERS},
    "auth.Group": {"name": "there are none"},
    "auth.Permission": {"name": "Django's own", "codename": "Django's own"},
    "contenttypes.ContentType": {"app_label": "Django's own", "model": "Django's own"},
    "frameworks.Framework": {"code": IDENTIFIERS, "name": PLACES, "owner": PLACES},
    "frameworks.FrameworkVersion": {"number": IDENTIFIERS, "definition": PLACES, "digest": IDENTIFIERS},
    "frameworks.Node": {"code": IDENTIFIERS, "name": PLACES},
    "frameworks.Publication": {"digest": IDENTIFIERS},
    "improvement.Action": {"title": PLACES, "pathway": IDENTIFIERS, "gate": IDENTIFIERS},
    "improvement.Help": {"words": PLACES},
    "partnership.Attempt": {"key": "a keyed digest; those of the address are deleted"},
    "partnership.AuditChain": {"key": IDENTIFIERS, "head_hash": IDENTIFIERS, "shown_hash": IDENTIFIERS},
    "partnership.AuditEvent": dict.fromkeys(
        ("chain", "type", "actor", "target_type", "target", "details", "previous_hash", "hash"),
        "identifiers and digests; the services' tests hold it to that",
    ),
    "partnership.Body": {"name": PLACES, "purpose": PLACES},
    "partnership.FormToken": {"result": IDENTIFIERS},
    "partnership.HelpText": {"page": IDENTIFIERS, "text": PLACES},
    "partnership.Invitation": {"token_digest": IDENTIFIERS},
    "partnership.Job": {"kind": IDENTIFIERS},
    "partnership.Organisation": {"name": PLACES},
    "partnership.OutgoingMail": {"message_id": IDENTIFIERS, "unsubscribe_url": "emptied with the text"},
    "partnership.Place": dict.fromkeys(("name", "partnership_name", "board_name", "about"), PLACES),
    "partnership.StoredFile": {"sha256": IDENTIFIERS, "media_type": IDENTIFIERS},
    "partnership.System": {"name": PLACES, "board_name": PLACES},
    "partnership.User": {
        "name": "replaced",
        "email": "replaced",
        "password": "made unusable",
        "guides_put_away": IDENTIFIERS,
    },
    "partnership.KeptForm": {"sealed": "deleted"},
    "reports.ApiToken": {"name": "what a program is called", "beginning": IDENTIFIERS, "digest": IDENTIFIERS},
    "reports.RoundOrder": {"text": "what is sealed: names of places, and digests", "digest": IDENTIFIERS},
    "reports.Reminder": {"key": IDENTIFIERS},
    "reports.SealedVerdict": {"pathway": IDENTIFIERS},
    "sessions.Session": {"session_key": "deleted", "session_data": "deleted"},
}
TEXT = (models.CharField, models.TextField, models.FileField, models.JSONField, models.GenericIPAddressField)


def text_fields():
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT) and not field.choices
    }


def unlisted(fields):
    listed = {(each.model._meta.label, name) for each in personal.tables() for name in each.fields}
    return fields - listed - {(label, name) for label, names in KEPT.items() for name in names}


def test_every_field_of_text_is_replaced_or_named_on_the_page_or_kept_for_a_reason():
    fields = text_fields()

    assert unlisted(fields) == set()
    assert {(label, name) for label, names in KEPT.items() for name in names} <= fields, "no such field any more"
    listed = {(each.model._meta.label, name) for each in personal.tables() for name in each.fields}
    assert not listed & {(label, name) for label, names in KEPT.items() for name in names}


def test_a_forgotten_field_shows():
    assert unlisted({("partnership.User", "nickname"), ("partnership.User", "name")}) == {
        ("partnership.User", "nickname")
    }

"""The table of assessments, one row each, and of what each row says."""

import json

from reports.exports.columns import DAY, INSTANT, NUMBER, TEXT, WHOLE, Sheet, column

ASSESSMENTS = Sheet(
    "assessments",
    "One place's assessment in one round",
    (
        column("number", WHOLE, "Which version of several, from 1", "Assessment.number"),
        column("state", TEXT, "How far it has come", "Assessment.state"),
        column("state_since", INSTANT, "Since when", "Assessment.state_since"),
        column("superseded_by", TEXT, "The version that took its place", "Assessment.superseded_by"),
        column("system", TEXT, "The system's name", "System.name", "Assessment.system", "Place.system", "Round.system"),
        column("icb", TEXT, "The name of the ICB", "System.board_name"),
        column("place_id", TEXT, "The place's identifier", "Place.public_id", "Assessment.place"),
        column("partnership", TEXT, "What the partnership calls itself", "Place.partnership_name"),
        column("place_board", TEXT, "What it calls its board", "Place.board_name"),
        column("about", TEXT, "What the place says of itself", "Place.about"),
        column("round_id", TEXT, "The round's identifier", "Round.public_id", "Assessment.round"),
        column("opens_on", DAY, "The round's first day", "Round.opens_on"),
        column(
            "scoring_closes_on",
            DAY,
            "The place's last day of scoring",
            "Round.scoring_closes_on",
            "Assessment.extended_scoring_on",
        ),
        column(
            "signing_closes_on",
            DAY,
            "The place's last day of signing",
            "Round.signing_closes_on",
            "Assessment.extended_signing_on",
        ),
        column("minimum_signatures", WHOLE, "How many signatures the round asks for", "Round.minimum_signatures"),
        column("visibility", TEXT, "Who reads the result: PLACE, ICB, PEERS or PUBLISHED", "Round.visibility"),
        column("framework", TEXT, "The framework's code", "Framework.code"),
        column("framework_name", TEXT, "Its name", "Framework.name"),
        column(
            "framework_version",
            TEXT,
            "Its version",
            "FrameworkVersion.number",
            "Round.framework_version",
            "Assessment.framework_version",
        ),
        column("framework_sha256", TEXT, "The SHA-256 of the version's definition", "FrameworkVersion.digest"),
        column("as_at", DAY, "The day on which evidence counted as in date"),
        column("items", WHOLE, "How many items there are"),
        column("in_date", WHOLE, "Items with evidence in date"),
        column("applicable", WHOLE, "Items that apply"),
        column("assessors", WHOLE, "How many members scored; empty while scores are hidden"),
        column("split_items", WHOLE, "On how many items the scores were split; empty while scores are hidden"),
        column("large_shares", WHOLE, "How many organisations gave more than a third of the scores"),
        column("alpha", NUMBER, "Krippendorff's ordinal alpha, where it does not mislead"),
        column("previous_round", TEXT, "The round in which the place signed last before this one"),
        column("reopens", WHOLE, "The number of the version that was re-opened for this one"),
        column("reopened_because", TEXT, "Why"),
        column("content_sha256", TEXT, "The SHA-256 of the sealed content", "Seal.snapshot"),
        column("seal", TEXT, "The sign-off's identifier", "Seal.public_id"),
        column("seal_sha256", TEXT, "The SHA-256 of the sign-off", "Seal.digest"),
        column("sealed_at", INSTANT, "When it was sealed", "Seal.sealed_at"),
        column("sealed_by", TEXT, "By whom"),
        column("meeting_on", DAY, "The day of the meeting that decided on it"),
        column("minute_reference", TEXT, "The reference of its minute"),
    ),
)


def assessment_row(content, *, with_spread):
    """Return what the table says of one assessment, a `gathering.Content`; how scores lie only `with_spread`."""
    assessment, document = content.assessment, content.document
    framework, agreement = document["framework"], document["agreement"]
    # Content that was frozen before assessments could be re-opened does not say.
    reopens = document.get("reopens") or {}
    return {
        "number": assessment.number,
        "state": assessment.state,
        "state_since": assessment.state_since,
        "superseded_by": assessment.superseded_by and assessment.superseded_by.public_id,
        "system": document["system"]["name"],
        "icb": document["system"]["board"],
        "place_id": assessment.place.public_id,
        "partnership": document["place"]["partnership"],
        "place_board": assessment.place.board_name,
        "about": assessment.place.about,
        "round_id": assessment.round.public_id,
        "opens_on": assessment.round.opens_on,
        "scoring_closes_on": assessment.scoring_closes_on,
        "signing_closes_on": assessment.signing_closes_on,
        "minimum_signatures": document["round"]["minimum_signatures"],
        "visibility": assessment.round.visibility,
        "framework": framework["code"],
        "framework_name": framework["name"],
        "framework_version": framework["number"],
        "framework_sha256": framework["digest"],
        "as_at": document["as_at"],
        "items": len(document["items"]),
        "in_date": document["coverage"]["in_date"],
        "applicable": document["coverage"]["applicable"],
        "assessors": agreement["assessors"] if with_spread else None,
        "split_items": len(agreement["split"]) if with_spread else None,
        "large_shares": agreement.get("large_shares") if with_spread else None,
        "alpha": agreement["alpha"] if with_spread else None,
        "previous_round": document["previous"] and document["previous"]["round"],
        "reopens": reopens.get("number"),
        "reopened_because": reopens.get("reason"),
    } | (_sealed(content.seal) if content.seal else {})


def _sealed(seal):
    told = json.loads(seal.text)
    return {
        "content_sha256": seal.snapshot.digest,
        "seal": seal.public_id,
        "seal_sha256": seal.digest,
        "sealed_at": seal.sealed_at,
        "sealed_by": told["sealed_by"]["name"],
        "meeting_on": told["meeting_on"],
        "minute_reference": told["minute_reference"],
    }

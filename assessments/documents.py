"""
The document of an assessment: its case with all results, the people and partners, and the sections of higher rooms.

Live pages show it as of today; freezing writes it down; the report is made from what was written.
docs/content.md describes it.
"""

import json

from django.conf import settings
from django.utils.module_loading import import_string

from assessments import governance
from assessments.aims import aims
from assessments.comparison import Comparison
from assessments.content import content
from assessments.models import Seal, Snapshot
from assessments.selectors import load_case
from assessments.workshop_record import workshops_held
from partnership.models import Membership
from partnership.roles import BOARD


def document(*, assessment, on):
    """
    Return the assessment's document as at a day, as plain data.

    The caller sees to it that the reader may see it. Scores are in it only once they are revealed.
    """
    workshops = workshops_held(assessment=assessment)
    return results(assessment=assessment, on=on) | _people(assessment, on) | {"workshops": workshops}


def results(*, assessment, on, with_spread=True):
    """
    Return the document without the people and partners: what dashboards show, in eight queries and the sections' own.

    The spread of the scores is left out for readers who may not see it, and with it what depends on it.
    """
    case = load_case(assessment=assessment, on=on)
    if not with_spread:
        case = case.without_scores()
    made = content(case) | _heading(assessment) | {"previous": previous(assessment=assessment)}
    made["aims"] = aims(assessment=assessment)
    made["framework"]["digest"] = assessment.framework_version.digest
    for name, path in settings.SNAPSHOT_SECTIONS.items():
        made[name] = import_string(path)(assessment=assessment, case=case)
    return made


def stored(snapshot):
    """Return the document that a snapshot froze."""
    return json.loads(snapshot.text)


def previous(*, assessment):
    """
    Return what the place last signed on the framework before this, or None: its round, day, digest and levels.

    There are levels only for criteria that mean the same in both versions; `changed` says of the others why not.
    """
    last = (
        Snapshot.objects.filter(
            assessment__place=assessment.place,
            # A place may be assessed by several frameworks, each with a history of its own.
            assessment__framework_version__framework=assessment.framework_version.framework_id,
            assessment__round__opens_on__lt=assessment.round.opens_on,
            seal__isnull=False,
        )
        .select_related("seal", "assessment__round", "assessment__decision")
        .order_by("-assessment__round__opens_on", "-assessment__number")
        .first()
    )
    if last is None:
        return None
    frozen = stored(last)
    comparison = Comparison.with_version(assessment, last.assessment.framework_version_id)
    then = {criterion["code"]: criterion for criterion in frozen["criteria"]}
    same = comparison.comparable(then)
    return {
        "assessment": str(last.assessment.public_id),
        "round": last.assessment.round.name,
        "number": last.assessment.number,
        "version": frozen["framework"]["number"],
        "sealed_at": last.seal.sealed_at.isoformat(),
        "digest": last.digest,
        "comparable": bool(same),
        "changed": comparison.changed(),
        "criteria": {
            code: {
                standing: {"status": then[source][standing]["status"], "level": then[source][standing]["level"]}
                for standing in ("claimed", "supported")
            }
            | {"split": bool(then[source]["split"])}
            for code, source in same.items()
        },
        "items": {
            item["lineage"]: {"judgement": item["judgement"], "level": item["level"]}
            for item in frozen["items"]
            if item["criterion"] in same.values()
        },
        "reviewed": _reviewed(last.assessment, same),
    }


def _reviewed(before, codes):
    """
    Return what the ICB's decision on an earlier assessment found: its day, its digest and the reviewers' levels.

    `codes` gives the criteria that mean the same, the codes of that time by present ones. None where the ICB has not
    decided.
    """
    decision = getattr(before, "decision", None)
    if decision is None:
        return None
    levels = {found["criterion"]: found["level"] for found in json.loads(decision.text)["review"]}
    return {
        "decided_on": decision.decided_on.isoformat(),
        "digest": decision.digest,
        "levels": {code: levels[then] for code, then in codes.items() if levels.get(then) is not None},
    }


def _heading(assessment):
    place, round = assessment.place, assessment.round
    return {
        "assessment": {"id": str(assessment.public_id), "number": assessment.number},
        "reopens": _reopens(assessment),
        "place": {"id": str(place.public_id), "name": place.name, "partnership": place.partnership_name},
        "system": {"name": place.system.name, "board": place.system.board_name},
        "round": {
            "name": round.name,
            "opens_on": round.opens_on.isoformat(),
            "scoring_closes_on": round.scoring_closes_on.isoformat(),
            "signing_closes_on": round.signing_closes_on.isoformat(),
            "minimum_signatures": round.minimum_signatures,
        },
    }


def _reopens(assessment):
    """Return the version that this one took the place of, with when, by whom and why it was re-opened; or None."""
    if assessment.number == 1:
        return None
    found = Seal.objects.select_related("snapshot", "assessment__decision")
    seal = found.get(assessment__superseded_by=assessment)
    opened = assessment.state_changes.select_related("changed_by").get(from_state="")
    return {
        "assessment": str(seal.assessment.public_id),
        "number": seal.assessment.number,
        "digest": seal.snapshot.digest,
        "sealed_at": seal.sealed_at.isoformat(),
        "reopened_at": opened.changed_at.isoformat(),
        "reopened_by": opened.changed_by.name,
        "reason": opened.reason,
        "reviewed": _reviewed(
            seal.assessment, {each["code"]: each["code"] for each in stored(seal.snapshot)["criteria"]}
        ),
    }


def _people(assessment, on):
    place = assessment.place
    board = (
        Membership.objects.current(on)
        .filter(place=place, role__in=BOARD)
        .select_related("user", "organisation")
        .order_by("organisation__name", "user__name", "role")
    )
    return {
        "board": [
            {"name": part.user.name, "role": part.get_role_display(), "organisation": part.organisation.name}
            for part in board
        ],
        "partners": [
            {"name": partner.organisation.name, "sector": partner.organisation.get_sector_display()}
            for partner in place.partners.filter(ends_on=None)
            .select_related("organisation")
            .order_by("organisation__sector", "organisation__name")
        ],
        "bodies": governance.bodies(place=place, on=on),
        "agreements": governance.agreements(place=place, on=on),
        "required_signatures": [
            row.organisation.name
            for row in assessment.required_signatures.select_related("organisation").order_by("organisation__name")
        ],
    }

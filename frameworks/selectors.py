"""Reads of framework versions that more than one caller needs."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch, Q, TextChoices
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from frameworks import lineage
from frameworks.definition import load
from frameworks.models import Framework, FrameworkVersion
from frameworks.reading import Problem


def state(version):
    """Return "Draft", "Published" or "Retired"; no query where publication and retirement were selected along."""
    for name, word in (("retirement", "Retired"), ("publication", "Published")):
        try:
            getattr(version, name)
        except ObjectDoesNotExist:
            continue
        return word
    return "Draft"


# What the guide to the format shows, and authors begin with.
SMALL_FRAMEWORK = settings.BASE_DIR / "docs" / "small-framework.yaml"


def asks_some(path):
    """
    Match, as a condition, what asks some things only until a level is decided; `path` leads to its framework version.

    It looks for the word as the canonical text writes a value: a quotation mark within a text is escaped there. A code
    of that name matches, too, which costs a look at the framework and nothing else.
    """
    return Q(**{f"{path}__definition__contains": '"until_decided"'})


class Outcome(TextChoices):
    """What loading a file makes of what is stored."""

    ADDED = "ADDED", "It becomes a new draft."
    REPLACED = "REPLACED", "It replaces the draft of the same number."
    UNCHANGED = "UNCHANGED", "It is loaded already, and nothing changes."


@dataclass(frozen=True)
class Prospect:
    """What loading an examined file would do; `problems` forbid it. `hindrances` would forbid publishing it then."""

    outcome: Outcome
    problems: tuple = ()
    hindrances: tuple = ()


def prospect(*, examined):
    """Say what loading a sound file would do now; three queries at most."""
    parsed = examined.definition
    framework = Framework.objects.filter(code=parsed.code).first()
    if framework is None:
        hindrances = [] if parsed.changes_from is None else lineage_problems(framework=None, definition=parsed)
        return Prospect(Outcome.ADDED, hindrances=tuple(hindrances))
    version = framework.versions.filter(number=parsed.number).select_related("publication").first()
    if version is not None and version.digest == examined.digest:
        outcome = Outcome.UNCHANGED
    elif version is not None and state(version) != "Draft":
        problem = Problem(
            "number",
            f"Version {parsed.number} is published, and stays as it is.",
            "Give the changed file another number.",
        )
        return Prospect(Outcome.REPLACED, problems=(problem,))
    else:
        outcome = Outcome.ADDED if version is None else Outcome.REPLACED
    return Prospect(outcome, hindrances=tuple(lineage_problems(framework=framework, definition=parsed)))


def library():
    """Return all frameworks by name, each with its versions, the last loaded first; two queries."""
    versions = FrameworkVersion.objects.select_related("publication", "retirement").order_by("-pk")
    return list(Framework.objects.order_by("name", "code").prefetch_related(Prefetch("versions", versions)))


def get_version(*, user, public_id):
    """
    Return the version if the user sees a round of it, or is an administrator.

    :raises Http404: otherwise; for them it does not exist
    """
    versions = FrameworkVersion.objects.select_related("framework", "publication")
    if not user.is_superuser:
        versions = versions.filter(pk__in=import_string(settings.FRAMEWORK_AUDIENCE)(user=user))
    return get_object_or_404(versions, public_id=public_id)


def published_before(*, version):
    """Return the framework's versions that were published before this one, the last first; of a draft, all are."""
    others = FrameworkVersion.objects.filter(framework=version.framework_id, publication__isnull=False)
    if publication := getattr(version, "publication", None):
        others = others.filter(publication__pk__lt=publication.pk)
    return list(others.exclude(pk=version.pk).select_related("publication").order_by("-publication__pk"))


def version_before(*, version, published):
    """Return the version of which this one says what became, else the last one `published` before it, or None."""
    changes = load(version.definition).changes_from
    named = [each for each in published if changes and each.number == changes.number]
    return next(iter(named or published), None)


def difference(*, later, earlier_id):
    """Set a version beside the one with the key `earlier_id`; one query, two if they are of different frameworks."""
    return differences(later=later, earlier_ids=[earlier_id])[earlier_id]


def differences(*, later, earlier_ids):
    """
    Set a version beside each of those with the keys `earlier_ids`, following what the versions between them say.

    Of different frameworks, nothing is set beside anything. One query, two if there are any of a different one.
    """
    versions = {version.pk: version for version in FrameworkVersion.objects.filter(framework=later.framework_id)}
    definitions = {version.number: load(version.definition) for version in versions.values()}
    strange = [key for key in earlier_ids if key not in versions]
    versions |= FrameworkVersion.objects.in_bulk(strange)
    now, found = load(later.definition), {}
    for key in earlier_ids:
        was = load(versions[key].definition)
        between = None if key in strange else lineage.chain(now, was, definitions)
        found[key] = lineage.difference(now, was, between)
    return found


def lineage_problems(*, framework, definition):
    """
    Return what speaks against a definition's account of the version before it.

    That is the version that it names or, where it names none, the one published last. A framework's first version has
    none before it.
    """
    others = FrameworkVersion.objects.filter(framework=framework).exclude(number=definition.number)
    changes = definition.changes_from
    if changes is None:
        published = others.filter(publication__isnull=False).order_by("-publication__published_at", "-pk")
        before = published.first()
    else:
        before = others.filter(number=changes.number).first()
        if before is None:
            known = ", ".join(sorted(others.values_list("number", flat=True))) or "none"
            return [
                lineage.Problem(
                    "changes_from.number",
                    f"There is no version {changes.number} of this framework.",
                    f"Load it first, or correct the number; known are: {known}.",
                )
            ]
    return lineage.problems(definition, load(before.definition)) if before else []

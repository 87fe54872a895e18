"""Reads of framework versions that more than one caller needs."""

from django.core.exceptions import ObjectDoesNotExist

from frameworks import lineage
from frameworks.definition import load
from frameworks.models import FrameworkVersion


def state(version):
    """Return "Draft", "Published" or "Retired"; no query where publication and retirement were selected along."""
    for name, word in (("retirement", "Retired"), ("publication", "Published")):
        try:
            getattr(version, name)
        except ObjectDoesNotExist:
            continue
        return word
    return "Draft"


def difference(*, later, earlier):
    """
    Set two versions side by side, following what the versions between them say; one query.

    Of different frameworks, nothing is set beside anything.
    """
    definitions = {
        version.number: load(version.definition)
        for version in FrameworkVersion.objects.filter(framework=later.framework_id)
    }
    now = definitions[later.number]
    if earlier.framework_id != later.framework_id:
        return lineage.difference(now, load(earlier.definition))
    was = definitions[earlier.number]
    return lineage.difference(now, was, lineage.chain(now, was, definitions))


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

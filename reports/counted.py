"""Reads of what seals say, counted by the database: over the rounds of a system, and over all systems."""

from collections import defaultdict

from django.db.models import Count, F

from assessments.comparison import Comparison
from assessments.models import Round
from reports.figures import STATUS_WORDS
from reports.models import SealedLevel
from reports.sight import Sight, submitted_last
from reports.stacks import bar

CHANGED = "meant something else then"


def rounds_until(chosen: Round, rounds):
    """Return the chosen round and those before it in the same framework, the newest first."""
    framework = chosen.framework_version.framework_id
    return [
        each
        for each in rounds
        if each.framework_version.framework_id == framework and (each.opens_on, each.pk) <= (chosen.opens_on, chosen.pk)
    ]


def round_by_round(*, sight: Sight, chosen, rounds, codes, levels):
    """
    Return, by the code of each criterion of the chosen round's version, a bar for each round, the newest first.

    Levels of a round in which the criterion meant something else are not counted: a note says so. `levels` are the
    chosen version's. One query, and one more where the rounds are of several versions of the framework.
    """
    numbers = defaultdict(list)
    shown = sight.of(submitted_last().filter(round__in=rounds))
    found = SealedLevel.objects.filter(seal__assessment__in=shown, node__is_criterion=True)
    counted = found.values("supported", "supported_status", code=F("node__code"), round=F("seal__assessment__round"))
    for row in counted.annotate(n=Count("pk")).order_by():
        numbers[row["round"], row["code"]].append((what(row["supported_status"], row["supported"]), row["n"]))
    compared = Comparison.with_versions(chosen, {each.framework_version_id for each in rounds})
    return {
        code: [_bar(each, code, compared[each.framework_version_id], numbers, levels) for each in rounds]
        for code in codes
    }


def _bar(opened, code, comparison, numbers, levels):
    then = comparison.criterion(code)
    if then is not None and not then.is_comparable:
        return bar(str(opened.public_id), opened.name, (), levels, note=CHANGED)
    source = then.source.code if then else code
    return bar(str(opened.public_id), opened.name, numbers[opened.pk, source], levels)


def what(status, level):
    """Return a level, or why there is none in the words of the charts."""
    return STATUS_WORDS[status.lower()] if level is None else level

"""What of an assessment one person has scored, and what their own answers leave nobody to ask them."""

from collections import defaultdict
from dataclasses import dataclass

from assessments import visibility
from assessments.models import EvidenceItem, Judgement
from frameworks.definition import load
from frameworks.items import ItemInput
from frameworks.rollup import not_asked
from frameworks.skipping import asks_everything


@dataclass(frozen=True)
class OwnWork:
    """Keys of the items that a person has scored, and of those that need no answer of theirs any more."""

    scored: frozenset[int]
    spared: frozenset[int] = frozenset()


def own_work(*, user, assessment, definition) -> OwnWork:
    """Read what a person has done; one query, one more where the framework asks only until a level is decided."""
    given, before = visibility.own_judgements(user=user, assessment=assessment)
    return work_of(given, before, assessment=assessment, definition=definition)


def work_of(given, before, *, assessment, definition) -> OwnWork:
    """
    Return a person's work from their own judgements and levels by item, and what their predecessor scored `before`.

    One query where the framework asks only until a level is decided. Only their own answers spare them others: those
    of their predecessor would give away what these were.
    """
    ladder = ladder_items({assessment.pk: definition})[assessment.pk]
    return OwnWork(frozenset(given) | before, spared(ladder, given, definition))


def items_left(*, user, assessment) -> int:
    """Return how many items a person has still to score; one query where there are none, four at most."""
    left = visibility.own_items_left(user=user, assessment=assessment)
    if not left:
        return 0
    definition = load(assessment.framework_version.definition)
    work = own_work(user=user, assessment=assessment, definition=definition)
    return left - len(work.spared - work.scored)


def ladder_items(definitions):
    """
    Return the open items of criteria that are asked until they are decided, by assessment and the criterion's code.

    `definitions` gives the frameworks by the assessment's key; one query, none where there are no such criteria.
    """
    codes = {
        key: {node.code for node in definition.criteria if node.rule.unanswered != "required"}
        for key, definition in definitions.items()
    }
    found = {key: defaultdict(list) for key in definitions}
    if not any(codes.values()):
        return found
    rows = EvidenceItem.objects.filter(
        assessment__in=codes, criterion__code__in=set().union(*codes.values()), open_for_scoring=True
    ).exclude(statement_code="")
    for key, pk, code, statement in rows.values_list("assessment", "pk", "criterion__code", "statement_code"):
        if code in codes[key]:
            found[key][code].append((pk, statement))
    return found


def spared(by_code, given, definition, known=None):
    """
    Return the keys of the items that need no answer, as one person's judgements and levels `given` by key say.

    `known` keeps what answers came to, for the next person who gave the same.
    """
    found, known = set(), {} if known is None else known
    for code, items in by_code.items():
        answers = tuple(given.get(pk, ("", None)) for pk, _ in items)
        if (code, answers) not in known:
            asked = [_answer(*item, *answer) for item, answer in zip(items, answers, strict=True)]
            known[code, answers] = not_asked(definition, code, asked)
        found.update(pk for pk, _ in items if str(pk) in known[code, answers])
    return frozenset(found)


def _answer(pk, statement, judgement, level):
    return ItemInput(str(pk), level, not_applicable=judgement == Judgement.NOT_APPLICABLE, statement=statement)


def spared_by_person(definitions):
    """
    Return how many open items need no answer of each person any more: by assessment, a dict by the user's key.

    `definitions` gives the frameworks by the assessment's key. Counts alone, for progress. Two queries for those
    that ask only until a level is decided, none where there are none.
    """
    some = {key: definition for key, definition in definitions.items() if not asks_everything(definition)}
    found = {key: {} for key in definitions}
    ladders = ladder_items(some)
    for key, people in visibility.judgements_given(assessments=some).items():
        known = {}
        for user, own in people.items():
            found[key][user] = len(spared(ladders[key], own, some[key], known) - own.keys())
    return found

"""What of an assessment one person has scored, and what their own answers leave nobody to ask them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F

from assessments import visibility
from assessments.models import EvidenceItem, Judgement
from frameworks.definition import load
from frameworks.items import ItemInput
from frameworks.rollup import not_asked
from frameworks.skipping import asks_everything
from partnership.listed import Listed


@dataclass(frozen=True)
class OwnWork:
    """Keys of the items that a person has scored, and of those that need no answer of theirs any more."""

    scored: frozenset[int]
    spared: frozenset[int] = frozenset()


def work_of(given, before, *, items, definition) -> OwnWork:
    """
    Return a person's work from their own judgements and levels by item, and what their predecessor scored `before`.

    `items` are those of the assessment, each with the `code` of its criterion. Only their own answers spare them
    others: those of their predecessor would give away what these were.
    """
    codes, ladders = _asked_until_decided(definition), defaultdict(dict)
    for item in items:
        if item.code in codes and item.open_for_scoring and item.statement_code:
            ladders[item.code][item.statement_code] = item.pk
    spared = set()
    for code, keys in ladders.items():
        answers = {statement: given[pk] for statement, pk in keys.items() if pk in given}
        spared.update(keys[statement] for statement in _needless(definition, code, keys, answers))
    return OwnWork(frozenset(given) | before, frozenset(spared))


def items_left(*, user, assessment) -> int:
    """Return how many items a person has still to score; one query where there are none, four at most."""
    left = visibility.own_items_left(user=user, assessment=assessment)
    if not left:
        return 0
    definition = load(assessment.framework_version.definition)
    if asks_everything(definition):
        return left
    given, before = visibility.own_judgements(user=user, assessment=assessment)
    items = assessment.items.annotate(code=F("criterion__code"))
    work = work_of(given, before, items=items, definition=definition)
    return left - len(work.spared - work.scored)


def spared_by_person(definitions, statements=None):
    """
    Return how many open items need no answer of each person any more: by assessment, a dict by the user's key.

    `definitions` gives the frameworks by the assessment's key. Counts alone, for progress. Two queries for those that
    ask only until a level is decided, with a row for each person and criterion; none where there are none. One of them
    is for the open `statements`, as `open_statements` gives them: a caller who has read the items hands them in.
    """
    some = {key: definition for key, definition in definitions.items() if not asks_everything(definition)}
    found = {key: defaultdict(int) for key in definitions}
    codes = {key: _asked_until_decided(definition) for key, definition in some.items()}
    every = set().union(*codes.values())
    if not every:
        return found
    if statements is None:
        statements = _read_statements(some, every)
    for key, code, user, answers in visibility.answers_given(assessments=some, criteria=every):
        if code in codes[key]:
            found[key][user] += _number_needless(some[key], code, statements[key, code], answers)
    return found


def open_statements(items, *, assessment):
    """Return the codes of the statements among `items` that are open, as one text by assessment and criterion."""
    found = defaultdict(list)
    for item in items:
        if item.open_for_scoring and item.statement_code:
            found[assessment.pk, item.code].append(item.statement_code)
    return {key: ",".join(codes) for key, codes in found.items()}


def _read_statements(assessments, criteria):
    asked = EvidenceItem.objects.filter(assessment__in=assessments, criterion__code__in=criteria, open_for_scoring=True)
    listed = (
        asked.exclude(statement_code="").values("assessment", "criterion__code").annotate(all=Listed("statement_code"))
    )
    return {(key, code): texts for key, code, texts in listed.values_list("assessment", "criterion__code", "all")}


def _asked_until_decided(definition):
    return {node.code for node in definition.criteria if node.rule.unanswered != "required"}


@lru_cache(maxsize=4096)
def _number_needless(definition, code, statements, answers):
    """Return how many of a criterion's `statements` have no answer and need none; both as the queries list them."""
    given = dict(map(_read, answers.split(",")))
    return len(_needless(definition, code, statements.split(","), given) - given.keys())


def _read(answer):
    statement, judgement, level = answer.split("=")
    return statement, (judgement, int(level) if level else None)


def _needless(definition, code, statements, given):
    """Return which of a criterion's `statements` need no answer, as the judgements and levels `given` to some say."""
    asked = [_input(statement, *given.get(statement, ("", None))) for statement in statements]
    return not_asked(definition, code, asked).intersection(statements)


def _input(statement, judgement, level):
    return ItemInput(statement, level, not_applicable=judgement == Judgement.NOT_APPLICABLE, statement=statement)

"""What of an assessment one person has scored, and what their own answers leave nobody to ask them."""

from collections import defaultdict
from dataclasses import dataclass

from assessments import visibility
from assessments.models import Judgement
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
    if asks_everything(definition):
        return OwnWork(frozenset(visibility.own_scored_items(user=user, assessment=assessment)))
    own = visibility.own_scores(user=user, items=assessment.items.all())
    return work_of(own, assessment=assessment, definition=definition)


def work_of(own, *, assessment, definition) -> OwnWork:
    """Return a person's work from their own scores by item; one query where not everything is asked."""
    if asks_everything(definition):
        return OwnWork(frozenset(own))
    given = {pk: (score.judgement, score.level) for pk, score in own.items()}
    return OwnWork(frozenset(given), spared(ladder_items(assessment, definition), given, definition))


def ladder_items(assessment, definition):
    """Return the items of criteria that are asked until they are decided, by the criterion's code; one query."""
    codes = [node.code for node in definition.criteria if node.rule.unanswered != "required"]
    rows = assessment.items.filter(criterion__code__in=codes, open_for_scoring=True).exclude(statement_code="")
    by_code = defaultdict(list)
    for pk, code, statement in rows.values_list("pk", "criterion__code", "statement_code"):
        by_code[code].append((pk, statement))
    return by_code


def spared(by_code, given, definition):
    """Return the keys of the items that need no answer, as one person's judgements and levels `given` by key say."""
    found = set()
    for code, items in by_code.items():
        keys = not_asked(
            definition, code, [_answer(pk, statement, *given.get(pk, ("", None))) for pk, statement in items]
        )
        found.update(pk for pk, _ in items if str(pk) in keys)
    return frozenset(found)


def _answer(pk, statement, judgement, level):
    return ItemInput(str(pk), level, not_applicable=judgement == Judgement.NOT_APPLICABLE, statement=statement)


def spared_by_person(*, assessment, definition):
    """
    Return how many items that are open need no answer of each person any more: a dict by the user's key.

    Counts alone, for progress. No query where the framework asks for everything, two elsewhere.
    """
    if asks_everything(definition):
        return {}
    by_code = ladder_items(assessment, definition)
    given = visibility.judgements_given(assessment=assessment, codes=by_code)
    return {user: len(spared(by_code, own, definition) - own.keys()) for user, own in given.items()}

"""All items of an assessment in one list, for a member who scores them at one sitting."""

from dataclasses import dataclass

from assessments import progress, visibility
from assessments.own_work import work_of
from assessments.score_sheet import SheetItem, agreed_last_time, told_items
from frameworks.definition import Definition, load

UNSCORED, FLAGGED = "unscored", "flagged"


@dataclass(frozen=True)
class ScoreList:
    """
    The items that are open for scoring, in the framework's order, as far as the filters show them.

    `code` is the criterion, or domain, that is asked for, `show` one of `UNSCORED` and `FLAGGED`; both empty for all.
    """

    definition: Definition
    all_items: tuple[SheetItem, ...]
    tasks: progress.TaskList
    code: str = ""
    show: str = ""

    @property
    def items(self):
        return tuple(each for each in self.of_criterion if self._shows(each))

    @property
    def of_criterion(self):
        if not self.code:
            return self.all_items
        return tuple(each for each in self.all_items if each.item.criterion.code == self.code)

    @property
    def unscored(self):
        """How many of the criterion's items wait for the member."""
        return sum(self._waits(each) for each in self.of_criterion)

    @property
    def flagged(self):
        return sum(each.is_flagged for each in self.of_criterion)

    @property
    def criteria(self):
        """The criteria that have items here, in order."""
        asked = {each.item.criterion.code for each in self.all_items}
        return [node for node in self.definition.criteria if node.code in asked]

    def _shows(self, each):
        return {UNSCORED: self._waits(each), FLAGGED: each.is_flagged}.get(self.show, True)

    @staticmethod
    def _waits(each):
        return each.score is None and not each.is_scored_before and not each.is_decided


def load_list(*, assessment, user, code="", show=""):
    """
    Read all items that a person can score now; four queries at most, whatever their number.

    Filters that name nothing show everything.
    """
    definition = load(assessment.framework_version.definition)
    places = {node.code: place for place, node in enumerate(definition.criteria)}
    given, before, own = visibility.own_with_scores(user=user, assessment=assessment)
    every, whole = told_items(assessment=assessment, user=user)
    work = work_of(given, before, items=every, definition=definition)
    items = sorted((item for item in whole if item.open_for_scoring), key=lambda item: places[item.criterion.code])
    earlier = agreed_last_time(assessment, definition, [item for item in items if item.pk in own])
    return ScoreList(
        definition=definition,
        all_items=tuple(
            SheetItem(
                item,
                definition.node(item.criterion.code).scale_of(item.statement_code),
                (),
                own.get(item.pk),
                earlier.get(item.pk, ""),
                is_decided=item.pk in work.spared,
                is_scored_before=item.pk in before and item.pk not in own,
                is_flagged=item.is_flagged,
            )
            for item in items
        ),
        tasks=progress.task_list(assessment=assessment, definition=definition, items=every, work=work),
        code=code if code in places else "",
        show=show if show in {UNSCORED, FLAGGED} else "",
    )

"""What the ICB's reviewers found, as far as a person sees it: it stands beside what was sealed, never in it."""

from dataclasses import dataclass, field

from assessments import review_table
from assessments.findings import Finding
from assessments.models import Decision, Judgement
from assessments.workflow import State


@dataclass(frozen=True)
class Lines:
    """Findings beside the agreed levels: those with another level, and those with the same."""

    differing: list[dict]
    alike: list[dict]

    def __bool__(self):
        return bool(self.differing or self.alike)

    @property
    def total(self):
        return len(self.differing) + len(self.alike)


@dataclass(frozen=True)
class Reviewed:
    """The findings by criterion, empty where the person does not see them, and the decision or None."""

    findings: dict[str, Finding] = field(default_factory=dict)
    decision: Decision | None = None

    @property
    def levels(self):
        """The reviewed levels by criterion; a criterion that was not judged is not among them."""
        return {code: found.level for code, found in self.findings.items() if found.level is not None}

    def lines(self, document):
        """Return the findings beside the agreed levels, in the document's order: those that differ, and the others."""
        lines = list(self._lines(document))
        return Lines([each for each in lines if each["differs"]], [each for each in lines if not each["differs"]])

    def _lines(self, document):
        names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
        for criterion in document["criteria"]:
            if found := self.findings.get(criterion["code"]):
                claimed = criterion["claimed"]["level"]
                yield {
                    "code": criterion["code"],
                    "name": criterion["name"],
                    "words": names.get(found.level) or Judgement(found.judgement).label,
                    "agreed": names.get(claimed, "no level"),
                    "differs": found.level != claimed,
                    "finding": found,
                }


def reviewed_of(*, assessment, capacity) -> Reviewed:
    """Return what somebody who may read the assessment sees of its review; no query before one has begun."""
    if not review_table.may_see_findings(assessment=assessment, capacity=capacity):
        return Reviewed()
    decision = None
    if assessment.state == State.DECIDED:
        decision = Decision.objects.filter(assessment=assessment).only("assessment", "digest", "decided_on").first()
    return Reviewed(review_table.standing(assessments=[assessment])[assessment.pk], decision)

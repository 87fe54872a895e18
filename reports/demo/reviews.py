"""Let the ICB of the demo review what places submitted, and decide, as far as fixtures/demo/reviews.yaml says."""

from assessments import review_table
from assessments.models import Condition, Judgement
from assessments.services import moves, reviewing
from assessments.services.deciding import ConditionSaid, PathwaySaid, close_condition
from assessments.services.replying import reply
from assessments.workflow import Move
from improvement.services.actions import change_action
from partnership.roles import Role


class ReviewOfPlace:
    """One submitted assessment on its way through review. `office` are the system's people, by key."""

    def __init__(self, told, taking_part, *, office):
        self.told, self.part, self.office = told, taking_part, office
        self.assessment, self.dates = taking_part.assessment, taking_part.dates

    def run(self):
        """Go as far as the file says."""
        started = self.told["started_on"]
        self.move(Move.START_REVIEW, on=started, by=self.office["reviewer"])
        for question in self.told.get("questions", ()):
            if "reply" in question:
                self.ask(question)
        self.review()
        for question in self.told.get("questions", ()):
            if "reply" not in question:
                self.ask(question)
        if "finished" in self.told:
            self.finish(self.told["finished"])
        if "decision" in self.told:
            self.decide(self.told["decision"])

    def move(self, move, *, on, by, **extras):
        self.assessment.refresh_from_db()
        moves.make_move(
            assessment=self.assessment,
            move=move,
            based_on=self.assessment.version,
            by=by,
            at=self.dates.at(on, 11),
            **extras,
        )
        self.assessment.refresh_from_db()

    def ask(self, told):
        reply_by = self.dates.day(told["reply_by"])
        self.move(
            Move.ASK,
            on=told["asked_on"],
            by=self.office["reviewer"],
            code=told["criterion"] or "",
            text=told["text"],
            reply_by=reply_by,
        )
        if "reply" in told:
            self.reply(told["reply"], on=told["replied_on"], role=Role.LEAD)

    def reply(self, text, *, on, role):
        question = self.assessment.questions.order_by("-number").first()
        reply(question=question, text=text, by=self.part.someone(role), at=self.dates.at(on, 14))
        self.assessment.refresh_from_db()

    def review(self):
        """Record the findings of the file, and the place's own level where it gives a `rest`."""
        on = self.told.get("finished", {}).get("day", self.told["started_on"])
        for row in review_table.load_review(assessment=self.assessment).asked:
            said = self.told["findings"].get(row.code)
            if said is None and "rest" not in self.told:
                continue
            said = said or {
                "level": row.claimed["level"],
                "confidence": self.told["rest"],
                "words": "",
                "recommendation": "",
            }
            reviewing.review_criterion(
                assessment=self.assessment,
                code=row.code,
                judgement=Judgement.LEVEL,
                based_on=0,
                by=self.office["reviewer"],
                at=self.dates.at(on, 9),
                **said,
            )

    def finish(self, told):
        self.move(
            Move.FINISH_REVIEW,
            on=told["day"],
            by=self.office["reviewer"],
            text=told["text"],
            reply_by=self.dates.day(told["reply_by"]),
        )
        self.reply(told["reply"], on=told["replied_on"], role=Role.CHAIR)

    def decide(self, told):
        self.move(
            Move.DECIDE,
            on=told["day"],
            by=self.office["office"],
            decided_on=self.dates.day(told["day"]),
            pathways=[self.pathway(code, said) for code, said in told["pathways"].items()],
        )
        for said in told["pathways"].values():
            for condition in said["conditions"]:
                if "closed_on" in condition:
                    close_condition(
                        condition=Condition.objects.get(
                            decided__decision__assessment=self.assessment, text=condition["text"]
                        ),
                        words=condition["words"],
                        by=self.office["office"],
                        at=self.dates.at(condition["closed_on"]),
                    )
                    self.tick_off(condition)

    def tick_off(self, condition):
        """Let the lead say that the action for a condition is done, on the day on which the ICB closed it."""
        row = self.assessment.actions.get(condition__text=condition["text"])
        change_action(
            action=row,
            status=row.Status.DONE,
            title=row.title,
            owner=row.owner,
            owner_name=row.owner_name,
            due_on=row.due_on,
            note=condition["done"],
            based_on=row.version,
            by=self.part.someone(Role.LEAD),
            at=self.dates.at(condition["closed_on"], 9),
        )

    def pathway(self, code, said):
        return PathwaySaid(
            pathway=code,
            outcome=said["outcome"],
            functions=said["functions"],
            reasons=said["reasons"],
            conditions=tuple(
                ConditionSaid(
                    text=condition["text"],
                    gate=condition["gate"],
                    owner=self.part.partners[condition["owner"]],
                    due_on=self.dates.day(condition["due_on"]),
                )
                for condition in said["conditions"]
            ),
        )

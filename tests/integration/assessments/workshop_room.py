"""A workshop for tests: the room with its people, and what they do in it by services."""

from assessments.models import Judgement
from assessments.services import voting, workshops
from partnership.roles import Role
from tests import factories
from tests.factories import AT


class Room:
    """A workshop with three members in it, on items, one unless told, that they scored 1, 1 and 4 alone."""

    def __init__(self, items=1):
        assessment = factories.create_assessment()
        for _ in range(items):
            factories.create_item(assessment)
        factories.in_agreeing(assessment, 1, 1, 4)
        self.assessment = type(assessment).objects.select_related("place").get(pk=assessment.pk)
        self.chair = factories.holder(Role.CHAIR, assessment.place)
        self.members = factories.board(assessment.place, 3)
        self.workshop = factories.create_workshop(self.assessment, members=3)

    @property
    def item(self):
        return self.assessment.items.order_by("pk").first()

    def step(self, step, *, by=None, based_on=None, **said):
        self.workshop.refresh_from_db()
        based_on = self.workshop.version if based_on is None else based_on
        return step(workshop=self.workshop, based_on=based_on, by=by or self.chair, at=AT, **said)

    def take(self, **said):
        return self.step(workshops.take_item, item=self.item, **said)

    def voting(self):
        self.take()
        self.step(workshops.open_vote)
        return self

    def vote(self, seat, level, *, based_on=0, ballot=2, **said):
        said = {"judgement": Judgement.LEVEL, "level": level, "reason": ""} | said
        return voting.vote(
            workshop=self.workshop,
            item=self.item,
            ballot=ballot,
            based_on=based_on,
            by=self.members[seat],
            at=AT,
            **said,
        )

    def settle(self, level, *, reason="We heard the minutes", dissent="", agreed=0, **said):
        return self.step(
            workshops.settle,
            judgement=Judgement.LEVEL,
            level=level,
            reason=reason,
            dissent=dissent,
            agreement_based_on=agreed,
            **said,
        )

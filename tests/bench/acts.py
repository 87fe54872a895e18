"""The pages and saves that are measured, on a database that `tests.bench.copies` filled."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from assessments.forms.scoring import ScoreForm
from assessments.models import Assessment, Score
from assessments.workflow import State
from partnership.models import Membership
from partnership.roles import Role
from reports.models import Report
from tests.bench.anew import HEADER
from tests.bench.clients import Client
from tests.bench.reference.models import Line, Tally
from tests.bench.reference.urls import LINES
from tests.bench.run import ANEW

READ, WRITE = "reference read", "reference write"
MOST = 32


@dataclass(frozen=True)
class Act:
    """
    Something that is measured: `make(number, port)` returns what the client of that number does again and again.

    `share` is the throughput that it may not fall below, of the reference `against`; `queries` what reading it costs,
    at most `most_queries`.
    """

    name: str
    make: Callable
    against: str = READ
    share: float | None = None
    queries: int | None = None
    most_queries: int | None = None


class Unexpected(Exception):
    """The portal answered otherwise than it should."""


class World:
    """Who opens what: people and assessments from all over the database, in turns."""

    def __init__(self):
        self.sessions = {}
        self.scoring = self._spread(State.SCORING)
        self.agreeing = self._spread(State.AGREEING)
        members = Membership.objects.filter(role=Role.MEMBER).select_related("user")
        self.members = {
            each.pk: list(members.filter(place=each.place).order_by("pk")) for each in {*self.scoring, *self.agreeing}
        }
        offices = Membership.objects.filter(role=Role.PROGRAMME_OFFICE).select_related("user", "system")
        self.offices = list(offices.order_by("pk"))
        self.report = Report.objects.select_related("seal__assessment__place").order_by("pk").first()

    def _spread(self, state):
        """Return assessments in a state of as many systems as there are, at most so many as there are clients."""
        found = list(Assessment.objects.filter(state=state).select_related("place").order_by("pk"))
        return found[:: max(1, len(found) // MOST)][:MOST]

    def session(self, user):
        """Return the cookie of somebody's session, who signs in for it once."""
        if user.pk not in self.sessions:
            browser = TestClient()
            browser.force_login(user)
            self.sessions[user.pk] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[user.pk]

    def member(self, assessments, number):
        """Return an assessment and one of its members for a client: another pair for each."""
        assessment = assessments[number % len(assessments)]
        members = self.members[assessment.pk]
        return assessment, members[number // len(assessments) % len(members)].user

    # What clients do

    def page(self, choose, **headers):
        """Let each client read the page of the person that `choose(number)` gives: a user and a path."""

        def make(number, port):
            user, path = choose(number)
            client = Client(port, self.session(user))

            def act():
                answer = client.get(path, **headers)
                if answer.status != 200:
                    raise Unexpected(f"{path} gives {answer.status}")

            return act

        make.chosen = choose
        return make

    def writes_reference(self, number, port):
        _, user = self.member(self.scoring, number)
        Tally.objects.get_or_create(user=user)
        client = Client(port, self.session(user))

        def act():
            if client.post("/reference/write").status != 200:
                raise Unexpected("The reference write failed")

        return act

    def saves(self, number, port):
        """Let each client save one item as the scoring page's script does: another level each time."""
        return self.saver(*self.member(self.scoring, number), port=port)

    def saver(self, assessment, user, *, port):
        item = assessment.items.select_related("criterion").order_by("pk")[user.pk % 40]
        own = Score.objects.filter(item=item, membership__user=user).first()
        prefix = ScoreForm.prefix_of(item)
        path = reverse("assessments:score", args=[assessment.public_id, item.criterion.code])
        return Saver(Client(port, self.session(user)), path, prefix, user, item, own)

    def on_assessment(self, assessments, route, *args, **headers):
        def choose(number):
            assessment, user = self.member(assessments, number)
            return user, reverse(route, args=[assessment.public_id, *args])

        return self.page(choose, **headers)

    # The list

    def acts(self):
        """Return everything that is measured, the references first."""
        for number in range(MOST):
            self._lines(self.member(self.scoring, number)[1])
        found = [
            Act(READ, self.page(lambda number: (self.member(self.scoring, number)[1], "/reference/read"))),
            Act(WRITE, self.writes_reference, WRITE),
            Act(
                "my tasks (home)",
                self.page(lambda number: (self.member(self.scoring, number)[1], reverse("reports:home"))),
                share=1 / 3,
                most_queries=8,
            ),
            Act(
                "an assessment's task list",
                self.on_assessment(self.scoring, "assessments:assessment"),
                share=1 / 4,
                most_queries=10,
            ),
            Act(
                "scoring page of a criterion",
                self.on_assessment(self.scoring, "assessments:score", self.largest),
                share=1 / 4,
                most_queries=10,
            ),
            Act("save one score", self.saves, WRITE, share=1 / 3),
            Act(
                "agreeing page of a criterion",
                self.on_assessment(self.agreeing, "assessments:agree", self.largest),
                share=1 / 5,
                most_queries=12,
            ),
            Act(
                f"agreeing page of a criterion{ANEW}",
                self.on_assessment(self.agreeing, "assessments:agree", self.largest, **{HEADER: "yes"}),
            ),
            Act("a place's dashboard", self.page(self._place), share=1 / 5, most_queries=15),
            Act(f"a place's dashboard{ANEW}", self.page(self._place, **{HEADER: "yes"})),
            Act("a system's dashboard", self.page(self._system), share=1 / 8, most_queries=15),
            Act(f"a system's dashboard{ANEW}", self.page(self._system, **{HEADER: "yes"})),
            Act("signed PDF", self.page(self._pdf), most_queries=8),
        ]
        if path := _national():
            choose = self.page(lambda number: (self.offices[number % len(self.offices)].user, path))
            found.insert(-1, Act("national overview", choose, share=1 / 20, most_queries=15))
        return [self._counted(each) for each in found]

    @property
    def largest(self):
        """The code of the criterion with the most items."""
        codes = list(self.scoring[0].items.values_list("criterion__code", flat=True))
        return max(codes, key=codes.count)

    def _place(self, number):
        assessment, user = self.member(self.agreeing, number)
        return user, reverse("reports:place", args=[assessment.place.public_id])

    def _system(self, number):
        office = self.offices[number % min(len(self.offices), MOST)]
        return office.user, reverse("reports:system", args=[office.system.public_id])

    def _pdf(self, number):
        assessment = self.report.seal.assessment
        member = Membership.objects.filter(role=Role.MEMBER, place=assessment.place).select_related("user").first()
        return member.user, reverse("reports:report_pdf", args=[assessment.public_id])

    def _lines(self, user):
        if not Line.objects.filter(user=user).exists():
            Line.objects.bulk_create(
                Line(user=user, number=number, text="A line of ordinary length, as they are.")
                for number in range(LINES)
            )

    def _counted(self, act):
        """Return the act with the number of queries that it costs, where it is a page."""
        if act.most_queries is None:
            return act
        user, path = act.make.chosen(0)
        browser = TestClient(headers={"host": settings.ALLOWED_HOSTS[0]})
        browser.cookies[settings.SESSION_COOKIE_NAME] = self.session(user)
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            browser.get(path)
        return Act(**vars(act) | {"queries": len(queries)})


class Saver:
    """Saves one person's score of one item, and remembers what the portal acknowledged last."""

    def __init__(self, client, path, prefix, user, item, own):
        self.client, self.path, self.prefix, self.user, self.item = client, path, prefix, user, item
        self.version, self.level = (own.version, own.level) if own else (0, None)

    def __call__(self):
        level = 3 if self.level == 2 else 2
        values = {
            "person": str(self.user.public_id),
            f"{self.prefix}-choice": str(level),
            f"{self.prefix}-based_on": str(self.version),
            f"{self.prefix}-shown": "as it was",
        }
        answer = self.client.post(self.path, values, Accept="application/json")
        told = answer.json()["items"][self.prefix] if answer.status == 200 else {}
        if told.get("version") != self.version + 1:
            raise Unexpected(f"{self.path} gives {answer.status} {answer.body[:300]!r}")
        self.version, self.level = told["version"], level

    def is_kept(self):
        """Tell whether what was acknowledged last is what is stored."""
        stored = Score.objects.filter(item=self.item, membership__user=self.user, ballot=self.item.ballot)
        return (self.version, self.level) == stored.values_list("version", "level").get()


def _national():
    try:
        return reverse("reports:national")
    except NoReverseMatch:
        return None

"""
Every form that acts, found on the pages that the route tables list and filled in without knowing what it is about.

A new route that takes posts is found by itself; one that only acts needs its page in `PAGES`, and one whose form cannot
be filled in by the kinds of its controls alone needs its answers in `ANSWERS`, or is named in `LEFT_OUT`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.urls import resolve
from django.utils import timezone

from assessments.services import carrying, standing_in
from assessments.workflow import MOVES, Move, State
from partnership.models import Job
from partnership.permissions import route_table
from partnership.roles import OF_SYSTEM, Role
from reports.services import make_token
from tests import factories
from tests.integration.addresses import KINDS, STATES, Place, of_action, of_workshop
from tests.page_forms import PageForm, forms_of
from tests.recalled import READS, WRITES

# Where the form of a route stands that only acts.
PAGES = {
    "assessments:item_cite": "assessments:item",
    "assessments:item_uncite": "assessments:item",
    "assessments:deputy_withdraw": "assessments:deputies",
    "assessments:stand_in_withdraw": "assessments:stand_ins",
    "partnership:invitation_send_again": "partnership:invitation",
    "partnership:invitation_withdraw": "partnership:invitation",
    "reports:token_revoke": "reports:tokens",
}
AHEAD = ("until_", "reach_by_", "planned_on_", "due_on_")
TWO_YEARS = timedelta(days=730)
ANSWERS = {
    "assessments:item_edit": {"number": "1"},
    "assessments:agreement_add": {"held_at": ""},
    "assessments:agreement_edit": {"held_at": ""},
    "assessments:body_add": {"chair_post": "", "answers_to_organisation": ""},
    "assessments:body_edit": {"chair_post": "", "answers_to_organisation": ""},
    # What has a reason, so that it is stored.
    "assessments:score_all": {"SO1-item1-choice": "NOT_APPLICABLE"},
    "partnership:invite": {"email": "typed@people.example"},
}
# Forms that need more than this walk knows to fill in, or rows that this place has not. Tests of their own send them.
LEFT_OUT = {
    # It stores nothing, which a test of its own shows.
    "assessments:practice",
    # They take a file: `test_importing`, `test_workbook`.
    "assessments:import_items",
    "assessments:workbook",
    # They ask in two steps.
    "partnership:close_places",
    "partnership:help_history",
    "partnership:invite_several",
    # A vote is open in a room for a moment: `test_workshops_race`.
    "assessments:workshop_join",
    "assessments:workshop_vote",
    # It holds whatever form came too late: `test_kept_forms`.
    "partnership:kept",
    # What was ordered before is found again: `test_papers`.
    "reports:round_reports",
}
# Forms that are about no assessment's state: the register, governance and help are kept, rounds opened and people
# invited in any, and what the ICB made a condition is owed, and closed, and papers are made, whatever comes after.
WITHOUT_STATE = {
    "assessments:agreement_add",
    "assessments:agreement_edit",
    "assessments:agreement_end",
    "assessments:artefact_add",
    "assessments:artefact_edit",
    "assessments:artefact_end",
    "assessments:body_add",
    "assessments:body_edit",
    "assessments:body_end",
    "assessments:decision",
    "assessments:round_dates",
    "assessments:round_open",
    "assessments:round_place",
    "improvement:help_add",
    "improvement:help_edit",
    "partnership:help_edit",
    "partnership:invitation_send_again",
    "partnership:invitation_withdraw",
    "partnership:invite",
    "reports:decision_pdf",
    "reports:report_pdf",
    "reports:summary_pdf",
    "reports:token_revoke",
    "reports:tokens",
}
# Forms whose words tell why, or go with another answer: they stand in a history, not in the row that the page shows.
WORDS_IN_HISTORY = {"assessments:move", "assessments:round_dates", "assessments:sign"}
# What a form leaves behind that is no effect of it.
TRACES = {"FormToken", "Session", "Attempt", "LogEntry"}
MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}


@dataclass(frozen=True, eq=False)
class Found:
    """A form as a person found it: `name` tells it from the others of its route."""

    route: str
    name: str
    person: object
    page: str
    form: PageForm
    state: State

    def __str__(self):
        return f"{self.route} {self.name} at {self.page} ({self.state})"

    @property
    def texts(self):
        """The names of the controls that take words."""
        controls = self.form.controls.values()
        return [each.name for each in controls if each.kind in {"textarea", "text"} and takes_words(each.name)]

    @property
    def based_on(self):
        """The names of the controls that say which version of a row the page showed."""
        return [name for name in self.form.controls if name.endswith("based_on")]

    @property
    def another_token(self):
        """What another page of the same form sends in place of this one's token."""
        return {name: str(uuid4()) for name in self.form.controls if name.endswith("token") and name[0] != "c"}

    def filled(self, words="Typed words"):
        data = self.form.values()
        for control in self.form.controls.values():
            if (value := answer(control, words)) is not None:
                data[control.name] = value
        return data | ANSWERS.get(self.route, {})


def takes_words(name):
    return not name.endswith(("_day", "_month", "_year", "number", "minimum_signatures", "url"))


def answer(control, words):
    """Return what to fill into a control, None to leave it as it is."""
    day = timezone.localdate()
    for part in ("day", "month", "year"):
        if control.name.endswith(f"_{part}"):
            return str(getattr(day + TWO_YEARS if control.name.startswith(AHEAD) else day, part))
    if control.kind in {"textarea", "text"} and takes_words(control.name):
        return words
    if control.kind == "url":
        return control.value or "https://documents.example/typed"
    if control.kind in {"radio", "select"}:
        # What is chosen already would change nothing, but the words do.
        return None if control.chosen and control.chosen != [""] else next(filter(None, control.choices), None)
    if control.kind == "checkbox" and not control.chosen:
        return control.choices[:1]
    return None


class BusyPlace(Place):
    """A place where every form of the tables has something to act on."""

    def __init__(self, system):
        # Names sort as they were written, whichever tests have counted before: Person 99 comes behind Person 102.
        with factories.written_otherwise(100_001):
            super().__init__(system)
            self._busy(system)

    def _busy(self, system):
        # Their names come last in every list, so that what is chosen first belongs to this place.
        neighbour = factories.create_place("Zennor", system=system)
        partner = factories.create_organisation("Zennor council", place=neighbour)
        factories.create_membership(place=neighbour, organisation=partner)
        self.people |= {role: factories.holder(role, self.place) for role in sorted(OF_SYSTEM)}
        factories.create_artefact(self.place)
        factories.create_signature(self.assessments[State.SIGNING], by=factories.create_signatory(self.place))
        # A later round, into which the items of two earlier ones may be brought; those of one are there already.
        preparing = self.assessments[State.PREPARING] = factories.create_assessment(
            place=self.place, opens_on=date(2026, 10, 15)
        )
        self.items[State.PREPARING] = factories.create_item(preparing)
        factories.create_artefact(self.place, item=self.items[State.PREPARING])
        carrying.carry_forward(
            assessment=preparing,
            source=self.assessments[State.SCORING],
            by=self.people[Role.LEAD],
            at=factories.AT,
        )
        self.artefact = factories.create_artefact(self.place, item=self.items[State.PREPARING])
        self.delegation = factories.create_delegation(preparing, by=self.people[Role.SIGNATORY])
        # Agreeing without a workshop yet, with an optional part, and with the lead free to stand in once more.
        agreeing = self.assessments[State.AGREEING] = factories.create_assessment(place=self.place)
        for code in ("SO1", "SO3"):
            factories.create_item(agreeing, code=code)
        factories.in_agreeing(agreeing)
        self.items[State.AGREEING] = agreeing.items.first()
        standing_in.withdraw_stand_in(
            assessment=preparing, stand_in=self.stand_in, by=self.people[Role.CHAIR], at=factories.AT
        )
        # The worker gave up what was ordered, so that it may be ordered again.
        Job.objects.update(failed_at=factories.AT)
        make_token(
            system=system,
            name="Power BI",
            expires_on=timezone.localdate(),
            by=self.people[Role.PROGRAMME_OFFICE],
            at=timezone.now(),
        )

    def assessment_of(self, found):
        """Return the assessment that a form is about; the addresses of some say only what hangs on it."""
        told = {of_workshop: self.workshop, of_action: self.action}.get(KINDS.get(found.route))
        return told.assessment if told else self.assessments[found.state]


def forms_of_route(client, place, name):
    """Return the forms of one route: the first of each kind, over those who may send it and the states."""
    route, found = route_table()[name], {}
    page = name if route.read is not None else PAGES[name]
    for role in sorted(route.post, key=lambda role: (role != Role.LEAD, role)):
        person = place.people.get(role)
        if person is None:
            continue
        client.force_login(person)
        for state in STATES:
            for address in place.addresses(page, [state]):
                if name == "assessments:move" and not leads_on(address, state):
                    continue
                response = client.get(address)
                if response.status_code != 200 or "html" not in response["Content-Type"]:
                    continue
                for form in forms_of(response.text, address):
                    # Where nothing can be chosen any more there is no form but its frame.
                    if form.method != "post" or not (
                        form.controls.keys() - {"csrfmiddlewaretoken"} or route.read is None
                    ):
                        continue
                    form.action = form.action.partition("#")[0] or address
                    match = resolve(form.action.partition("?")[0])
                    if match.view_name == name:
                        each = Found(name, kind_of(form, match), person, address, form, state)
                        if f"{name} {each.name}".strip() not in LEFT_OUT:
                            found.setdefault(each.name, each)
                # A form that names neither move nor act is the only one of its route, or stands beside the others.
                if "" in found:
                    return list(found.values())
    return list(found.values())


def kind_of(form, match):
    """Tell a form from the others of its route: by the move, the act that it names, or nothing."""
    act = form.controls.get("act")
    return str(match.kwargs.get("move", act.value if act else ""))


def leads_on(address, state):
    """Tell whether the move in an address leads on from the state."""
    return state in MOVES[Move(address.rstrip("/").rpartition("/")[2].replace("-", "_").upper())].sources


def acting_routes():
    """Return the routes whose forms people send for the part that they have at a place or in its system."""
    by_role = (name for name, route in route_table().items() if isinstance(route.post, frozenset))
    return sorted(name for name in by_role if name not in LEFT_OUT)


def stored():
    """Return all rows of all models but for the traces, as the database holds them."""
    return {model.__name__: rows_of(table) for table, model in MODELS.items() if model.__name__ not in TRACES}


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{MODELS[table]._meta.pk.column}"')
        return cursor.fetchall()


class Changes:
    """What is done to the rows of the database meanwhile. A table is read before it is first written to."""

    def __enter__(self):
        self.before, self.watching = {}, connection.execute_wrapper(self.watch)
        self.watching.__enter__()
        return self

    def __exit__(self, *raised):
        self.watching.__exit__(*raised)

    def watch(self, execute, sql, params, many, context):
        if not sql.startswith((*READS, "SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            table = WRITES.match(sql)[2]
            if table not in self.before:
                self.before[table] = rows_of(table)
        return execute(sql, params, many, context)

    @property
    def models(self):
        """The names of the models whose rows are no longer as they were, but for the traces."""
        tables = [table for table, before in self.before.items() if rows_of(table) != before]
        return sorted(MODELS[table].__name__ for table in tables if MODELS[table].__name__ not in TRACES)

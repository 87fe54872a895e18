"""
Every form that acts, found on the pages that the route tables list and filled in without knowing what it is about.

A new route that takes posts is found by itself; one that only acts needs its page in `PAGES`, and one whose form cannot
be filled in by the kinds of its controls alone needs its answers in `ANSWERS`, or is named in `LEFT_OUT`.
"""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.urls import resolve

from assessments.services import carrying
from assessments.workflow import State
from partnership.permissions import route_table
from partnership.roles import OF_SYSTEM, Role
from tests import factories
from tests.integration.test_roles_by_route import STATES, Place
from tests.page_forms import PageForm, forms_of

# Where the form of a route stands that only acts.
PAGES = {
    "assessments:item_cite": "assessments:item",
    "assessments:item_uncite": "assessments:item",
    "assessments:deputy_withdraw": "assessments:deputies",
    "assessments:stand_in_withdraw": "assessments:stand_ins",
    "partnership:invitation_send_again": "partnership:invitation",
    "partnership:invitation_withdraw": "partnership:invitation",
}
TODAY = date.today()  # noqa: DTZ011
AHEAD = ("until_year", "reach_by_year", "planned_on_year", "due_on_year")
ANSWERS = {
    "assessments:item_edit": {"number": "1"},
    "assessments:agreement_add": {"held_at": ""},
    "assessments:agreement_edit": {"held_at": ""},
    "assessments:body_add": {"chair_post": "", "answers_to_organisation": ""},
    "assessments:body_edit": {"chair_post": "", "answers_to_organisation": ""},
    "partnership:invite": {"email": "typed@people.example"},
}
# Forms that need more than this walk knows to fill in, or rows that this place has not. Tests of their own send them.
LEFT_OUT = {
    # It stores nothing, which a test of its own shows.
    "assessments:practice",
    "assessments:deputy_withdraw",
    "assessments:leave_out",
    "assessments:move PUT_UP",
    "assessments:move SCORE_AGAIN",
    "assessments:round_place",
    "assessments:stand_ins",
    "assessments:workbook",
    "assessments:workshop",
    "assessments:workshop_join",
    "assessments:workshop_vote",
    "partnership:close_places",
    "partnership:invite_several",
    "partnership:kept",
    "reports:token_revoke",
}
# What a form leaves behind that is no effect of it.
TRACES = {"FormToken", "Session", "Attempt", "LogEntry"}


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
    for part in ("day", "month", "year"):
        if control.name.endswith(f"_{part}"):
            return str(getattr(TODAY, part) + (2 if control.name in AHEAD else 0))
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
        super().__init__(system)
        factories.create_membership(place=factories.create_place(system=system))
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
    return list(found.values())


def kind_of(form, match):
    """Tell a form from the others of its route: by the move, the act that it names, or nothing."""
    act = form.controls.get("act")
    return str(match.kwargs.get("move", act.value if act else ""))


def acting_routes():
    """Return the routes whose forms people send for the part that they have at a place or in its system."""
    by_role = (name for name, route in route_table().items() if isinstance(route.post, frozenset))
    return sorted(name for name in by_role if name not in LEFT_OUT)


def stored():
    """Return all rows of all models but for the traces."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model.__name__ not in TRACES and model._meta.managed
    }


def differences(before, after):
    """Return the models whose rows differ."""
    return sorted(name for name in after if before[name] != after[name])

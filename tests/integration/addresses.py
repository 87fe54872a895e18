"""What stands in each route's address: a place with an assessment in every state, and which row a route is about."""

from django.urls import reverse

from assessments.workflow import MOVES, Move, State
from partnership.permissions import route_table
from partnership.roles import AT_PLACE, Role
from reports.paper_services import order_round
from tests import factories

BY_ROLE = sorted(name for name, route in route_table().items() if isinstance(route.read, frozenset))
STATES = [state for state in State if state != State.WITHDRAWN]


class Place:
    """A place with an assessment in every state, an artefact, an action, and one person for each role."""

    def __init__(self, system):
        self.place = factories.create_place(system=system)
        self.people = {role: factories.holder(role, self.place) for role in sorted(AT_PLACE)}
        self.assessments = {state: factories.create_assessment(place=self.place, state=state) for state in STATES}
        self.items = {state: assessment.items.first() for state, assessment in self.assessments.items()}
        self.items[State.PREPARING] = factories.create_item(self.assessments[State.PREPARING])
        self.artefact = factories.create_artefact(self.place, item=self.items[State.PREPARING])
        self.delegation = factories.create_delegation(self.assessments[State.PREPARING], by=self.people[Role.SIGNATORY])
        self.workshop = factories.create_workshop(self.assessments[State.AGREEING], held_by=self.people[Role.MEMBER])
        office = factories.holder(Role.PROGRAMME_OFFICE, self.place)
        self.order = order_round(round=self.assessments[State.SUBMITTED].round, by=office, at=factories.AT)
        self.stand_in, *_ = factories.create_stand_ins(self.assessments[State.PREPARING])
        self.action = factories.create_action(self.assessments[State.PREPARING])
        self.invitation = factories.create_invitation(place=self.place)
        self.body = factories.create_body(self.place)
        self.agreement = factories.create_partnership_agreement(self.place)
        self.help = factories.create_help(self.place)

    def addresses(self, name, states=STATES):
        """Return the addresses that a route has here, one per state, or several where the address names a move."""
        values = [KINDS[name](self, state) for state in states]
        if name == "assessments:move":
            values = [each | {"move": move} for each in values for move in Move if not MOVES[move].follows]
        # Many routes have the same address for every state.
        return list(dict.fromkeys(reverse(name, kwargs=each) for each in values))


def of_assessment(place, state):
    return {"public_id": place.assessments[state].public_id}


def of_criterion(place, state):
    return of_assessment(place, state) | {"code": "SO1"}


def of_optional_part(place, state):
    return of_assessment(place, state) | {"code": "SO3"}


def of_chart(place, state):
    return of_assessment(place, state) | {"name": "coverage", "kind": "csv"}


def of_pathway(place, state):
    return of_assessment(place, state) | {"code": "seed-fund"}


def of_data(place, state):
    return of_assessment(place, state) | {"kind": "json"}


def of_round_paper(place, state):
    return {"public_id": place.order.public_id, "kind": "system.pdf"}


def of_item(place, state):
    return of_assessment(place, state) | {"item_id": place.items[state].public_id}


def of_citation(place, state):
    return of_item(place, state) | {"artefact_id": place.artefact.public_id}


def of_delegation(place, state):
    return of_assessment(place, state) | {"delegation_id": place.delegation.public_id}


def of_workshop(place, state):
    return {"public_id": place.workshop.public_id}


def of_stand_in(place, state):
    return of_assessment(place, state) | {"stand_in_id": place.stand_in.public_id}


def of_place(place, state):
    return {"public_id": place.place.public_id}


def of_artefact(place, state):
    return {"public_id": place.artefact.public_id}


def of_body(place, state):
    return {"public_id": place.body.public_id}


def of_agreement(place, state):
    return {"public_id": place.agreement.public_id}


def of_help(place, state):
    return {"public_id": place.help.public_id}


def of_action(place, state):
    return {"public_id": place.action.public_id}


def of_system(place, state):
    return {"public_id": place.place.system.public_id}


def of_criterion_of_system(place, state):
    return of_system(place, state) | {"code": "SO1"}


def of_chart_of_system(place, state):
    return of_system(place, state) | {"name": "levels", "kind": "csv"}


def of_help_page(place, state):
    return of_system(place, state) | {"page": "start"}


def of_invitation(place, state):
    return {"public_id": place.invitation.public_id}


def of_round(place, state):
    return {"public_id": place.assessments[state].round.public_id}


def of_criterion_of_round(place, state):
    return of_round(place, state) | {"code": "SO1"}


def of_data_of_round(place, state):
    return of_round(place, state) | {"kind": "json"}


# What stands in each address. A new address belongs here, or its tests fail.
KINDS = {
    "partnership:invitations": of_system,
    "partnership:invite": of_system,
    "partnership:invite_several": of_system,
    "partnership:invitation": of_invitation,
    "partnership:help_page": of_help_page,
    "partnership:help_edit": of_help_page,
    "partnership:help_history": of_help_page,
    "partnership:places": of_system,
    "partnership:close_places": of_system,
    "assessments:assessment": of_assessment,
    "assessments:score": of_criterion,
    "assessments:score_all": of_assessment,
    "assessments:workbook": of_assessment,
    "assessments:workbook_file": of_assessment,
    "assessments:paper": of_assessment,
    "assessments:scored": of_assessment,
    "assessments:practice": of_assessment,
    "assessments:bring": of_assessment,
    "assessments:carried": of_assessment,
    "assessments:import_items": of_assessment,
    "assessments:items": of_criterion,
    "assessments:item_add": of_criterion,
    "assessments:item": of_item,
    "assessments:item_edit": of_item,
    "assessments:notes": of_item,
    "assessments:item_remove": of_item,
    "assessments:item_cite": of_item,
    "assessments:item_uncite": of_citation,
    "assessments:register": of_place,
    "assessments:artefact_add": of_place,
    "assessments:artefact": of_artefact,
    "assessments:artefact_edit": of_artefact,
    "assessments:artefact_end": of_artefact,
    "assessments:artefact_file": of_artefact,
    "assessments:body_add": of_place,
    "assessments:body_edit": of_body,
    "assessments:body_end": of_body,
    "assessments:agreement_add": of_place,
    "assessments:agreement_edit": of_agreement,
    "assessments:agreement_end": of_agreement,
    "assessments:round_open": of_system,
    "assessments:round": of_round,
    "assessments:round_dates": of_round,
    "assessments:round_place": of_round,
    "assessments:deadlines": of_assessment,
    "assessments:move": of_assessment,
    "assessments:agreeing": of_assessment,
    "assessments:agree": of_criterion,
    "assessments:agree_undisputed": of_assessment,
    "assessments:leave_out": of_optional_part,
    "assessments:workshop": of_assessment,
    "assessments:workshop_screen": of_workshop,
    "assessments:workshop_vote": of_workshop,
    "assessments:workshop_pulse": of_workshop,
    "assessments:workshop_record": of_workshop,
    "assessments:reopen": of_assessment,
    "assessments:sign": of_assessment,
    "assessments:signoff": of_assessment,
    "assessments:deputies": of_assessment,
    "assessments:stand_ins": of_assessment,
    "assessments:stand_in_withdraw": of_stand_in,
    "assessments:deputy_withdraw": of_delegation,
    "assessments:review": of_assessment,
    "assessments:review_criterion": of_criterion,
    "assessments:review_across": of_criterion_of_round,
    "assessments:questions": of_assessment,
    "assessments:peers": of_assessment,
    "assessments:decision": of_assessment,
    "reports:targets": of_assessment,
    "reports:pathway": of_pathway,
    "reports:report": of_assessment,
    "reports:report_pdf": of_assessment,
    "reports:place": of_place,
    "reports:governance": of_place,
    "reports:whole": of_assessment,
    "reports:level": of_criterion,
    "reports:chart": of_chart,
    "reports:system": of_system,
    "reports:system_criterion": of_criterion_of_system,
    "reports:system_rounds": of_system,
    "reports:system_chart": of_chart_of_system,
    "reports:tokens": of_system,
    "reports:summary_pdf": of_assessment,
    "reports:decision_pdf": of_assessment,
    "reports:round_reports": of_round,
    "reports:round_report_file": of_round_paper,
    "reports:data": of_assessment,
    "reports:data_file": of_data,
    "reports:round_data": of_round,
    "reports:round_data_file": of_data_of_round,
    "improvement:actions": of_place,
    "improvement:action_add": of_assessment,
    "improvement:action_edit": of_action,
    "improvement:help": of_system,
    "improvement:help_add": of_place,
    "improvement:help_edit": of_help,
}

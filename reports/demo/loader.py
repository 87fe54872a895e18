"""Load the whole demo, in the order in which it would have happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from assessments.models import Assessment
from assessments.services import deadlines
from assessments.services.rounds import open_round
from assessments.services.standing_in import let_stand_in
from frameworks.models import FrameworkVersion, Node
from frameworks.services import publish_version
from improvement.services import helping
from partnership import mail
from partnership.models import System
from partnership.roles import Role
from partnership.services.invitations import invite
from partnership.services.people import give_demo_password
from partnership.services.preferences import Kind, choose
from reports.demo import cases, closed
from reports.demo.dates import Dates
from reports.demo.people import FOUNDED, add_place, add_system
from reports.demo.reviews import ReviewOfPlace
from reports.demo.rounds import PlaceInRound, add_agreements, add_artefacts

FRAMEWORK = ("place-development", "1.0")
# The people of the demo who get reminders and weekly summaries.
REMINDED = ("member@sthelens.example", "office@icb.example")


def is_loaded():
    """Say whether the demo's system is there; loading is one act or none, so that then all of it is."""
    return System.objects.filter(name=cases.read("system.yaml")["system"]["name"]).exists()


def load(*, today, say):
    """
    Load the demo as of a day, telling `say` what is being done, a line at a time.

    The caller holds a transaction, so that a load that breaks off leaves nothing behind.
    """
    dates = Dates.as_of(today)
    system_file, reviews = cases.read("system.yaml"), cases.read("reviews.yaml")
    version = _framework(at=dates.at(FOUNDED))
    nodes = {node.code: node for node in Node.objects.filter(version=version)}
    say("People, places and organisations")
    system, board, office = add_system(system_file, dates=dates)
    places = []
    for case in cases.places(system_file):
        first = system_file["rounds"][0]
        places.append(_with_register(case, before=first, system=system, board=board, dates=dates))
    told = system_file["closed"]
    former = _with_register(
        closed.case_of(told, system_file), before=told["round"], system=system, board=board, dates=dates
    )
    _invite(system_file["invitations"], places, by=office["office"], dates=dates)
    here = [*places, former]
    _keep_quiet([*office.values(), *(person for _, _, persons, *_ in here for person in persons.values())], dates)
    give_demo_password()
    rounds = _Rounds(system, version, nodes, office, reviews, dates, say)
    rounds.hold(told["round"], [former])
    successor = next(place for _, place, *_ in places if place.name == told["successor"])
    closed.close_place(told, system=system, place=former[1], successor=successor, by=office["office"], dates=dates)
    for described in system_file["rounds"]:
        opened = rounds.hold(described, places)
        _extend(described.get("extensions", ()), opened, places, by=office["office"], dates=dates)
        _let_stand_in(described.get("stand_ins", ()), opened, places, dates=dates)
    _help(system_file["help"], places, nodes=nodes, dates=dates)
    mail.count_demo_as_sent(at=timezone.now())


def _with_register(case, *, before, system, board, dates):
    """Add a place with its register, filled a week before a round; return all of it, and no lineages yet."""
    place, persons, partners = add_place(case, system=system, board=board, dates=dates)
    day = before["opens_on"] - timedelta(days=7)
    artefacts = add_artefacts(case, place, persons=persons, partners=partners, dates=dates, day=day)
    add_agreements(case, place, partners=partners, artefacts=artefacts, at=dates.at(FOUNDED))
    return case, place, persons, partners, artefacts, {}


@dataclass(frozen=True)
class _Rounds:
    """What is the same for all rounds of the demo."""

    system: System
    version: FrameworkVersion
    nodes: dict
    office: dict
    reviews: dict
    dates: Dates
    say: Callable

    def hold(self, described, places):
        """Open a round for places, let each go as far as its file says, and return the round."""
        dates, by = self.dates, self.office["office"]
        opened = open_round(
            system=self.system,
            framework_version=self.version,
            name=dates.season(described["opens_on"]),
            opens_on=dates.day(described["opens_on"]),
            scoring_closes_on=dates.day(described["scoring_closes_on"]),
            signing_closes_on=dates.day(described["signing_closes_on"]),
            places=[place for _, place, *_ in places],
            minimum_signatures=described["minimum_signatures"],
            signatories={place: [partners[key] for key in case.required] for case, place, _, partners, *_ in places},
            visibility=described["visibility"],
            by=by,
            at=dates.at(described["opens_on"]),
        )
        for case, place, persons, partners, artefacts, lineages in places:
            self.say(f"{opened.name}: {place.name}")
            taking_part = PlaceInRound(
                case,
                case.rounds[described["key"]],
                Assessment.objects.get(round=opened, place=place),
                persons=persons,
                partners=partners,
                nodes=self.nodes,
                artefacts=artefacts,
                dates=dates,
            )
            taking_part.run(lineages)
            taking_part.follow_up()
            if told := self.reviews.get(place.name, {}).get(described["key"]):
                ReviewOfPlace(told, taking_part, office=self.office).run()
        return opened


def _extend(extensions, opened, places, *, by, dates):
    """Let places ask for more time, and give it where the file says so."""
    leads = {place.name: case.lead(persons) for case, place, persons, *_ in places}
    for told in extensions:
        assessment = Assessment.objects.get(round=opened, place__name=told["place"])
        until = dates.day(told["until"])
        deadlines.ask_for_time(
            assessment=assessment,
            until=until,
            reason=told["reason"],
            by=leads[told["place"]],
            at=dates.at(told["asked_on"]),
        )
        if "answer" in told:
            deadlines.give_time(
                assessment=assessment,
                until=until,
                reason=told["answer"],
                based_on=assessment.version,
                by=by,
                at=dates.at(told["given_on"]),
            )


def _help(entries, places, *, nodes, dates):
    """Let leads say what their places offer and ask."""
    by_name = {place.name: (place, case.lead(persons), partners) for case, place, persons, partners, *_ in places}
    for told in entries:
        place, lead, partners = by_name[told["place"]]
        helping.say(
            place=place,
            criterion=nodes[told["criterion"]],
            kind=told["kind"],
            contact=partners[told["contact"]],
            words=told["words"],
            by=lead,
            at=dates.at(told["said_on"]),
        )


def _let_stand_in(stand_ins, opened, places, *, dates):
    """Let chairs say what the lead does in their place, and for how long."""
    people = {place.name: (case, persons) for case, place, persons, *_ in places}
    for told in stand_ins:
        case, persons = people[told["place"]]
        let_stand_in(
            assessment=Assessment.objects.get(round=opened, place__name=told["place"]),
            lead=case.lead(persons).memberships.get(role=Role.LEAD),
            powers=told["powers"],
            starts_on=dates.day(told["starts_on"]),
            ends_on=dates.day(told["ends_on"]),
            by=case.holder(Role.CHAIR, persons),
            at=dates.at(told["said_on"]),
        )


def _invite(invitations, places, *, by, dates):
    for told in invitations:
        place, partners = next((place, partners) for _, place, _, partners, *_ in places if place.name == told["place"])
        invite(
            place=place,
            email=told["email"],
            name=told["name"],
            role=told["role"],
            organisation=partners[told["organisation"]],
            by=by,
            at=dates.at(told["sent_on"], 8),
        )


def _keep_quiet(people, dates):
    """Let most switch reminders and summaries off: the worker prints e-mails, and a hundred would hide the rest."""
    for person in people:
        if person.email not in REMINDED:
            choose(person=person, wanted=[Kind.REVIEWS], by=person, at=dates.at(FOUNDED))


def _framework(*, at):
    call_command("loaddata", "place_development_1_0", verbosity=0)
    version = FrameworkVersion.objects.get_by_natural_key(*FRAMEWORK)
    if not hasattr(version, "publication"):
        publish_version(version=version, by=None, at=min(at, timezone.now()))
    return version

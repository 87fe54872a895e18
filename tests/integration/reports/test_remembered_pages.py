"""Dashboards remember what they made: nobody is shown what is another's to see, and nothing that has changed since."""

import io
import re
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Condition
from assessments.services import deadlines, deciding, dissenting, register, reviewing
from assessments.services.notes import write_note
from assessments.uploads import Upload
from assessments.workflow import Move, State
from improvement.services import actions
from partnership.models import AuditChain, Organisation
from partnership.remembered import PARTS
from partnership.roles import BOARD, Role
from partnership.services import closing, organisations, people, places
from reports.views import places as places_view
from tests import factories
from tests.factories import AT
from tests.kept import kept
from tests.unit.frameworks.definitions import garden
from tests.whole_round import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seals_are_only_counted")]
FIRST = {"opens_on": date(2026, 4, 1), "scoring_closes_on": date(2026, 5, 1), "signing_closes_on": date(2026, 6, 1)}
TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"')
TOKEN = re.compile(r'(name="(?:csrfmiddlewaretoken|\w+-token)") value="[^"]*"')
# Who is signed in, and where the chains' heads stand.
NOT_SHOWN = {"django_session", AuditChain._meta.db_table}


class World:
    """A place with a decided round and one that its board is agreeing on, beside another place of the system."""

    def __init__(self):
        self.place = factories.create_place("Ash")
        other = factories.create_place("Birch", system=self.place.system)
        opened = factories.create_round(system=self.place.system, name="Spring round", **FIRST)
        earlier = {each.place_id: each for each in opened.assessments.select_related("place", "round")}
        self.earlier = earlier[self.place.pk]
        item = factories.create_item(self.earlier)
        self.artefact = factories.create_artefact(self.place, item=item, title="Our plan")
        factories.create_artefact(self.place, item=item, title="Board minutes", sensitivity="BOARD")
        factories.WAYS[State.DECIDED](self.earlier)
        factories.submitted(earlier[other.pk])
        self.later = factories.create_assessment(place=self.place, name="Autumn round")
        factories.create_artefact(self.place, item=factories.create_item(self.later), title="New figures")
        self.action = factories.create_action(self.later, title="Write it down")
        factories.in_agreeing(self.later, 1, 2, 4)
        agreement = factories.create_agreement(self.later.items.get(), level=3, reason="We compared the minutes")
        member = factories.board(self.place, 1)[0]
        factories.create_dissent(agreement, text="Not so", attributed=False, by=member)
        own = member.memberships.get().organisation
        write_note(item=agreement.item, organisation=own, text="Between us", based_on=0, by=member, at=AT)
        self.people = {
            **{role: factories.holder(role, self.place) for role in Role},
            "next door": factories.holder(Role.LEAD, other),
        }

    @property
    def addresses(self):
        here = partial(reverse, "reports:place", args=[self.place.public_id])
        system = partial(reverse, "reports:system", args=[self.place.system.public_id])
        earlier = {"round": self.earlier.public_id}
        return [
            here(),
            here(query=earlier),
            here(query=earlier | {"view": "radar"}),
            here(query=earlier | {"standing": "incomplete"}),
            system(),
            system(query={"standing": "short"}),
            reverse("assessments:agree", args=[self.later.public_id, "SO1"]),
        ]


@kept
def world(django_db_setup):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ON_SEALED", ["reports.services.count_seal"])
        return World()


def shown(client, person, address):
    """Return what somebody is shown but for the page's frame and the tokens, which are made anew each time."""
    client.force_login(person)
    response = client.get(address)
    said = response.text.partition("<main")[2].partition("</main>")[0]
    return response.status_code, TOKEN.sub(r"\1", said)


def test_each_sees_what_they_would_with_nothing_remembered_whoever_asked_before(client, world):
    alone = {}
    for who, person in world.people.items():
        for address in world.addresses:
            PARTS.forget()
            alone[who, address] = shown(client, person, address)
    assert len(set(alone.values())) > 2 * len(world.addresses)

    PARTS.forget()
    for who in [*world.people, *reversed(world.people)]:
        for address in world.addresses:
            assert shown(client, world.people[who], address) == alone[who, address], (who, address)


def test_on_the_agreeing_page_forms_notes_and_dissents_are_for_whom_they_are(client, world):
    agree = world.addresses[-1]
    told = {who: shown(client, person, agree)[1] for who, person in world.people.items()}

    for words, those in (
        ("Record and stay", {Role.CHAIR}),
        ("Record my dissent", {Role.MEMBER}),
        ("Withdraw my dissent", {Role.MEMBER}),
        ("Between us", {Role.MEMBER}),
        ("Not so", BOARD),
    ):
        assert {who for who, text in told.items() if words in text} == those, words


def test_each_form_of_the_agreeing_page_has_a_token_of_its_own_each_time(client, world):
    client.force_login(world.people[Role.MEMBER])

    pages = [client.get(world.addresses[-1]).text for _ in range(2)]

    tokens = [set(re.findall(r'name="(?:dissent|withdraw)\w+-token" value="([^"]+)"', text)) for text in pages]
    assert [len(each) for each in tokens] == [2, 2]
    assert not tokens[0] & tokens[1]


def test_what_one_member_may_not_open_is_in_no_part_that_others_share(client, world):
    earlier = world.addresses[1]

    told = {who: "Board minutes" in shown(client, person, earlier)[1] for who, person in world.people.items()}

    assert told[Role.CHAIR]
    assert not told[Role.CONTRIBUTOR]
    assert not told[Role.PROGRAMME_OFFICE]


def test_of_two_in_one_role_each_is_shown_the_artefacts_that_they_may_open_themselves(client, world, monkeypatch):
    address, lead = world.addresses[1], world.people[Role.LEAD]
    other = factories.create_membership(role=Role.LEAD, place=world.place).user
    visible = places_view._artefacts
    monkeypatch.setattr(
        places_view, "_artefacts", lambda *, user, **values: visible(user=user, **values) if user == lead.pk else []
    )

    assert "Board minutes" in shown(client, lead, address)[1]
    assert "Board minutes" not in shown(client, other, address)[1]


@pytest.mark.parametrize(
    "page, who, queries",
    [(0, Role.CHAIR, 6), (1, Role.PROGRAMME_OFFICE, 6), (4, Role.REVIEWER, 4), (6, Role.CHAIR, 5)],
)
def test_a_page_that_was_made_before_takes_few_queries(client, world, django_assert_num_queries, page, who, queries):
    address = world.addresses[page]
    shown(client, factories.create_membership(role=who, **where(who, world.place)).user, address)
    client.force_login(world.people[who])

    # session, user; the place, what one is there, its assessments, and the artefacts that one may open; or the heads
    # and what one is in the system; or the assessment, what one is there, and one's partner's notes
    with django_assert_num_queries(queries):
        client.get(address)


def where(role, place):
    return {"system": place.system} if role in {Role.PROGRAMME_OFFICE, Role.REVIEWER} else {"place": place}


def settled(world, reason):
    factories.create_agreement(world.later.items.get(), level=4, reason=reason, based_on=1)


def retitled(world):
    fields = ("kind", "url", "note", "owner", "dated_on", "review_by", "sensitivity", "strength")
    values = {name: getattr(world.artefact, name) for name in fields} | {"title": "Their plan"}
    register.change_artefact(
        artefact=world.artefact, based_on=world.artefact.version, by=world.people[Role.LEAD], at=AT, **values
    )


def done(world):
    fields = ("title", "owner", "owner_name", "due_on")
    values = {name: getattr(world.action, name) for name in fields} | {"status": "DONE", "note": "It is written"}
    actions.change_action(
        action=world.action, based_on=world.action.version, by=world.people[Role.LEAD], at=AT, **values
    )


def postponed(world):
    days = {"scoring_closes_on": date(2027, 1, 8), "signing_closes_on": date(2027, 2, 9)}
    opened = world.later.round
    office = world.people[Role.PROGRAMME_OFFICE]
    deadlines.change_dates(round=opened, based_on=opened.version, reason="Snow", by=office, at=AT, **days)


CHANGES = {
    "a level is agreed": (0, lambda world: settled(world, "So")),
    "targets are set": (0, lambda world: factories.create_targets(world.later, SO1=4)),
    "an action is done": (0, done),
    "a day is planned": (0, lambda world: factories.create_pathway_date(world.later)),
    "an artefact is retitled": (1, retitled),
    "a round is moved": (4, postponed),
    "a place goes on": (4, lambda world: factories.move(world.later, Move.WITHDRAW, reason="No longer")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_shown_to_whoever_asks_next(client, world, change):
    page, act = CHANGES[change]
    watcher = world.people[Role.CHAIR if page == 0 else Role.PROGRAMME_OFFICE]
    before = shown(client, watcher, world.addresses[page])

    act(world)

    after = shown(client, watcher, world.addresses[page])
    assert after != before
    PARTS.forget()
    assert after == shown(client, watcher, world.addresses[page])


def test_a_score_moves_the_progress_of_its_round_alone(client, world):
    opened = factories.create_round(system=world.place.system, name="Winter round", opens_on=date(2026, 11, 1))
    assessment = factories.in_scoring(opened.assessments.get(place=world.place))
    address, office = world.addresses[4], world.people[Role.PROGRAMME_OFFICE]
    shown(client, office, address)
    parts = len(PARTS)

    factories.create_score(assessment.items.get(), by=factories.board(world.place, 1)[0])

    assert "1 of 3 scores given" in shown(client, office, address)[1]
    assert len(PARTS) == parts + 1


def test_another_day_is_another_page(client, world, monkeypatch):
    address, chair = world.addresses[1], world.people[Role.CHAIR]
    shown(client, chair, address)
    parts = len(PARTS)
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)

    shown(client, chair, address)

    assert len(PARTS) == parts + 1


# Whatever pages read moves a chain as it is written


@contextmanager
def writes():
    """Yield a list to which each service's transaction adds the tables that it wrote, with the SQL of its heads."""
    found, open_points = [], []

    def watch(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT"):
            open_points.append(sql.split()[-1])
            if len(open_points) == 1:
                found.append((set(), []))
        elif sql.startswith("RELEASE SAVEPOINT") and open_points:
            open_points.pop()
        elif open_points and sql.startswith(("INSERT", "UPDATE")):
            table = TABLE.match(sql.replace("INSERT OR IGNORE INTO", "INSERT INTO"))[1] if TABLE.match(sql) else ""
            table = table or re.search(TABLE, sql)[1]
            found[-1][0].add(table)
            if table == AuditChain._meta.db_table:
                found[-1][1].append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def tables_read(client, world):
    found = set()
    for who in (Role.CHAIR, Role.MEMBER, Role.PROGRAMME_OFFICE, Role.OBSERVER):
        client.force_login(world.people[who])
        for address in world.addresses:
            PARTS.forget()
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found |= {table for query in queries for table in TABLE.findall(query["sql"])}
    return found - NOT_SHOWN


def live_a_life():
    """Let services write whatever pages of a place and of its system read."""
    place = factories.create_place()
    places.change_place(
        place=place, partnership_name="Ash together", board_name="", about="", based_on=1, by=None, at=AT
    )
    earlier = factories.create_assessment(place=place, state=State.DECIDED, **FIRST)
    factories.create_body(place)
    must_sign = {place: [factories.create_organisation(place=place)]}
    assessment = factories.create_assessment(place=place, signatories=must_sign)
    item = factories.create_item(assessment)
    artefact = factories.create_artefact(place, item=item)
    lead = factories.holder(Role.LEAD, place)
    register.unlink_artefact(artefact=artefact, item=item, by=lead, at=AT)
    register.end_artefact(artefact=artefact, based_on=1, by=lead, at=AT)
    factories.create_action(assessment)
    factories.create_targets(assessment, SO1=3)
    factories.create_pathway_date(assessment)
    factories.create_stand_ins(assessment)
    factories.in_agreeing(assessment)
    dissent = factories.create_dissent(factories.create_agreement(item))
    member = factories.board(place, 1)[0]
    dissenting.withdraw_dissent(dissent=dissent, is_shown=True, by=member, at=AT)
    own = member.memberships.get().organisation
    write_note(item=item, organisation=own, text="Between us", based_on=0, by=member, at=AT)
    office = factories.holder(Role.PROGRAMME_OFFICE, place)
    for condition in Condition.objects.filter(decided__decision__assessment=earlier)[:1]:
        deciding.close_condition(condition=condition, words="It was signed", by=office, at=AT)
    other = factories.create_place(system=place.system)
    peer = factories.create_membership(role=Role.MEMBER, place=other)
    reviewed = factories.create_assessment(place=place, state=State.IN_REVIEW)
    reviewing.name_peer(assessment=reviewed, membership=peer, by=office, at=AT)
    figures = Upload(name="figures.csv", media_type="text/csv", content=io.BytesIO(b"2026,7"))
    factories.create_artefact(place, upload=figures)
    closing.close(
        system=place.system,
        places=[other],
        closed_on=timezone.localdate(),
        reason="Merged",
        by=office,
        at=timezone.now(),
    )
    published(garden(code="meadow"))
    factories.reopened(earlier)
    organisation = factories.create_organisation(place=place)
    organisations.change_organisation(
        organisation=organisation, sector=Organisation.Sector.HOUSING, ended_on=None, based_on=1, by=None, at=AT
    )
    person = factories.create_membership(place=place).user
    people.change_person(person=person, name="Somebody else", is_active=True, based_on=1, by=None, at=AT)


def test_whatever_pages_read_moves_what_they_are_remembered_by_when_it_is_written(client, world):
    read = tables_read(client, world)
    with writes() as found:
        live_a_life()

    written = set().union(*(tables for tables, _ in found))
    assert sorted(read - written) == [], "live_a_life does not write these"
    scores = {"assessments_score"}
    # A file's bytes are stored before anything names them, and never change.
    unnamed = {"partnership_storedfile"}
    for tables, moved in found:
        if shows := tables & read - unnamed:
            assert moved, tables
            assert shows <= scores or any('"shown_hash"' in sql for sql in moved), tables


# A save by somebody else while a page is made


@pytest.mark.parametrize("moment", ["before its rows are read", "after they were read"])
def test_nothing_is_kept_that_was_saved_while_it_was_made(client, world, monkeypatch, moment):
    address, chair = world.addresses[0], world.people[Role.CHAIR]
    read, acts = places_view.shown, [lambda: settled(world, "So be it")]

    def racing(**values):
        if moment == "before its rows are read" and acts:
            acts.pop()()
        found = read(**values)
        if acts:
            acts.pop()()
        return found

    monkeypatch.setattr(places_view, "shown", racing)
    first = shown(client, chair, address)[1]
    second = shown(client, chair, address)[1]

    assert not acts
    assert ("So be it" in first) == (moment == "before its rows are read")
    assert "So be it" in second

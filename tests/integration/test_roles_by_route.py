"""Every row of the route tables, held to what the pages do: role by role, at one's own place and at another's."""

from collections import defaultdict
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import selectors
from assessments.models import Flag
from assessments.workflow import MOVES, Move, State
from partnership.models import Membership, OutgoingMail
from partnership.permissions import route_table
from partnership.roles import Role
from partnership.route_docs import page
from reports.api.resources import RESOURCES
from reports.services import make_report, make_token
from tests import factories
from tests.integration import canaries
from tests.integration.addresses import BY_ROLE, KINDS, Place, of_data_of_round, of_help_page, of_round, of_system
from tests.soak.scale import SCALE

pytestmark = pytest.mark.django_db
# Routes that answer with a file of the kind at the end of the address: the other kinds.
OTHER_KINDS = {"data/json": ["data/csv", "data/xlsx", "data/evidence"], "coverage.csv": ["coverage.svg", "profile.svg"]}
PACKED_OTHERWISE = ("data/csv", "data/xlsx")
FEW = {State.SCORING, State.IN_REVIEW}
BRIEFLY = [state for state in State if state not in canaries.WALKED]
IS_SECOND = connection.vendor != "sqlite"
FOR_ALL = (
    "partnership:help",
    "reports:home",
    "reports:shared",
    "partnership:preferences",
    "partnership:inviting",
    "reports:verify",
)


def all_addresses(world):
    """Return every address of the own place: each with its route's name and the state of the assessment there."""
    found = {}
    for name in BY_ROLE:
        for view, state, told in world.views():
            for address in view.addresses(name, [state]):
                if name != "assessments:move" or leads_on(address, state):
                    found.setdefault(address, (name, told))
                for end, others in OTHER_KINDS.items():
                    if address.endswith(end):
                        found |= {address.removesuffix(end) + each: (name, told) for each in others}
    return [(name, told, address) for address, (name, told) in found.items()]


def once_each(addresses):
    """Return all addresses but those of assessments in most states; all with `SOAK_SCALE`."""
    left_out = {*State} - FEW - {State.PREPARING}
    return [each for each in addresses if SCALE or each[1] not in left_out]


def leaks_of(world, visits):
    """Return who met what at which route, once for each."""
    return {
        (visit.role and visit.role.label, visit.name, visit.state, kind)
        for visit in visits
        for kind, _ in world.leaks(words_for_some(world, visit), visit.role)
    }


def words_for_some(world, visit):
    """Return the words of an answer but for those that all places of the system meet there."""
    return visit.words - world.between if visit.name in BETWEEN_PLACES else visit.words


def leads_on(address, state):
    """Tell whether the move in an address leads on from the state; all are looked at where there is least to move."""
    move = Move(address.rstrip("/").rpartition("/")[2].replace("-", "_").upper())
    return state == State.SCORING or state in MOVES[move].sources


@pytest.fixture(scope="module")
def world(kept_rows):
    return canaries.World(Place)


@pytest.fixture(scope="module")
def addresses(world):
    return all_addresses(world)


@pytest.fixture(scope="module")
def inside(world, addresses):
    """
    What everybody of the place and its ICB gets at each of its addresses.

    Whom the table keeps out, and what only packs the same tables in another way, is tried in few states. Where the
    board has signed, half of the roles walk on one database and the other half on the other one.
    """
    every = [*addresses, *((name, "", reverse(name)) for name in FOR_ALL)]
    return [
        visit
        for role, person in world.insiders.items()
        for visit in canaries.visits(Client(), person, [each for each in every if is_walked(each, role)], role=role)
    ]


def is_walked(address, role):
    name, state, path = address
    read = route_table()[name].read
    if SCALE or state in FEW:
        return True
    if state in BRIEFLY:
        # One after the other, so that each address is walked and each role walks.
        return role == sorted(read)[(BY_ROLE.index(name) + BRIEFLY.index(state)) % len(read)]
    if state == State.SIGNED and (sorted(Role).index(role) + BY_ROLE.index(name)) % 2 == IS_SECOND:
        return False
    return (name in FOR_ALL or role in read) and not path.endswith(PACKED_OTHERWISE)


@pytest.mark.parametrize("name", BY_ROLE)
def test_the_table_says_who_gets_in(inside, name):
    answered = defaultdict(set)
    for visit in inside:
        if visit.name == name:
            answered[visit.role].add(visit.status)
    for role in Role:
        if role in route_table()[name].read:
            assert answered[role] & {200, 302}, role.label
        else:
            assert answered[role] <= {403, 404}, role.label


def test_nobody_of_the_place_or_its_icb_meets_a_word_that_is_for_others(world, inside):
    leaks = leaks_of(world, inside)
    assert not leaks, "\n".join(sorted(map(str, leaks)))


def everything(rows, user, on=None):
    return rows.all()


def always(*args, **values):
    return True


# What other places of the system are shown of a round that publishes, and no more of it than there.
PUBLISHED = ("reports:report", "reports:report_pdf")
OF_THE_SYSTEM = (of_system, of_help_page, of_round, of_data_of_round)
# What the places of a system show each other, and what all of them are told.
BETWEEN_PLACES = {
    "improvement:help",
    "partnership:help_page",
    "reports:system",
    "reports:system_criterion",
    "reports:system_rounds",
    "reports:system_chart",
}


def is_published(visit):
    """Tell whether a visit is one that every place of the system may pay; only the long walk does."""
    return visit.state == "published" and visit.name in PUBLISHED


def from_the_place(words):
    return {word for word in words if word[1].startswith("71")}


def test_people_of_other_places_and_systems_find_nothing(world, addresses):
    """Those of the place's own system are told of the system's addresses by the same refusal as anybody without it."""
    other, elsewhere = world.other.people, world.elsewhere.people
    few = [each for each in addresses if each[1] in FEW]
    office_elsewhere = factories.holder(Role.PROGRAMME_OFFICE, world.elsewhere.place)
    strangers = [(other[Role.LEAD], once_each(addresses) if IS_SECOND else addresses)]
    strangers += [(other[Role.CHAIR], few), (other[Role.MEMBER], few)]
    strangers += [(elsewhere[Role.LEAD], few), (office_elsewhere, few), (factories.create_user(), few)]
    for person, where in strangers:
        at_home = person in {other[Role.LEAD], other[Role.CHAIR], other[Role.MEMBER]}
        for visit in canaries.visits(Client(), person, where):
            if at_home and is_published(visit):
                assert not world.leaks(from_the_place(visit.words), Role.OBSERVER), visit
                continue
            if at_home and visit.name in BETWEEN_PLACES:
                assert visit.status == 200, visit
            elif at_home and KINDS[visit.name] in OF_THE_SYSTEM:
                assert visit.status in {403, 404}, visit
            else:
                assert visit.status == 404, visit
            words = words_for_some(world, visit) if at_home else visit.words
            assert not from_the_place(words), visit


def test_nobody_signed_out_meets_a_word_of_a_place(world, addresses):
    published = world.more["published"].public_id
    every = [*addresses, ("reports:summary", "", reverse("reports:summary", args=[published]))]
    for visit in canaries.visits(Client(), None, every):
        assert visit.status in {200, 302, 404}, visit
        assert visit.status == 302 or visit.name == "reports:summary", visit
        # A published summary names the place and its round.
        words = {word for word in visit.words if word[1].startswith("7")}
        assert not words or visit.name == "reports:summary", visit
        assert not world.leaks(words, Role.OBSERVER), visit


def test_other_places_read_what_a_round_publishes_and_none_of_what_the_board_or_the_icb_keep(world):
    published = world.more["published"]
    make_report(subject=published.seal.public_id, at=factories.AT)
    every = [(name, "", reverse(name, args=[published.public_id])) for name in PUBLISHED]
    every.append(("reports:shared", "", reverse("reports:shared")))
    for visit in canaries.visits(Client(), world.other.people[Role.LEAD], every):
        assert visit.status == 200
        assert any(number.startswith("71") for _, number in visit.words), visit
        assert not world.leaks(from_the_place(visit.words), Role.OBSERVER), visit


def test_a_peer_reviewer_meets_what_a_reviewer_does_of_that_assessment_alone(world, addresses):
    reviewed = str(world.own.assessments[State.IN_REVIEW].public_id)
    some = 0
    for visit in canaries.visits(Client(), world.peer_reviewer, once_each(addresses), role=Role.REVIEWER):
        of_the_place = from_the_place(words_for_some(world, visit))
        if reviewed in visit.address:
            some += visit.status == 200
            assert not world.leaks(of_the_place, Role.REVIEWER), visit
        elif is_published(visit):
            assert not world.leaks(of_the_place, Role.OBSERVER), visit
        elif visit.name in BETWEEN_PLACES:
            assert not of_the_place, visit
        else:
            assert visit.status in {403, 404}, visit
            assert not of_the_place, visit
    assert some


def test_every_mail_says_only_what_its_reader_may_know(world):
    place = world.own.place
    mails = list(OutgoingMail.objects.all())
    for mail in mails:
        words = canaries.found_in(f"{mail.subject} {mail.body}")
        here = Membership.objects.filter(user__email=mail.to).filter(Q(place=place) | Q(system=place.system)).first()
        if here:
            assert not world.leaks(words, Role(here.role)), mail.subject
        else:
            # Whoever was invited is told by whom, to what.
            assert "invited" in mail.to or not [word for word in words if word[1].startswith("71")], mail.subject
    assert len(mails) > 20


def test_the_api_tells_the_office_of_a_system_what_its_pages_do_and_nobody_of_another(world, client):
    own, elsewhere = world.own.place.system, world.elsewhere.place.system
    day = timezone.localdate()
    for system in (own, elsewhere):
        office = factories.holder(Role.PROGRAMME_OFFICE, system.places.first())
        _, secret = make_token(system=system, name="Walk", expires_on=day, by=office, at=timezone.now())
        words = set()
        for name in RESOURCES:
            response = client.get(reverse(f"reports:api_{name}"), headers={"Authorization": f"Bearer {secret}"})
            assert response.status_code == 200
            words |= canaries.words_of(response)
        of_the_place = {word for word in words if word[1].startswith("71")}
        assert bool(of_the_place) == (system == own)
        assert not world.leaks(of_the_place, Role.PROGRAMME_OFFICE)


def test_a_flag_is_met_by_nobody_but_who_set_it(world, client):
    scoring = world.own.assessments[State.SCORING]
    address = reverse("assessments:score_all", args=[scoring.public_id], query={"show": "flagged"})
    (flag,) = Flag.objects.filter(item__assessment=scoring)
    met = {}
    for person in (flag.user, world.insiders[Role.MEMBER]):
        client.force_login(person)
        met[person] = flag.item.statement in client.get(address).text
    assert met == {flag.user: True, world.insiders[Role.MEMBER]: False}


def test_the_administration_pages_find_no_word_of_an_assessment(world):
    client = Client()
    client.force_login(factories.create_user(administrator=True))
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rows = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:3]
        lists = reverse(f"{base}_changelist")
        for address in [lists, f"{lists}?q=Zz", *(reverse(f"{base}_change", args=[pk]) for pk in rows)]:
            response = client.get(address)
            assert response.status_code in {200, 302, 403}, address
            words = canaries.words_of(response)
            assert {kind for kind, _ in words} <= {"", "scorer", "invited"}, address
            assert not [number for _, number in words for hidden in world.hidden.values() if number in hidden], address


@pytest.mark.parametrize(
    "guard, instead, role, name, kind",
    [
        ("assessments.models.evidence.ArtefactQuerySet.visible_to", everything, Role.CONTRIBUTOR, "register", "board"),
        ("assessments.permissions.can", always, Role.MEMBER, "data_file", "unrevealed"),
        ("assessments.workflow.may_read", always, Role.REVIEWER, "items", ""),
        ("assessments.permissions.can", always, Role.LEAD, "review_criterion", "draft"),
    ],
)
def test_the_walk_finds_it_where_a_guard_is_taken_out(world, addresses, monkeypatch, guard, instead, role, name, kind):
    monkeypatch.setattr(guard, instead)
    some = [each for each in once_each(addresses) if each[0].endswith(f":{name}")]

    found = leaks_of(world, canaries.visits(Client(), world.insiders[role], some, role=role))

    assert kind in {each[-1] for each in found}


def test_the_walk_finds_it_where_assessments_are_found_for_everybody(world, addresses, monkeypatch):
    monkeypatch.setattr("assessments.models.assessment.AssessmentQuerySet.visible_to", everything)
    # Written anew, not as it was before.
    monkeypatch.setattr("assessments.selectors._visible", selectors._visible.__wrapped__)
    some = [each for each in addresses if each[0] == "assessments:move"]

    found = list(canaries.visits(Client(), world.elsewhere.people[Role.LEAD], some))

    assert {visit.status for visit in found} != {404}


def test_the_page_of_routes_in_the_docs_is_up_to_date():
    docs = Path(__file__).resolve().parents[2] / "docs" / "routes.md"

    assert docs.read_text() == page(), "run `manage.py print_routes > docs/routes.md`"

"""What a page rests on, in one value: another as soon as a service has changed something."""

import pytest

from partnership import audit
from partnership.models import AuditChain, Place, System
from partnership.services import sign_in
from partnership.services.places import change_place
from partnership.stamps import chains_of, heads, shown, shown_of_portal, stamp
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db


def of(system):
    return stamp(heads(chains_of(System.objects.filter(pk=system.pk), "system")))


def test_the_database_writes_the_keys_of_chains_as_the_record_does():
    place = factories.create_place()
    assessment = factories.create_assessment(place=place)
    factories.create_place()
    rows = Place.objects.filter(pk=place.pk)

    found = heads(chains_of(rows, "system", "system__public_id") | chains_of(place.assessments, "assessment"))

    assert {key for key, _, _ in found} == {
        audit.PORTAL,
        audit.chain_key(place.system),
        audit.chain_key(assessment),
    }
    assert len(found) < AuditChain.objects.count()


def test_a_row_brings_the_heads_of_its_chains_along():
    place = factories.create_place()
    heads = {chain.key: chain.shown_hash for chain in AuditChain.objects.all()}

    found = Place.objects.annotate(own=shown("system", "system__public_id"), portal=shown_of_portal()).get()
    assert (found.own, found.portal) == (heads[audit.chain_key(place.system)], heads.get(audit.PORTAL, ""))
    assert Place.objects.annotate(none=shown("assessment")).get().none == ""


def test_a_stamp_is_the_same_until_something_happens_and_never_again_after():
    place = factories.create_place()
    seen = [of(place.system)]
    assert of(place.system) == seen[0]

    # The second change says again what the first took away.
    for name in ("Ash together", place.partnership_name):
        values = {"partnership_name": name, "board_name": place.board_name, "about": place.about}
        place = change_place(place=place, based_on=place.version, by=None, at=AT, **values)
        assert of(place.system) not in seen
        seen.append(of(place.system))


def test_another_systems_acts_leave_a_stamp_as_it_is():
    system = factories.create_system()
    before = of(system)
    factories.create_place()

    assert of(system) == before


def test_acts_of_the_portal_itself_are_in_every_stamp():
    system = factories.create_system()
    before = of(system)
    factories.create_organisation()

    assert of(system)[0] != before[0]


def test_a_sign_in_changes_nothing_that_pages_show():
    system, person = factories.create_system(), factories.create_user()
    before = of(system)

    sign_in.sign_in(email=person.email, password=factories.PASSWORD, address="192.0.2.1", at=AT)

    after = of(system)
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_a_score_is_told_where_scores_are_counted_and_nowhere_else():
    assessment = factories.in_scoring(factories.create_assessment())
    member = factories.board(assessment.place, 1)[0]

    def now():
        return stamp(heads(chains_of(assessment.place.assessments, "assessment")))

    before = now()
    factories.create_score(assessment.items.get(), by=member)

    assert now()[0] == before[0]
    assert now()[1] != before[1]

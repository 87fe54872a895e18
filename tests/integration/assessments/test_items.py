from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from assessments.models import Assessment, EvidenceItem
from assessments.permissions import ItemRemoved, WrongState
from assessments.services import items, register
from assessments.services.notes import write_note
from assessments.workflow import SHARED_WITH_ICB, State
from frameworks.models import FrameworkVersion, Node
from partnership import audit
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db
AT = factories.AT


@kept
def place():
    return factories.create_place("Ashby")


@kept
def people(place):
    return factories.create_people(
        "lead", "contributor", "chair", "member", "signatory", "observer", "programme_office", "outsider", place=place
    )


@kept
def assessment(people, place):
    return factories.create_assessment(place=place)


def move_to(assessment, state):
    """Put the assessment in a state for the sake of the table alone; nothing else is as it would be there."""
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    assessment.refresh_from_db()


def criterion(assessment, code="SO1"):
    return Node.objects.get(version=assessment.framework_version, code=code)


def url(name, assessment, *args):
    return reverse(f"assessments:{name}", args=[assessment.public_id, *args])


def statements(assessment, code="SO1"):
    found = assessment.items.filter(criterion__code=code).order_by("number")
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    return [each.statement for each in found]


WRITERS = {"lead", "contributor"}
ROLES = ["lead", "contributor", "chair", "member", "signatory", "observer", "programme_office", "outsider"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", State.values)
def test_who_writes_items_in_which_state(people, assessment, role, state):
    item = factories.create_item(assessment)
    move_to(assessment, state)
    by = people[role]
    acts = [
        lambda: items.add_item(
            assessment=assessment, criterion=criterion(assessment), statement="New", by=by, at=AT, token=None
        ),
        lambda: items.edit_item(item=item, statement="Changed", number=1, based_on=1, by=by, at=AT),
        lambda: items.remove_item(item=item, based_on=2, by=by, at=AT),
    ]

    for act in acts:
        if role in WRITERS and state == State.PREPARING:
            act()
        else:
            with pytest.raises(WrongState if role in WRITERS else PermissionDenied):
                act()

    assert statements(assessment) == (["New"] if role in WRITERS and state == State.PREPARING else [item.statement])


@pytest.mark.parametrize(
    "role, status",
    [(role, 302) for role in sorted(WRITERS)]
    + [(role, 403) for role in ROLES if role not in WRITERS | {"outsider"}]
    + [("outsider", 404)],
)
def test_item_pages_by_role(client, people, assessment, role, status):
    item = factories.create_item(assessment)
    client.force_login(people[role])
    opened = 200 if status == 302 else status

    pages = [url("item_add", assessment, "SO1"), url("item_edit", assessment, item.public_id)]
    pages.append(url("item_remove", assessment, item.public_id))
    assert [client.get(page).status_code for page in pages] == [opened] * 3
    response = client.post(pages[0], {"statement": "A new item", "token": str(uuid4())})

    assert response.status_code == status
    assert EvidenceItem.objects.filter(statement="A new item").exists() == (status == 302)


@pytest.mark.parametrize(
    "role, state, status",
    [
        ("observer", State.PREPARING, 403),
        ("observer", State.SUBMITTED, 200),
        ("member", State.SCORING, 200),
        ("outsider", State.SUBMITTED, 404),
    ]
    + [("programme_office", state, 200 if state in SHARED_WITH_ICB else 403) for state in State.values],
)
def test_who_reads_items_in_which_state(client, people, assessment, role, state, status):
    item = factories.create_item(assessment, statement="We meet every month")
    move_to(assessment, state)
    client.force_login(people[role])

    listed = client.get(url("items", assessment, "SO1"))
    single = client.get(url("item", assessment, item.public_id))

    assert (listed.status_code, single.status_code) == (status, status)
    assert ("We meet every month" in listed.text) == (status == 200)


def test_items_of_another_place_are_not_found(client, people):
    elsewhere = factories.create_item(factories.create_assessment())
    client.force_login(people["lead"])

    for name in ("item", "item_edit", "item_remove"):
        assert client.get(url(name, elsewhere.assessment, elsewhere.public_id)).status_code == 404
    assert client.post(url("item_add", elsewhere.assessment, "SO1"), {"statement": "x"}).status_code == 404


def test_an_item_is_not_found_under_another_assessment(client, people, place, assessment):
    other = factories.create_item(factories.create_assessment(place=place))
    client.force_login(people["lead"])

    assert client.get(url("item_edit", assessment, other.public_id)).status_code == 404


def test_items_of_an_unknown_criterion_are_not_found(client, people, assessment):
    client.force_login(people["lead"])

    assert client.get(url("items", assessment, "NO1")).status_code == 404
    # SO is a domain: items are written for criteria only.
    assert client.get(url("items", assessment, "SO")).status_code == 404
    assert client.get(url("item_add", assessment, "SO")).status_code == 404


def test_an_item_of_another_framework_version_is_refused(people, assessment):
    other = factories.create_framework_version(number="2.0")

    with pytest.raises(items.NotACriterion):
        items.add_item(
            assessment=assessment,
            criterion=Node.objects.get(version=other, code="SO1"),
            statement="x",
            by=people["lead"],
            at=AT,
        )


def test_an_empty_form_says_what_is_missing_and_adds_nothing(client, people, assessment):
    client.force_login(people["lead"])

    response = client.post(url("item_add", assessment, "SO1"), {"statement": "   ", "token": str(uuid4())})

    assert response.status_code == 200
    assert "Enter a statement" in response.text
    assert "<title>Error: " in response.text
    assert not assessment.items.exists()


def test_adding_twice_with_one_form_adds_one_item(client, people, assessment):
    client.force_login(people["lead"])
    form = {"statement": "We meet every month", "token": str(uuid4())}

    first = client.post(url("item_add", assessment, "SO1"), form)
    second = client.post(url("item_add", assessment, "SO1"), form)

    assert first["Location"] == second["Location"] == url("items", assessment, "SO1")
    assert statements(assessment) == ["We meet every month"]


def test_save_and_add_another_leads_to_an_empty_form(client, people, assessment):
    client.force_login(people["lead"])
    form = {"statement": "One", "token": str(uuid4()), "then": "another"}

    response = client.post(url("item_add", assessment, "SO1"), form, follow=True)

    assert response.redirect_chain == [(url("item_add", assessment, "SO1"), 302)]
    assert "Item 1 was added." in response.text
    assert form["token"] not in response.text


@pytest.mark.parametrize(
    "item, to, order",
    [(1, 3, "bcad"), (4, 1, "dabc"), (2, 2, "abcd"), (2, 99, "acdb"), (3, 2, "acbd")],
)
def test_an_item_moves_and_the_others_make_way(people, assessment, item, to, order):
    made = [factories.create_item(assessment, statement=letter) for letter in "abcd"]
    elsewhere = factories.create_item(assessment, code="SO2", statement="other")

    moved = items.edit_item(
        item=made[item - 1], statement="abcd"[item - 1], number=to, based_on=1, by=people["lead"], at=AT
    )

    assert "".join(statements(assessment)) == order
    assert moved.number == min(to, 4)
    assert statements(assessment, "SO2") == [elsewhere.statement]


def test_removing_an_item_closes_the_gap_and_keeps_the_artefact(client, people, place, assessment):
    first, second, third = [factories.create_item(assessment, statement=letter) for letter in "abc"]
    artefact = factories.create_artefact(place, item=second)
    client.force_login(people["contributor"])

    response = client.post(url("item_remove", assessment, second.public_id), {"based_on": "1"})

    assert response.status_code == 302
    assert statements(assessment) == ["a", "c"]
    assert place.artefacts.get() == artefact


def test_a_scored_item_cannot_be_removed(people, assessment):
    item = factories.create_item(assessment)
    membership = people["member"].memberships.get()
    item.scores.create(membership=membership, judgement="LEVEL", level=2, scored_at=AT)

    with pytest.raises(items.ItemScored):
        items.remove_item(item=item, based_on=1, by=people["lead"], at=AT)


def test_a_stale_change_shows_both_texts_and_overwrites_nothing(client, people, assessment):
    item = factories.create_item(assessment, statement="Old words")
    client.force_login(people["lead"])
    page = url("item_edit", assessment, item.public_id)
    client.post(page, {"statement": "Their words", "number": "1", "based_on": "1"})

    response = client.post(page, {"statement": "My words", "number": "1", "based_on": "1"})

    assert response.status_code == 409
    assert "Their words" in response.text
    assert "My words" in response.text
    assert "nothing was saved" in response.text
    assert statements(assessment) == ["Their words"]
    # Having seen both, the person may replace what is stored.
    again = client.post(page, {"statement": "My words", "number": "1", "based_on": "2"})
    assert again.status_code == 302
    assert statements(assessment) == ["My words"]
    assert 'name="based_on" value="2"' in response.text


def test_a_stale_removal_removes_nothing(people, assessment):
    item = factories.create_item(assessment)
    items.edit_item(item=item, statement="Changed", number=1, based_on=1, by=people["lead"], at=AT)

    with pytest.raises(Stale):
        items.remove_item(item=item, based_on=1, by=people["lead"], at=AT)

    assert statements(assessment) == ["Changed"]


def test_a_save_after_scoring_opened_keeps_the_typed_text(client, people, assessment):
    item = factories.create_item(assessment, statement="Old words")
    client.force_login(people["lead"])
    move_to(assessment, State.SCORING)

    changed = client.post(
        url("item_edit", assessment, item.public_id), {"statement": "Late words", "number": "1", "based_on": "1"}
    )
    added = client.post(url("item_add", assessment, "SO1"), {"statement": "Late item", "token": str(uuid4())})

    for response, typed in ((changed, "Late words"), (added, "Late item")):
        assert response.status_code == 409
        assert "The wording of the items was fixed when scoring opened." in response.text
        assert typed in response.text
    assert statements(assessment) == ["Old words"]


def test_what_comes_at_the_moment_in_which_its_item_is_removed_is_refused_and_not_lost(people, assessment):
    item, member = factories.create_item(assessment), factories.holder(Role.MEMBER, assessment.place)
    plan = factories.create_artefact(assessment.place)
    items.remove_item(item=item, based_on=1, by=people["lead"], at=AT)

    partner = member.memberships.get().organisation
    for act in (
        lambda: register.link_artefact(artefact=plan, item=item, by=people["lead"], at=AT),
        lambda: factories.create_artefact(assessment.place, by=people["lead"], title="New plan", item=item),
        lambda: write_note(item=item, organisation=partner, text="Mine", based_on=0, by=member, at=AT),
    ):
        with pytest.raises(ItemRemoved, match="Somebody removed the item meanwhile"):
            act()


def test_a_change_to_an_item_that_was_removed_gives_the_words_back(client, people, assessment):
    item = factories.create_item(assessment)
    items.remove_item(item=item, based_on=1, by=people["lead"], at=AT)
    page = url("item_edit", assessment, item.public_id)
    form = {"statement": "My words", "number": "1", "based_on": "1"}

    client.force_login(people["contributor"])
    given_back = client.post(page, form)
    opened = client.get(page)
    client.force_login(people["member"])
    not_theirs = client.post(page, form)

    assert (given_back.status_code, opened.status_code, not_theirs.status_code) == (404, 404, 404)
    assert "My words" in given_back.text
    assert "Somebody else removed this item" in given_back.text
    assert "My words" not in not_theirs.text


def test_each_act_is_recorded_without_the_words(people, assessment):
    item = factories.create_item(assessment, statement="Secret words", by=people["lead"])
    items.edit_item(item=item, statement="Other words", number=1, based_on=1, by=people["lead"], at=AT)
    items.remove_item(item=item, based_on=2, by=people["lead"], at=AT)

    events = AuditEvent.objects.filter(chain=audit.chain_key(assessment)).order_by("sequence")

    assert [event.type for event in events][1:] == ["ITEM_ADDED", "ITEM_CHANGED", "ITEM_REMOVED"]
    assert not [event for event in events if "words" in event.details]
    assert not list(audit.faults(audit.chain_key(assessment)))


def test_a_statement_is_shown_as_text(client, people, assessment):
    factories.create_item(assessment, statement="<script>alert(1)</script>")
    client.force_login(people["lead"])

    response = client.get(url("items", assessment, "SO1"))

    assert "<script>alert(1)" not in response.text


@pytest.mark.parametrize("count", [10, 1000])
def test_the_items_page_asks_as_much_for_ten_as_for_a_thousand(
    client, people, place, assessment, count, django_assert_num_queries
):
    artefact = factories.create_artefact(place)
    node = criterion(assessment)
    made = EvidenceItem.objects.bulk_create(
        EvidenceItem(assessment=assessment, criterion=node, number=number, statement=f"Statement {number}")
        for number in range(1, count + 1)
    )
    artefact.links.model.objects.bulk_create(artefact.links.model(item=item, artefact=artefact) for item in made)
    client.force_login(people["lead"])

    # session, user, assessment, capacity, items, citations
    with django_assert_num_queries(6):
        client.get(url("items", assessment, "SO1"))


def test_the_item_page_num_queries(client, people, place, assessment, django_assert_num_queries):
    item = factories.create_item(assessment)
    for _ in range(3):
        factories.create_artefact(place, item=item)
        factories.create_artefact(place)
    client.force_login(people["lead"])

    # session, user, assessment, item, citations, capacity, artefacts to choose from
    with django_assert_num_queries(7):
        client.get(url("item", assessment, item.public_id))


@pytest.mark.django_db
def test_a_criterion_that_takes_exactly_one_item_refuses_a_second(client):
    call_command("loaddata", "leading_transformation_1_0", verbosity=0)
    call_command("publish_framework", "leading-transformation", "1.0", verbosity=0)
    version = FrameworkVersion.objects.get(framework__code="leading-transformation")
    code = version.nodes.get(is_criterion=True, position=1).code
    assessment = factories.create_assessment(framework_version=version)
    factories.create_item(assessment, code=code)
    client.force_login(factories.holder(Role.LEAD, assessment.place))

    page = client.post(
        reverse("assessments:item_add", args=[assessment.public_id, code]),
        {"statement": "A second one.", "token": uuid4()},
    )

    assert "takes exactly one item" in page.text
    assert "A second one." in page.text
    assert assessment.items.count() == 1

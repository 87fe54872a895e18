"""A partner's own notes: written and read by its people alone, and found nowhere else."""

import json

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.models import PartnerNote
from assessments.permissions import WrongState
from assessments.services import items
from assessments.services.notes import write_note
from assessments.workflow import ACTS, Act, Move, State
from partnership import audit, audit_rows
from partnership.models import AuditEvent, OutgoingMail, Stale, User
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration import test_kept_back as walk

pytestmark = pytest.mark.django_db
CANARY = "We would rather not say this aloud"


def note(item, *, by, organisation=None, text=CANARY, based_on=0):
    organisation = organisation or by.memberships.first().organisation
    return write_note(item=item, organisation=organisation, text=text, based_on=based_on, by=by, at=AT)


def page(item):
    return reverse("assessments:notes", args=[item.assessment.public_id, item.public_id])


@pytest.fixture
def assessment():
    return factories.create_assessment(state=State.SCORING)


@pytest.fixture
def item(assessment):
    return assessment.items.select_related("assessment").get()


@pytest.fixture
def colleagues(assessment):
    """Return two people of one partner: a member of the board and a contributor."""
    trust = factories.create_organisation("The trust", place=assessment.place)
    roles = (Role.MEMBER, Role.CONTRIBUTOR)
    return [factories.create_membership(role=role, place=assessment.place, organisation=trust).user for role in roles]


@pytest.mark.parametrize("state", State)
def test_partners_at_work_keep_notes_until_it_is_signed(state):
    assessment = factories.create_assessment(state=state)
    item = assessment.items.first() or factories.create_item(assessment)
    rule = ACTS[Act.KEEP_NOTES]
    for role in Role:
        by = factories.holder(role, assessment.place)
        if role not in rule.roles:
            with pytest.raises(PermissionDenied):
                note(item, by=by)
        elif state not in rule.states:
            with pytest.raises(WrongState):
                note(item, by=by)
        else:
            assert note(item, by=by).organisation == by.memberships.first().organisation


def test_nobody_writes_for_another_partner_and_a_partner_has_one_note_on_an_item(item, colleagues):
    member, contributor = colleagues
    other = factories.holder(Role.LEAD, item.assessment.place)
    with pytest.raises(PermissionDenied):
        note(item, by=other, organisation=member.memberships.get().organisation)

    note(item, by=member)
    with pytest.raises(Stale) as stale:
        note(item, by=contributor, text="Not so")
    assert stale.value.current.text == CANARY
    note(item, by=contributor, text="", based_on=1)

    assert PartnerNote.objects.get().text == ""
    assert audit_rows.faults() == []
    PartnerNote.objects.update(text="Somebody wrote this behind their backs")
    assert "does not hold what was recorded: text" in str(audit_rows.faults()[0])


def test_the_record_holds_a_digest_and_the_administration_no_page_of_notes(item, colleagues):
    note(item, by=colleagues[0])

    event = AuditEvent.objects.get(type=audit.Type.NOTE_WRITTEN)
    assert CANARY not in event.details
    assert json.loads(event.details)["text"] == audit.digest(CANARY)
    assert PartnerNote not in admin.site._registry


def test_a_note_goes_with_the_item_and_the_record_says_so_without_its_words(client):
    assessment = factories.create_assessment()
    kept, removed = (factories.create_item(assessment) for _ in range(2))
    member, lead = (factories.holder(role, assessment.place) for role in (Role.MEMBER, Role.LEAD))
    for each in (kept, removed):
        note(each, by=member)
    client.force_login(lead)
    address = reverse("assessments:item_remove", args=[assessment.public_id, removed.public_id])

    assert "Private notes that partners may keep on it go with it" in client.get(address).text
    assert client.post(address, {"based_on": removed.version}).status_code == 302

    assert [each.item for each in PartnerNote.objects.all()] == [kept]
    assert audit_rows.faults() == []
    event = AuditEvent.objects.get(type=audit.Type.NOTE_REMOVED)
    assert json.loads(event.details) == {"organisation": str(member.memberships.get().organisation.public_id)}
    PartnerNote.objects.all().delete()
    assert audit_rows.faults()


def test_whoever_wrote_a_note_gets_their_words_back_when_somebody_else_removes_the_item(colleagues):
    item = factories.create_item(factories.create_assessment(place=colleagues[0].memberships.get().place))
    member, contributor = colleagues
    lead, left = (factories.holder(role, item.assessment.place) for role in (Role.LEAD, Role.SIGNATORY))
    note(item, by=member, text="Before")
    note(item, by=contributor, based_on=1)
    note(item, by=lead, text="Who removes it knows")
    note(item, by=left, text="Nobody opens this mailbox any more")
    chair = factories.holder(Role.CHAIR, item.assessment.place)
    note(item, by=chair, text="Cleared again")
    note(item, by=chair, text="", based_on=1)
    User.objects.filter(pk=left.pk).update(is_active=False)
    OutgoingMail.objects.all().delete()

    items.remove_item(item=item, based_on=item.version, by=lead, at=AT)

    (mail,) = OutgoingMail.objects.all()
    assert mail.to == contributor.email
    assert "Your note on an item of" in mail.subject
    assert f"You had written:\n\n{CANARY}\n" in mail.body
    assert f"{lead.name} removed item 1 of SO1" in mail.body
    assert item.statement in mail.body
    assert CANARY not in mail.subject


def test_colleagues_read_a_note_beside_the_item_and_on_its_page_and_can_change_it(client, item, colleagues):
    member, contributor = colleagues
    client.force_login(contributor)
    organisation = member.memberships.get().organisation
    data = {"partner": organisation.public_id, f"note{organisation.pk}-based_on": "0"}
    answer = client.post(page(item), data | {f"note{organisation.pk}-text": CANARY})
    assert answer.status_code == 302

    client.force_login(member)
    score = reverse("assessments:score", args=[item.assessment.public_id, "SO1"])
    listed = reverse("assessments:score_all", args=[item.assessment.public_id])
    assert all(CANARY in client.get(address).text for address in (score, listed, page(item)))

    late = client.post(page(item), data | {f"note{organisation.pk}-text": "Typed in vain"})
    assert late.status_code == 409
    assert CANARY in late.text
    assert "Typed in vain" in late.text
    again = client.post(page(item), late.context["kept"][0][1].data)
    assert again.status_code == 302
    assert PartnerNote.objects.get().text == "Typed in vain"


def test_somebody_who_stands_for_two_partners_keeps_their_notes_apart(client, item, colleagues):
    member, _ = colleagues
    second = factories.create_membership(user=member, role=Role.SIGNATORY, place=item.assessment.place).organisation
    first = member.memberships.order_by("pk").first().organisation
    note(item, by=member, organisation=first)
    client.force_login(member)

    text = client.get(page(item)).text

    assert f"Notes of {first.name}" in text
    assert f"Notes of {second.name}" in text
    stranger = factories.create_organisation(place=item.assessment.place)
    assert client.post(page(item), {"partner": stranger.public_id}).status_code == 404


def test_what_came_too_late_is_not_saved_and_stays_on_the_page(client, item, colleagues):
    member, _ = colleagues
    organisation = member.memberships.get().organisation
    factories.move(item.assessment, Move.WITHDRAW, reason="The partnership is being reorganised")
    client.force_login(member)

    data = {"partner": organisation.public_id, f"note{organisation.pk}-based_on": "0"}
    answer = client.post(page(item), data | {f"note{organisation.pk}-text": CANARY})

    assert answer.status_code == 409
    assert "Your note was not saved" in answer.text
    assert CANARY in answer.text


def test_a_re_opened_version_keeps_the_notes():
    assessment = factories.create_assessment(state=State.SIGNING)
    member = factories.holder(Role.MEMBER, assessment.place)
    note(assessment.items.get(), by=member)
    factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    made = factories.reopened(factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1"))

    assert PartnerNote.objects.get(item__assessment=made).text == CANARY
    assert audit_rows.faults() == []


def test_no_page_and_no_file_shows_a_note_to_anybody_else(client):
    world = walk.Earlier()
    author = factories.board(world.place, 1)[0]
    note(world.later.items.get(), by=author, text=walk.NOTE)
    addresses = [*world.addresses(), *world.addresses(state=State.SCORING)]

    # Those who see the most of the place and of its system.
    for role in (Role.LEAD, Role.PROGRAMME_OFFICE):
        person = factories.holder(role, world.place)
        client.force_login(person)
        told = [address for address in addresses if walk.NOTE in walk.text_of(client.get(address))]
        assert told == [], person
    client.force_login(author)
    assert any(walk.NOTE in walk.text_of(client.get(address)) for address in addresses)

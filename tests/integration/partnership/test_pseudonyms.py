"""Somebody asks to be forgotten: a pseudonym stands for them everywhere, and the record holds as before."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Score, Seal, Snapshot
from assessments.services import signing
from assessments.workflow import State
from improvement.models import Action
from partnership import audit, audit_rows, jobs, mail, personal
from partnership.models import AuditEvent, Body, Invitation, Job, KeptForm, OutgoingMail, User
from partnership.roles import Role
from partnership.services import invitations, leaving, people, pseudonyms
from reports.services import make_token
from tests import factories
from tests.audited import no_faults

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Siân O’Neill-Grey", "sian.grey@people.example"


@pytest.fixture(autouse=True)
def _no_report_is_ordered(settings):
    settings.ON_SEALED = []


@pytest.fixture
def administrator():
    return factories.create_user("Administrator", administrator=True)


@pytest.fixture
def person():
    return factories.create_user(NAME, email=EMAIL)


@pytest.fixture
def place():
    return factories.create_place()


def has_left(person, administrator):
    yesterday = timezone.localdate() - timedelta(days=1)
    leaving.leave(person=person, last_day=yesterday, by=administrator, at=timezone.now())


def forget(person, administrator, **values):
    told = {"confirmation": EMAIL, "by": administrator, "at": timezone.now()}
    return pseudonyms.pseudonymise(person=person, **told | values)


def recorded_on(type):
    """Return who did what has this type in the record."""
    return list(AuditEvent.objects.filter(type=type).values_list("actor", flat=True))


def everywhere(person, place):
    """Let the name and the address stand in every field that a table of names lists."""
    organisation = factories.create_organisation(place=place)
    factories.create_membership(user=person, place=place, organisation=organisation)
    factories.create_body(place, chair_post=f"Acting chair ({NAME})")
    action = factories.create_action(
        factories.create_assessment(place=place), owner=organisation, owner_name=NAME.upper()
    )
    factories.create_invitation(place=place, organisation=organisation, email=EMAIL, name=NAME)
    with transaction.atomic():
        for to, sent_at in ((EMAIL, None), ("office@people.example", None), (EMAIL, timezone.now())):
            row = mail.send_later(to=to, subject=f"{NAME} asks", body=f"Write to {NAME}: {EMAIL}.", at=timezone.now())
            OutgoingMail.objects.filter(pk=row.pk).update(sent_at=sent_at, problem=f"refused: {EMAIL} ({NAME})")
        jobs.enqueue(kind="make_report", subject=uuid4(), at=timezone.now())
    Job.objects.update(problem=f"{NAME} <{EMAIL}>: no such box")
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=f"Made from {EMAIL} for {NAME}",
    )
    return action


def texts(each):
    """Return what the listed fields of a table hold, in one text."""
    return " ".join(str(value) for row in each.model._base_manager.values_list(*each.fields) for value in row).lower()


# What it does


def test_name_and_address_are_replaced_wherever_they_stand_by_themselves(person, place, administrator):
    everywhere(person, place)
    for each in personal.named():
        for field in each.fields:
            assert NAME.lower() in texts(each) or EMAIL in texts(each), (each.model, field)
    has_left(person, administrator)
    version = Action.objects.get().version

    forgotten = forget(person, administrator)

    assert forgotten.name == f"Former member {person.public_id.hex[:4]}"
    assert forgotten.email == f"{person.public_id.hex}@erased.invalid"
    for each in personal.named():
        assert NAME.lower() not in texts(each), each.model
        assert EMAIL not in texts(each), each.model
    assert Body.objects.get().chair_post == f"Acting chair ({forgotten.name})"
    assert (Action.objects.get().owner_name, Action.objects.get().version) == (forgotten.name, version + 1)
    assert no_faults()


def test_a_longer_word_and_somebody_else_of_the_same_name_keep_theirs(person, place, administrator):
    everywhere(person, place)
    elsewhere = factories.create_body(factories.create_place(), chair_post=f"Namesake: {NAME}")
    longer = factories.create_body(place, chair_post=f"{NAME}son")
    has_left(person, administrator)

    forget(person, administrator)

    for body in (elsewhere, longer):
        was = body.chair_post
        body.refresh_from_db()
        assert body.chair_post == was


def test_nothing_is_sent_to_the_address_any_more_and_its_invitation_works_no_longer(person, place, administrator):
    invitation = factories.create_invitation(place=place, email=EMAIL, name=NAME, at=timezone.now())
    token = factories.link_token(OutgoingMail.objects.latest("pk"))

    forget(person, administrator)

    assert not OutgoingMail.objects.filter(sent_at=None, failed_at=None, to=EMAIL).exists()
    outgoing = OutgoingMail.objects.get()
    assert (outgoing.body, bool(outgoing.failed_at)) == ("", True)
    assert Invitation.objects.get(pk=invitation.pk).withdrawn_at
    with pytest.raises(invitations.LinkSpent):
        invitations.accept(token=token, at=timezone.now())
    assert no_faults()


def test_sign_in_and_sessions_end_and_the_address_is_free_for_somebody_new(client, person, administrator):
    client.force_login(person)
    other = factories.create_user()
    client.session.save()
    KeptForm.objects.create(user=person, sealed="My words", kept_at=timezone.now())
    assert Session.objects.count() == 1
    forgotten = forget(person, administrator)

    assert not Session.objects.exists()
    assert not KeptForm.objects.exists()
    assert client.get("/").status_code == 302
    assert not forgotten.has_usable_password()
    assert not forgotten.is_active
    assert people.add_person(email=EMAIL, name=NAME, by=administrator, at=timezone.now()).pk != person.pk
    assert other.is_active


def test_tokens_that_they_made_work_no_longer_and_those_of_others_do(client, place, administrator):
    person, other = (factories.holder(Role.PROGRAMME_OFFICE, place), factories.create_user(administrator=True))
    made = {
        by: make_token(
            system=place.system,
            name=by.name,
            expires_on=timezone.localdate() + timedelta(days=30),
            by=by,
            at=timezone.now(),
        )[1]
        for by in (person, other)
    }
    has_left(person, administrator)

    forget(person, administrator, confirmation=person.email)

    answers = {
        by: client.get(reverse("reports:api_levels"), headers={"Authorization": f"Bearer {secret}"}).status_code
        for by, secret in made.items()
    }
    assert answers == {person: 401, other: 200}
    assert recorded_on(audit.Type.API_TOKEN_REVOKED) == [str(administrator.public_id)]
    assert no_faults()


def test_what_was_done_stays_under_the_pseudonym_and_what_was_sealed_is_as_it_was(client, place, administrator):
    assessment = factories.create_assessment(place=place, state=State.SIGNING)
    person = factories.create_user(NAME, email=EMAIL)
    factories.create_membership(user=person, role=Role.SIGNATORY, place=place)
    factories.create_signature(assessment, by=person, words=f"I, {NAME}, have a doubt", kind="RESERVED")
    factories.move(assessment, "SEAL", meeting_on=factories.AT.date(), minute_reference="PB/26/1")
    has_left(person, administrator)
    sealed = [*Snapshot.objects.values_list("text"), *Seal.objects.values_list("text")]
    record = list(AuditEvent.objects.order_by("pk").values_list("hash", flat=True))

    forgotten = forget(person, administrator)

    assert [*Snapshot.objects.values_list("text"), *Seal.objects.values_list("text")] == sealed
    after = list(AuditEvent.objects.order_by("pk").values_list("hash", flat=True))
    assert after[: len(record)] == record
    assert signing.current_snapshot(assessment).signatures.get().membership.user == forgotten
    client.force_login(factories.holder(Role.CHAIR, place))
    page = client.get(reverse("assessments:signoff", args=[assessment.public_id])).text
    # The seal says who signed; what the board has signed is nobody's to change.
    assert NAME in page
    assert no_faults()


def test_comments_go_where_it_is_asked_and_scores_stay(person, administrator):
    assessment = factories.in_scoring(factories.create_assessment())
    factories.create_membership(user=person, place=assessment.place)
    factories.create_score(assessment.items.get(), by=person, comment="As I told Jo in the pub", at=timezone.now())
    has_left(person, administrator)
    assert [(each.name, each.count) for each in pseudonyms.words_of(person)] == [("comments on scores", 1)]

    forget(person, administrator, erase_words=True)

    score = Score.objects.get()
    assert (score.comment, score.level) == ("", 3)
    assert pseudonyms.words_of(person) == []
    event = AuditEvent.objects.get(type=audit.Type.COMMENT_ERASED)
    assert event.chain == audit.chain_key(assessment)
    assert no_faults()
    Score.objects.update(comment="Put back behind the record")
    assert audit_rows.faults()


def test_the_record_says_that_it_was_done_and_holds_nothing_personal(person, administrator):
    forget(person, administrator)

    event = AuditEvent.objects.get(type=audit.Type.PERSON_PSEUDONYMISED)
    assert (event.target, event.actor) == (str(person.public_id), str(administrator.public_id))
    record = "".join(str(list(each.values())) for each in AuditEvent.objects.values())
    assert NAME not in record
    assert EMAIL not in record


def test_the_pseudonym_stays_whatever_comes(person, administrator):
    forget(person, administrator)
    person.refresh_from_db()

    with pytest.raises(PermissionDenied):
        people.change_person(
            person=person, name=NAME, is_active=True, based_on=person.version, by=administrator, at=timezone.now()
        )
    with pytest.raises(people.RoleElsewhere, match="was pseudonymised"):
        factories.create_membership(user=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=True)
    with pytest.raises(pseudonyms.PseudonymisedAlready):
        forget(person, administrator, confirmation=person.email)


def test_who_may_not_be_pseudonymised_and_by_whom(person, place, administrator):
    with pytest.raises(PermissionDenied):
        forget(person, factories.holder(Role.PROGRAMME_OFFICE, place))
    with pytest.raises(pseudonyms.OneSelf):
        forget(administrator, administrator)
    with pytest.raises(pseudonyms.WrongConfirmation):
        forget(person, administrator, confirmation="someone@people.example")
    factories.create_membership(user=person, place=place)
    with pytest.raises(pseudonyms.HasParts):
        forget(person, administrator)
    person.refresh_from_db()
    assert (person.name, person.email) == (NAME, EMAIL)


# The page


def url(person):
    return reverse("partnership:pseudonymise", args=[person.public_id])


def test_an_administrator_sees_what_it_does_types_the_address_and_it_is_done_once(client, person, place, administrator):
    assessment = factories.in_scoring(factories.create_assessment(place=place))
    factories.create_membership(user=person, place=place)
    factories.create_score(assessment.items.get(), by=person, comment="Hm", at=timezone.now())
    client.force_login(administrator)
    text = client.get(url(person)).text
    assert "still has a part" in text
    assert reverse("partnership:leave", args=[person.public_id]) in text
    assert 'name="confirmation"' not in text
    has_left(person, administrator)

    text = client.get(url(person)).text
    assert "Signed documents and reports in PDF are never changed." in text
    assert "1 by them: comments on scores" in text
    token = str(uuid4())
    response = client.post(url(person), {"confirmation": "wrong@people.example", "token": token, "erase_words": "on"})
    assert "That is not the person" in response.text
    assert re.search(r'name="erase_words"[^>]*checked', response.text)
    values = {"confirmation": f" {EMAIL.upper()}", "token": token, "erase_words": "on"}
    done = client.post(url(person), values, follow=True)
    again = client.post(url(person), values, follow=True)

    assert "from now on, everywhere" in done.text
    assert NAME not in done.text
    assert again.status_code == 200
    assert Score.objects.get().comment == ""
    assert AuditEvent.objects.filter(type=audit.Type.PERSON_PSEUDONYMISED).count() == 1
    assert "was pseudonymised before" in client.get(url(person)).text


def test_only_administrators_open_the_page(client, person, place):
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, place))

    assert client.get(url(person)).status_code == 403
    assert client.post(url(person), {"confirmation": EMAIL}).status_code == 403


@pytest.mark.parametrize("comments", [1, 12])
def test_the_page_asks_as_much_for_few_words_as_for_many(
    client, person, place, administrator, comments, django_assert_num_queries
):
    assessment = factories.create_assessment(place=place)
    factories.create_membership(user=person, place=place)
    for _ in range(comments):
        factories.create_item(assessment)
    factories.in_scoring(assessment)
    for item in assessment.items.all():
        factories.create_score(item, by=person, comment="Hm", at=timezone.now())
    client.force_login(administrator)

    # session, user, person, words, parts
    with django_assert_num_queries(5):
        client.get(url(person))


def test_a_link_to_choose_a_password_is_not_sent_to_nowhere(client, person, administrator):
    forget(person, administrator)
    client.force_login(administrator)

    client.post(
        reverse("admin:partnership_user_changelist"), {"action": "invite_again", "_selected_action": [person.pk]}
    )

    assert not OutgoingMail.objects.exists()

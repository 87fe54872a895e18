"""Questions to the place and its replies: who, by when, and that nothing of them changes."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.models import Question, Reply
from assessments.permissions import WrongState
from assessments.services import asking, delegating
from assessments.workflow import ACTS, Act, Move, State
from partnership.idempotency import AlreadyDone
from partnership.models import OutgoingMail
from partnership.roles import Role
from partnership.services import preferences
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
LATE = AT + timedelta(days=30)


def mails(subject):
    return list(OutgoingMail.objects.filter(subject__contains=subject).order_by("to").values_list("to", flat=True))


def test_a_question_waits_for_its_reply_and_goes_to_lead_and_chair_alone():
    assessment = factories.create_assessment(state=State.IN_REVIEW)
    cast = {role: factories.holder(role, assessment.place) for role in Role}

    asked = factories.create_question(assessment)

    assert asked.state == State.CLARIFY
    assert mails("A question on") == sorted([cast[Role.LEAD].email, cast[Role.CHAIR].email])
    body = OutgoingMail.objects.filter(subject__contains="A question on").first().body
    assert "How often" not in body
    assert reverse("assessments:questions", args=[assessment.public_id]) in body


def test_news_of_a_review_can_be_switched_off_by_the_link_in_it_and_the_task_stays(client):
    assessment = factories.create_assessment(state=State.IN_REVIEW)
    lead, chair = (factories.holder(role, assessment.place) for role in (Role.LEAD, Role.CHAIR))
    factories.create_question(assessment)
    mail = OutgoingMail.objects.get(subject__contains="A question on", to=lead.email)

    assert mail.unsubscribe_url in mail.body
    client.post(urlsplit(mail.unsubscribe_url).path, {"List-Unsubscribe": "One-Click"})
    factories.create_reply(assessment.questions.get(), by=lead)
    factories.create_question(assessment)

    assert mails("A question on") == sorted([lead.email, chair.email, chair.email])
    client.force_login(lead)
    assert "Reply to one question" in client.get("/").text


def test_who_is_named_for_something_is_told_whatever_they_switched_off():
    assessment = factories.create_assessment(state=State.SIGNING)
    signatory = factories.create_signatory(assessment.place)
    organisation = signatory.memberships.get().organisation
    deputy = factories.create_membership(role=Role.CONTRIBUTOR, place=assessment.place, organisation=organisation)
    preferences.choose(person=deputy.user, wanted=[], by=deputy.user, at=AT)

    delegating.name_deputy(assessment=assessment, deputy=deputy, starts_on=None, ends_on=None, by=signatory, at=AT)

    mail = OutgoingMail.objects.get(to=deputy.user.email)
    assert (mail.unsubscribe_url, "No more" in mail.body) == ("", False)


@pytest.mark.parametrize("role", [*Role, None])
def test_who_replies_for_the_place(role):
    assessment = factories.create_assessment(state=State.CLARIFY)
    person = factories.holder(role, assessment.place) if role else factories.create_user()
    question = assessment.questions.get()

    if role in ACTS[Act.REPLY].roles:
        factories.create_reply(question, by=person)
    else:
        with pytest.raises(PermissionDenied):
            factories.create_reply(question, by=person)
    assert question.replies.exists() == (role in ACTS[Act.REPLY].roles)


def test_the_last_reply_hands_back_to_the_reviewers_and_an_earlier_one_does_not():
    assessment = factories.create_assessment(state=State.CLARIFY)
    factories.create_question(assessment, code="", text="Who chairs it?")
    first, second = assessment.questions.order_by("number")

    factories.create_reply(first)
    assessment.refresh_from_db()
    assert assessment.state == State.CLARIFY
    factories.create_reply(second)

    assessment.refresh_from_db()
    assert assessment.state == State.IN_REVIEW
    assert mails("has replied to question 2")


def test_whoever_asked_and_the_programme_office_hear_of_a_reply():
    assessment = factories.create_assessment(state=State.IN_REVIEW)
    asker = factories.create_membership(role=Role.REVIEWER, system=assessment.place.system).user
    bystander = factories.create_membership(role=Role.REVIEWER, system=assessment.place.system).user
    factories.create_question(assessment, by=asker)

    factories.create_reply(assessment.questions.get())

    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    told = mails("has replied to question 1")
    assert told == sorted([asker.email, office.email])
    assert bystander.email not in told


def test_a_late_reply_is_taken_and_shown_as_late(client):
    assessment = factories.create_assessment(state=State.CLARIFY)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    factories.move(assessment, Move.GO_ON, by=office, reason="The day has passed", at=LATE)

    made = factories.create_reply(assessment.questions.get(), at=LATE)

    assert made.is_late
    client.force_login(office)
    text = client.get(reverse("assessments:questions", args=[assessment.public_id])).text
    assert "late</strong>" in text


def test_a_reply_on_its_last_day_in_london_is_in_time():
    assessment = factories.create_assessment(state=State.CLARIFY)
    # Half past eleven in the evening, in British summer time.
    last = AT.replace(day=15, hour=22, minute=30)

    assert not factories.create_reply(assessment.questions.get(), at=last).is_late
    assert factories.create_reply(assessment.questions.get(), at=last + timedelta(hours=1)).is_late


def test_nobody_goes_on_without_a_reply_before_its_last_day_has_passed():
    assessment = factories.create_assessment(state=State.CLARIFY)

    with pytest.raises(asking.ReplyStillDue, match="15 October 2026"):
        factories.move(assessment, Move.GO_ON, reason="We are in a hurry")

    assert factories.move(assessment, Move.GO_ON, reason="The day has passed", at=LATE).state == State.IN_REVIEW


@pytest.mark.parametrize(
    "values, error",
    [
        ({"text": "  "}, asking.NothingSaid),
        ({"reply_by": AT.date() - timedelta(days=1)}, asking.DeadlinePassed),
        ({"code": "NONE"}, asking.NoSuchCriterion),
    ],
)
def test_a_question_that_cannot_be_replied_to_is_refused(values, error):
    assessment = factories.create_assessment(state=State.IN_REVIEW)

    with pytest.raises(error):
        factories.create_question(assessment, **values)

    assessment.refresh_from_db()
    assert assessment.state == State.IN_REVIEW
    assert not Question.objects.exists()
    assert not mails("A question on")


def test_a_reply_sent_twice_is_one_reply_and_one_mail():
    from assessments.services.replying import reply

    assessment = factories.create_assessment(state=State.CLARIFY)
    lead = factories.holder(Role.LEAD, assessment.place)
    said = {"text": "Every month", "by": lead, "at": AT, "token": "6f1c1de4-58b8-4d53-9c1c-5b0f0b8a7a10"}
    reply(question=assessment.questions.get(), **said)
    before = OutgoingMail.objects.count()

    with pytest.raises(AlreadyDone):
        reply(question=assessment.questions.get(), **said)

    assert Reply.objects.count() == 1
    assert OutgoingMail.objects.count() == before


def test_after_the_decision_nothing_is_added():
    assessment = factories.create_assessment(state=State.DECIDED)

    with pytest.raises(WrongState):
        factories.create_reply(assessment.questions.first())


def test_submitting_tells_the_programme_office_and_the_reviewers():
    assessment = factories.create_assessment(state=State.SIGNED)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    reviewer = factories.holder(Role.REVIEWER, assessment.place)

    factories.move(assessment, Move.SUBMIT)

    assert mails("has submitted its assessment") == sorted([office.email, reviewer.email])

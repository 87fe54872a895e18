"""
Tell by e-mail those whose turn it is: written in the transaction of the act, sent by the worker.

News of reviews goes to whoever has not switched it off; being named for something goes to everybody.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from partnership import mail
from partnership.models import Membership, User
from partnership.roles import Role
from partnership.services import preferences

REVIEWERS = (Role.PROGRAMME_OFFICE, Role.REVIEWER)
SPEAKERS = (Role.LEAD, Role.CHAIR)


def submitted(*, assessment, at):
    """Tell the programme office and the system's reviewers what there is to review."""
    _tell_news(_of_system(assessment, at), "submitted", assessment=assessment, page="assessments:review", at=at)


def question_asked(*, question, at):
    """Tell the place's lead and chair what they are asked, and until when they may reply."""
    people = _at_place(question.assessment, at)
    _tell_news(
        people, "question_asked", assessment=question.assessment, page="assessments:questions", at=at, question=question
    )


def review_shared(*, question, at):
    """Tell the place's lead and chair that they may read the review, and until when they may reply."""
    people = _at_place(question.assessment, at)
    _tell_news(
        people, "review_shared", assessment=question.assessment, page="assessments:questions", at=at, question=question
    )


def reply_given(*, reply, at):
    """Tell whoever asked, and the programme office."""
    question = reply.question
    office = _of_system(question.assessment, at, roles=(Role.PROGRAMME_OFFICE,))
    people = office | User.objects.filter(pk=question.asked_by_id, is_active=True)
    _tell_news(
        people, "reply_given", assessment=question.assessment, page="assessments:questions", at=at, question=question
    )


def decided(*, decision, at):
    """Tell the place's lead and chair that the ICB has decided."""
    people = _at_place(decision.assessment, at)
    _tell_news(people, "decided", assessment=decision.assessment, page="assessments:decision", at=at)


def deputy_named(*, delegation, assessment, at):
    """Tell a deputy for what they may sign."""
    people = _only(delegation.deputy)
    _tell(people, "deputy_named", assessment=assessment, page="assessments:sign", at=at, delegation=delegation)


def stands_in(*, stand_ins, assessment, at):
    """Tell the lead what they may do in the chair's place."""
    told = {"stand_in": stand_ins[0], "stand_ins": stand_ins}
    _tell(_only(stand_ins[0].lead), "stands_in", assessment=assessment, page="assessments:stand_ins", at=at, **told)


def stands_in_no_more(*, stand_in, assessment, at):
    """Tell the lead what they may no longer do in the chair's place."""
    people = _only(stand_in.lead)
    _tell(people, "stands_in_no_more", assessment=assessment, page="assessments:stand_ins", at=at, stand_in=stand_in)


def stood_in(*, stand_in, assessment, move, at):
    """Tell the chair what the lead did in their place."""
    told = {"stand_in": stand_in, "move": move.label[0].lower() + move.label[1:]}
    _tell(_only(stand_in.chair), "stood_in", assessment=assessment, page="assessments:assessment", at=at, **told)


def note_removed(*, note, item, assessment, by, at):
    """Give whoever wrote a note their words back, where somebody else removed the item that it was on."""
    people = User.objects.filter(pk=note.written_by_id, is_active=True).exclude(pk=by.pk)
    told = {"item": item, "organisation": note.organisation, "text": note.text, "by": by}
    _tell(people, "note_removed", assessment=assessment, page="assessments:assessment", at=at, **told)


def _only(membership):
    return User.objects.filter(pk=membership.user_id, is_active=True)


def _of_system(assessment, at, roles=REVIEWERS):
    held = Membership.objects.current(timezone.localdate(at)).filter(system=assessment.system_id, role__in=roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def _at_place(assessment, at):
    held = Membership.objects.current(timezone.localdate(at)).filter(place=assessment.place_id, role__in=SPEAKERS)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def _tell_news(people, template, **told):
    kind = preferences.Kind.REVIEWS
    _tell(people.filter(**{kind.field: True}), template, kind=kind, **told)


def _tell(people, template, *, assessment, page, at, kind=None, **context):
    link = settings.BASE_URL.rstrip("/") + reverse(page, args=[assessment.public_id])
    for person in people.order_by("email"):
        unsubscribe = preferences.link(person, kind) if kind else ""
        told = {"person": person, "assessment": assessment, "link": link, "unsubscribe": unsubscribe} | context
        text = mail.written(f"assessments/mail/{template}.txt", **told)
        mail.send_later(to=person.email, at=at, unsubscribe=unsubscribe, **text)

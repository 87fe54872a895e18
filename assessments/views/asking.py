"""What the reviewers ask, and what the place replies."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, review_table, selectors
from assessments.forms.reviewing import ReplyForm
from assessments.models import Question
from assessments.permissions import WrongState
from assessments.services.asking import NothingSaid
from assessments.services.replying import reply
from assessments.workflow import Act, Move
from partnership.idempotency import AlreadyDone


@dataclass
class Asked:
    """A question with its replies; `is_over` once its last day has passed. `form` is for those who may reply."""

    question: Question
    replies: list
    is_over: bool
    form: ReplyForm | None = None


@require_http_methods(["GET", "POST"])
def questions(request, public_id):
    """Show what was asked with its replies, and take a reply for the place."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    today = timezone.localdate()
    may_reply = permissions.can(Act.REPLY, capacity=capacity, assessment=assessment)
    asked = [
        Asked(
            question=question,
            replies=list(question.replies.all()),
            is_over=question.reply_by < today,
            form=ReplyForm(question=question) if may_reply else None,
        )
        for question in review_table.questions(assessment=assessment)
    ]
    problem, typed = "", []
    if request.method == "POST":
        answer, problem = _reply(request, assessment, capacity, asked)
        if answer:
            return answer
        if problem:
            typed = [text for name, text in request.POST.items() if name.endswith("-text") and text.strip()]
    return TemplateResponse(
        request,
        "assessments/questions.html",
        {
            "assessment": assessment,
            "asked": asked,
            "waiting": sum(not each.replies for each in asked),
            "forms": [each.form for each in asked if each.form and each.form.is_bound],
            "problem": problem,
            "typed": typed,
            "may_ask": Move.ASK in permissions.possible_moves(capacity=capacity, assessment=assessment),
            "may_reply": may_reply,
            "moves": permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
        status=409 if problem else 200,
    )


def _reply(request, assessment, capacity, asked):
    """Take a reply; return the answer if it was taken, else why it could not be."""
    try:
        permissions.check(Act.REPLY, capacity=capacity, assessment=assessment)
    except WrongState as error:
        return None, f"The reply was not saved. {error}"
    number = request.POST.get("question", "")
    question = get_object_or_404(assessment.questions, number=int(number) if number.isdecimal() else 0)
    place = next(each for each in asked if each.question.pk == question.pk)
    place.form = form = ReplyForm(request.POST, question=place.question)
    if not form.is_valid():
        return None, ""
    try:
        reply(question=place.question, by=request.user, at=timezone.now(), **form.cleaned_data)
    except AlreadyDone:
        pass
    except WrongState as error:
        return None, f"The reply was not saved. {error}"
    except NothingSaid as error:
        form.add_error("text", str(error))
        return None, ""
    messages.success(request, f"The reply to question {question.number} was given.")
    return redirect("assessments:questions", assessment.public_id), ""

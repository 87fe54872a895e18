"""A person is pseudonymised on request: an administrator sees what that does, and confirms it by typing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.forms.pseudonyms import PseudonymForm
from partnership.idempotency import AlreadyDone
from partnership.models import User
from partnership.services import pseudonyms as services


@require_http_methods(["GET", "POST"])
def pseudonymise(request, public_id):
    person = get_object_or_404(User, public_id=public_id)
    stays = services.words_of(person)
    problem = None
    try:
        services.check_can_be_pseudonymised(person=person, by=request.user, on=timezone.localdate())
    except services.PseudonymRefused as refused:
        problem = refused
    can_erase = any(each.can_be_erased for each in stays)
    form = PseudonymForm(request.POST if request.method == "POST" else None, can_erase=can_erase)
    if form.is_valid():
        try:
            person = services.pseudonymise(person=person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.WrongConfirmation as error:
            form.add_error("confirmation", str(error))
        except services.PseudonymRefused as error:
            problem = error
        except AlreadyDone:
            return _done(person)
        else:
            messages.success(request, f"The person is called {person.name} from now on, everywhere.")
            return _done(person)
    return TemplateResponse(
        request,
        "partnership/pseudonymise.html",
        {
            "person": person,
            "pseudonym": services.pseudonym(person),
            "problem": problem,
            "must_leave": isinstance(problem, services.HasParts),
            "stays": [each for each in stays if not each.can_be_erased],
            "erasable": [each for each in stays if each.can_be_erased],
            "form": form,
            "heading": "Pseudonymise somebody",
            "caption": person.name,
            "back": {"href": reverse("admin:partnership_user_change", args=[person.pk]), "text": "The person"},
        },
    )


def _done(person):
    return redirect("admin:partnership_user_change", person.pk)

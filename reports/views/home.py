"""The home page: what needs me now."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from reports import selectors, tasks


@require_GET
def home(request):
    today = timezone.localdate()
    found = selectors.home(user=request.user, day=today)
    return TemplateResponse(
        request,
        "reports/home.html",
        {
            "home": found,
            "tasks": [_shown(task, today) for task in found.tasks(today=today)],
            "places": [
                {"part": part, "standings": [(each, tasks.waiting(each)) for each in part.standings]}
                for part in found.places
            ],
            "place_systems": list(dict.fromkeys(part.where.system for part in found.places)),
        },
    )


def _shown(task, today):
    """Return a task as the component shows it."""
    late = bool(task.due_on and task.due_on < today)
    return {
        "text": task.text,
        "context": task.context,
        "due": task.due_on and f"{task.due_verb} {date_format(task.due_on, 'l j F Y')}{' (late)' if late else ''}",
        "late": late,
        "href": reverse(task.address.route, args=task.address.values),
        "button": task.button,
    }

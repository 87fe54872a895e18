"""The API's addresses. The door (`reports.api.door`) has let in whoever comes here: each request carries its token."""

from django.conf import settings
from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from reports.api.answers import answer, problem
from reports.api.openapi import description
from reports.api.resources import RESOURCES, Unusable, asked, table


def index(request):
    """Say what there is."""
    return answer(
        request,
        {
            "system": request.api_token.system.name,
            "description": _address(reverse("reports:api_description")),
            "resources": {name: _address(reverse(f"reports:api_{name}")) for name in RESOURCES},
        },
    )


def resource(name):
    """Return the view that gives a resource, page by page."""
    found = RESOURCES[name]

    def view(request):
        try:
            wanted = asked(request.GET.dict(), found)
            page = found.read(request.api_token, wanted)
        except Unusable as error:
            return problem(400, "Cannot be understood", str(error))
        following = None
        if page.after:
            query = request.GET.dict() | {"after": str(page.after)}
            following = _address(reverse(f"reports:api_{name}", query=query))
        return answer(request, {"data": table(found, page), "next": following})

    view.__name__ = f"api_{name}"
    return view


def unknown(request, path):
    """Tell a program that there is no such address, in the way in which it is told everything."""
    return problem(404, "No such address", f"There is no “{path}”. {_address(reverse('reports:api_index'))} lists all.")


@require_GET
def api_description(request):
    """Give the OpenAPI description, which says nothing of any place, to anybody."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _address(path):
    return settings.BASE_URL.rstrip("/") + path

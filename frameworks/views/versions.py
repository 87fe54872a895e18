"""What changed between two versions of a framework."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from frameworks import selectors


@require_GET
def difference(request, public_id):
    later = selectors.get_version(user=request.user, public_id=public_id)
    others = selectors.published_before(version=later)
    earlier = selectors.version_before(version=later, published=others)
    if number := request.GET.get("from"):
        earlier = next((each for each in others if each.number == number), None)
        if earlier is None:
            raise Http404("The framework has no such version")
    return TemplateResponse(
        request,
        "frameworks/difference.html",
        {
            "version": later,
            "earlier": earlier,
            "others": [each for each in others if earlier and each.pk != earlier.pk],
            "difference": earlier and selectors.difference(later=later, earlier_id=earlier.pk),
        },
    )

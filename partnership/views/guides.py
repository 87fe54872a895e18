"""The words that lead people in: first steps, and what the portal's words mean."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from partnership.glossary import BY_CODE, TERMS
from partnership.guides import Guide
from partnership.services import guides
from partnership.views.request import next_address


@require_GET
def glossary(request):
    terms = sorted(TERMS, key=lambda term: term.name.lower())
    letters = [
        (letter, [(term, [BY_CODE[code] for code in term.also]) for term in group])
        for letter, group in groupby(terms, key=lambda term: term.name[0].upper())
    ]
    return TemplateResponse(request, "partnership/glossary.html", {"letters": letters})


@require_POST
def put_away(request, guide):
    """Put first steps away, and go back to the page that they stood on."""
    if guide not in Guide.values:
        raise Http404("No such first steps")
    guides.put_away(guide=guide, by=request.user)
    return redirect(next_address(request))

"""The tag that puts the meaning of the portal's words within one click of where they are used."""

from django import template
from django.template.loader import render_to_string

from partnership import rendered
from partnership.glossary import BY_CODE

register = template.Library()


@register.simple_tag
def words(*codes, summary="What the words mean"):
    """
    Show what words of a page mean, folded on the page itself, so that nothing typed there is left behind.

    :raises KeyError: if the glossary has no such word
    """

    def make():
        terms = [BY_CODE[code] for code in codes]
        return render_to_string("components/words.html", {"summary": summary, "terms": terms})

    return rendered.part(words, (summary, codes), make)

"""The tag that puts the meaning of the portal's words within one click of where they are used."""

from django import template

from partnership.glossary import BY_CODE

register = template.Library()


@register.inclusion_tag("components/words.html")
def words(*codes, summary="What the words mean"):
    """
    Show what words of a page mean, folded on the page itself, so that nothing typed there is left behind.

    :raises KeyError: if the glossary has no such word
    """
    return {"summary": summary, "terms": [BY_CODE[code] for code in codes]}

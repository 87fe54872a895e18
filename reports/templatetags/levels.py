"""Filters that look things up for templates: what stands under a key, what a status means."""

from django import template

from assessments.reading import number_beside
from reports.figures import STATUS_WORDS

register = template.Library()


@register.filter
def at(mapping, key):
    """Return what stands under a key that is itself a variable."""
    return mapping[key]


@register.filter
def figure(result):
    """Return the number that a rule calculated, in words; "" where none did."""
    return number_beside(result)


@register.filter
def status_words(status):
    """Say what a result without a level means."""
    return STATUS_WORDS[status]

"""Every field that takes words says who will read them."""

import importlib
import inspect
import pkgutil

import pytest
from django import forms

from assessments.forms.moves import MoveForm
from assessments.forms.notes import NoteForm
from assessments.forms.signing import SignForm
from assessments.forms.workshops import SettleForm
from assessments.models import Assessment
from assessments.notes import Kept
from assessments.workflow import Move
from frameworks.definition import parse
from partnership.models import Organisation
from tests.unit.frameworks.definitions import garden

READERS = ("read by", "reads ", "read ", "printed in the report", "shown to", "sees")


def field_classes():
    """Return the form classes of the upper rooms that take words, with the names of the fields that do."""
    for room in ("assessments", "improvement", "reports"):
        package = importlib.import_module(f"{room}.forms")
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for _, form in inspect.getmembers(module, inspect.isclass):
                if issubclass(form, forms.BaseForm) and form.__module__ == module.__name__:
                    yield form


def fields_of_words():
    return [
        (form, name)
        for form in field_classes()
        for name, field in form.base_fields.items()
        if isinstance(field.widget, forms.Textarea) and (form, name) != (NoteForm, "text")
    ]


def says_who(field):
    return any(words in f"{field.label} {field.help_text}".lower() for words in READERS)


@pytest.mark.parametrize("form, name", fields_of_words(), ids=lambda each: getattr(each, "__name__", each))
def test_a_field_of_words_says_who_reads_them(form, name):
    assert says_who(form.base_fields[name])


class Withdraw(MoveForm):
    move = Move.WITHDRAW


def made_as_the_page_is():
    """Return forms whose fields, or what is said of them, depend on the page."""
    trust = Organisation(name="The trust")
    scale = parse(garden()).scale
    return [
        Withdraw(assessment=Assessment(version=1), prospect=None),
        SignForm(digest="", organisation=trust),
        NoteForm(kept=Kept(trust, None)),
        SettleForm(number=1, scale=scale),
    ]


@pytest.mark.parametrize("form", made_as_the_page_is(), ids=lambda form: type(form).__name__)
def test_so_does_one_that_is_made_with_its_page(form):
    of_words = [field for field in form.fields.values() if isinstance(field.widget, forms.Textarea)]

    assert of_words
    assert all(says_who(field) for field in of_words)


def test_a_field_that_does_not_say_it_is_found():
    assert not says_who(forms.CharField(label="Why?", help_text="Kept with the move.", widget=forms.Textarea))

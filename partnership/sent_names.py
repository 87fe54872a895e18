"""Say what was sent from a page in its words: the labels of fields, and of what was chosen, instead of names."""

import inspect
import re
import sys
from collections import Counter

from django.forms import BaseForm, ChoiceField, Form, ModelChoiceField
from django.forms.utils import pretty_name
from django.urls import Resolver404, resolve

DATE_PART = re.compile(r"(.+)_(day|month|year)$")
CODE = re.compile(r"[A-Z][A-Z_]+$")


def in_words(path, pairs):
    """
    Return pairs of a field's name and what it held in the words of the form that was sent to `path`.

    What a form is called among several, such as `item3-`, stands before the label. A field that no form of the page's
    view has goes by its name. Of what was chosen among rows only is said how many: whoever sent it may see no more.
    """
    known = _fields(path)
    chosen = Counter(name for name, _ in pairs if _is_of_rows(name, known))
    said = [(name, _counted(chosen[name]) if name in chosen else _held(name, value, known)) for name, value in pairs]
    return list(dict.fromkeys((_called(name, known), value) for name, value in said))


def _fields(path):
    """Return the labelled fields of the forms that the view behind a path uses, by name."""
    try:
        view = inspect.unwrap(resolve(path.partition("?")[0]).func)
    except Resolver404:
        return {}
    known = {}
    for form in _forms(sys.modules[view.__module__]):
        for name, field in form.base_fields.items():
            if field.label:
                known.setdefault(name, field)
    return known


def _forms(module, *, deeper=True):
    """Yield the forms that a module of views has in reach: its own, and those of the views that it is made of."""
    beside = set()
    for each in list(vars(module).values()):
        if inspect.isclass(each) and issubclass(each, BaseForm) and each is not Form:
            yield each
        elif deeper and ".views." in (home := getattr(each, "__module__", None) or "") and home != module.__name__:
            beside.add(home)
    for home in sorted(beside):
        yield from _forms(sys.modules[home], deeper=False)


def _field(name, known):
    """Return what a name begins with, the field that it means, if any, and the rest of its name in words."""
    prefix, _, own = name.rpartition("-")
    if own in known or not (part := DATE_PART.match(own)):
        return prefix, known.get(own), pretty_name(own), ""
    return prefix, known.get(part[1]), pretty_name(part[1]), part[2]


def _called(name, known):
    prefix, field, plain, part = _field(name, known)
    label = str(field.label) if field else plain
    before = re.sub(r"(?<=[a-z])(?=\d)", " ", prefix.replace("-", " ").replace("_", " ")).strip()
    return ", ".join(filter(None, (before[:1].upper() + before[1:], label.rstrip("?:") if part else label, part)))


def _counted(number):
    return "chosen from the list" if number == 1 else f"{number} chosen from the list"


def _is_of_rows(name, known):
    return isinstance(_field(name, known)[1], ModelChoiceField)


def _held(name, value, known):
    _, field, _, _ = _field(name, known)
    if isinstance(field, ChoiceField):
        value = str(dict(field.choices).get(value, value))
    if value == "on":
        return "Yes"
    return value.replace("_", " ").capitalize() if CODE.match(value) else value

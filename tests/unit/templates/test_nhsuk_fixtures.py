"""
Our form templates against the expected markup that comes with NHS.UK frontend.

Each of its components has a `fixtures.json` with inputs and the HTML that they should
give. A fixture whose every input we offer is rebuilt as a Django field; the others are
counted, so that a gap is a decision and not an accident.
"""

import json
from pathlib import Path

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field, as_crispy_form
from django import forms
from django.utils.safestring import mark_safe

from partnership.fields import DateError, DateField, DateInput, looks

from .markup import outline

COMPONENTS = Path(__file__).resolve().parents[3] / "node_modules/nhsuk-frontend/dist/nhsuk/components"

# Inputs that we offer, by component; of an input that is a mapping, the keys that we offer.
LABELLED = {
    "label": {"text", "heading", "size"},
    "hint": {"text", "html"},
    "errorMessage": {"text"},
    "name": None,
    "id": None,
    "disabled": None,
}
CHOSEN = {
    "fieldset": {"legend"},
    "hint": {"text", "html"},
    "errorMessage": {"text"},
    "name": None,
    "idPrefix": None,
    "small": None,
    "inline": None,
    "disabled": None,
    "value": None,
    "values": None,
    "items": {"value", "text", "hint", "divider"},
}
TYPED = {"value", "width", "autocomplete", "inputmode", "spellcheck", "classes", "type", "prefix", "suffix"}
SUPPORTED = {
    "input": LABELLED | dict.fromkeys(TYPED),
    "textarea": LABELLED | {"autocomplete": None},
    "select": LABELLED | {"value": None, "items": {"value", "text"}},
    "radios": CHOSEN,
    "checkboxes": CHOSEN | {"items": {"value", "text", "hint"}},
    "date-input": {
        "fieldset": {"legend"},
        "hint": {"text"},
        "errorMessage": {"text"},
        "id": None,
        "values": None,
        "items": {"name", "width", "error", "value"},
    },
    "file-upload": LABELLED | {"multiple": None},
    "password-input": {key: value for key, value in LABELLED.items() if key != "disabled"} | {"autocomplete": None},
    "character-count": LABELLED | {"maxlength": None, "value": None},
}
# How many fixtures of each component we rebuild; fewer would mean that a check has gone quiet.
EXPECTED = {
    "input": 28,
    "textarea": 14,
    "select": 14,
    "radios": 29,
    "checkboxes": 27,
    "date-input": 15,
    "file-upload": 14,
    "password-input": 9,
    "character-count": 14,
}


def fixtures(component):
    for fixture in json.loads((COMPONENTS / component / "fixtures.json").read_text())["fixtures"]:
        if is_supported(component, fixture["context"]):
            yield fixture


def is_supported(component, context):
    if component == "character-count" and "maxlength" not in context:
        return False
    if context.get("errorMessage") is True or any(item.get("error") for item in errors_without_words(context)):
        return False
    for key, value in context.items():
        if key not in SUPPORTED[component] or (isinstance(value, list) and not all(value)):
            return False
        for each in value if isinstance(value, list) else [value]:
            allowed = SUPPORTED[component][key]
            if isinstance(each, dict) and allowed is not None and not set(each) <= allowed:
                return False
    if component == "date-input" and [item["name"] for item in date_items(context)] != list(DateInput.PARTS):
        return False
    title = title_of(context)
    return bool(text_of(title)) and (isinstance(title, str) or title.keys() <= LABELLED["label"])


def errors_without_words(context):
    """Return the boxes that are marked wrong with no message; a Django field always has one."""
    return [item for item in context.get("items", []) if item] if "errorMessage" not in context else []


def date_items(context):
    values = context.get("values", {})
    return context.get("items") or [{"name": part, "value": values.get(part, "")} for part in DateInput.PARTS]


def title_of(context):
    return context.get("label") or (context.get("fieldset") or {}).get("legend") or {}


def text_of(value):
    if isinstance(value, dict):
        return value.get("heading") or value.get("text") or mark_safe(value.get("html", ""))
    return value or ""


def field_of(component, context):
    """Return the Django field that a fixture describes."""
    title = title_of(context)
    title = title if isinstance(title, dict) else {"text": title}
    common = {
        "label": text_of(title),
        "help_text": text_of(context.get("hint")),
        "required": False,
        "disabled": bool(context.get("disabled")),
        "label_suffix": "",
    }
    look = {"size": title.get("size", ""), "heading": bool(title.get("heading"))}
    attrs = {key: context[key] for key in ("autocomplete", "inputmode") if key in context}
    if context.get("spellcheck") is not None:
        attrs["spellcheck"] = str(context["spellcheck"]).lower()
    if context.get("classes"):
        attrs["class"] = context["classes"]
    if component == "input":
        widget = forms.TextInput(attrs | {"type": context.get("type", "text")})
        width = context.get("width") if "--width-" not in context.get("classes", "") else None
        affixes = {key: text_of(context.get(key)) for key in ("prefix", "suffix")}
        return looks(forms.CharField(widget=widget, **common), width=width, **affixes, **look)
    if component == "textarea":
        return looks(forms.CharField(widget=forms.Textarea({"rows": 5, "cols": False} | attrs), **common), **look)
    if component == "character-count":
        widget = forms.Textarea({"rows": 5, "cols": False})
        return looks(forms.CharField(max_length=int(context["maxlength"]), widget=widget, **common), count=True, **look)
    if component == "password-input":
        return looks(forms.CharField(widget=forms.PasswordInput(attrs), **common), **look)
    if component == "file-upload":
        widget = forms.FileInput()
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = bool(context.get("multiple"))
        return looks(forms.FileField(widget=widget, **common), **look)
    if component == "date-input":
        return looks(DateField(**common), **look)
    choices = [(item["value"], item["text"]) for item in context["items"] if item and "value" in item]
    if component == "select":
        return looks(forms.ChoiceField(choices=choices, **common), **look)
    items = context["items"]
    look |= {
        "small": bool(context.get("small")),
        "inline": bool(context.get("inline")),
        "hints": {item["value"]: text_of(item["hint"]) for item in items if item and "hint" in item},
        "divider_before": next((b["value"] for a, b in zip(items, items[1:], strict=False) if "divider" in a), None),
    }
    if component == "radios":
        return looks(forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common), **look)
    return looks(forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common), **look)


def rendered(component, context):
    """Return our markup for a fixture: the field in a form, with its value and its error."""
    name = context.get("name") or context["id"]
    value = context.get("value", context.get("values"))
    parts, data = (), {} if value is None else {name: value}
    if component == "date-input":
        value = [item.get("value", "") for item in date_items(context)]
        parts = [item["name"] for item in date_items(context) if item.get("error")]
        data = {f"{name}_{part}": text for part, text in zip(DateInput.PARTS, value, strict=True)}

    class OneField(forms.Form):
        use_required_attribute = False

    OneField.base_fields[name] = field_of(component, context)
    error = text_of(context.get("errorMessage"))
    if not error:
        return as_crispy_field(OneField(initial={name: value})[name])
    form = OneField(data)
    form.errors.clear()
    form.add_error(name, DateError(error, parts=parts) if parts else error)
    return as_crispy_field(form[name])


def comparable(html):
    # One difference is ours on purpose: assistive technology is told which control is invalid.
    return without(outline(html), {"aria-invalid"})


def without(tree, names):
    return tuple(
        part
        if isinstance(part, str)
        else (part[0], tuple(each for each in part[1] if each[0] not in names), without(part[2], names))
        for part in tree
    )


CASES = [(component, fixture) for component in SUPPORTED for fixture in fixtures(component)]


@pytest.mark.parametrize("component, fixture", CASES, ids=[f"{c}: {f['name']}" for c, f in CASES])
def test_markup_is_that_of_nhsuk_frontend(component, fixture):
    html = rendered(component, fixture["context"])
    expected = fixture["html"]
    if component == "date-input":
        prefix = fixture["context"].get("namePrefix") or fixture["context"]["id"]
        for part in ("day", "month", "year"):
            html = html.replace(f'name="{prefix}_{part}"', f'name="{part}"')

    assert comparable(html) == comparable(expected)


@pytest.mark.parametrize("component", SUPPORTED)
def test_enough_fixtures_are_rebuilt(component):
    assert sum(1 for _ in fixtures(component)) == EXPECTED[component]


class ContactForm(forms.Form):
    use_required_attribute = False
    narrow = {"class": "nhsuk-u-width-two-thirds"}

    example = looks(
        forms.ChoiceField(
            label="How do you want to be contacted about this?",
            help_text="Select 1 option",
            choices=[("email", "Email"), ("phone", "Phone"), ("text", "Text message")],
            widget=forms.RadioSelect,
        ),
        size="l",
        heading=True,
        reveals={"email": "contact-by-email", "phone": "contact-by-phone", "text": "contact-by-text"},
    )


ContactForm.base_fields |= {
    name: looks(
        forms.CharField(
            label=label, required=False, widget=forms.TextInput({"type": kind} | ContactForm.narrow | more)
        ),
        size="",
    )
    for name, label, kind, more in [
        ("contact-by-email", "Email address", "text", {"spellcheck": "false"}),
        ("contact-by-phone", "Phone number", "tel", {}),
        ("contact-by-text", "Mobile phone number", "tel", {}),
    ]
}


def test_what_a_choice_reveals_is_marked_up_as_in_nhsuk_frontend():
    every = json.loads((COMPONENTS / "radios" / "fixtures.json").read_text())["fixtures"]
    fixture = next(each for each in every if each["name"] == "with conditional content")

    html = as_crispy_field(ContactForm()["example"])

    assert comparable(html) == comparable(fixture["html"])


def test_a_revealed_field_is_not_rendered_again_with_the_form():
    html = as_crispy_form(ContactForm())

    assert html.count('name="contact-by-email"') == 1

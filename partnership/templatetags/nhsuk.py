"""
Tags that turn a bound field into what NHS.UK's markup needs.

They only rearrange what the form already holds: ids, classes, choices, messages.
"""

from django import forms, template
from django.forms.widgets import Input
from django.utils.safestring import mark_safe

from partnership.fields import PLAIN, DateInput, LevelRow

register = template.Library()

KINDS = [
    (DateInput, "date"),
    (LevelRow, "levels"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (Input, "input"),
]
CSS = {
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "file": "nhsuk-file-upload__input",
    "checkbox": "nhsuk-checkboxes__input",
}


class Shown:
    """A bound field with everything that its template prints."""

    def __init__(self, bound):
        self.bound = bound
        self.look = getattr(bound.field, "look", PLAIN)
        self.kind = kind_of(bound.field.widget)
        self.id = bound.auto_id
        self.label = bound.label
        self.hint = bound.help_text
        self.errors = messages(bound)
        self.template = f"nhsuk/fields/{self.kind}.html"
        self.max_length = getattr(bound.field, "max_length", None)
        self.counted = bool(self.look.count and self.max_length and self.kind == "textarea")

    @property
    def hint_id(self):
        return f"{self.id}-hint" if self.hint else ""

    @property
    def error_id(self):
        return f"{self.id}-error" if self.errors else ""

    @property
    def described_by(self):
        info = f"{self.id}-info" if self.counted else ""
        return " ".join(filter(None, [info, self.hint_id, self.error_id]))

    @property
    def is_open(self):
        """Whether a folded field is shown."""
        return bool(self.errors or self.bound.value())

    @property
    def control(self):
        """The input itself, in one piece."""
        base = CSS.get(self.kind, "nhsuk-input")
        names = [base]
        if self.errors and self.kind not in ("file", "checkbox"):
            names.append(f"{base}--error")
        if self.look.width:
            names.append(f"{base}--width-{self.look.width}")
        if self.counted:
            names.append("nhsuk-js-character-count")
        if self.kind == "password":
            names += ["nhsuk-password-input__input", "nhsuk-js-password-input-input"]
        attrs = self._attrs(names, self.bound.field.widget)
        if self.kind == "password":
            usual = {"spellcheck": "false", "autocomplete": "current-password", "autocapitalize": "none"}
            attrs |= {name: value for name, value in usual.items() if name not in self.bound.field.widget.attrs}
        if self.counted:
            # The count tells how many are too many; cutting the text short would lose words.
            attrs["maxlength"] = False
        if self.kind == "file":
            return self._plain_file(attrs)
        return self.bound.as_widget(attrs=attrs)

    @property
    def options(self):
        """The choices of radios or checkboxes, each with its id, hint and what it reveals."""
        group = ""
        for choice in self.bound.subwidgets:
            data = choice.data
            value = str(data["value"])
            before, group = group, self.look.groups.get(value, "")
            reveals = self.look.reveals.get(value)
            yield {
                "id": data["attrs"].get("id", ""),
                "name": data["name"],
                "value": value,
                "label": data["label"],
                "checked": data["selected"],
                "disabled": bool(data["attrs"].get("disabled")),
                "hint": self.look.hints.get(value, ""),
                "revealed": self.bound.form[reveals] if reveals else None,
                "rank": value if value.isdigit() else "",
                "divided": value == self.look.divider_before,
                "begins": group if group != before else "",
            }

    @property
    def parts(self):
        """The three boxes of a date, each with its own error mark."""
        wrong = wrong_parts(self.bound)
        widget = self.bound.field.widget
        context = widget.get_context(self.bound.html_name, self.bound.value(), {"id": self.id})
        for part, child in zip(DateInput.PARTS, context["widget"]["subwidgets"], strict=True):
            yield {
                "label": part.capitalize(),
                "id": child["attrs"]["id"],
                "name": child["name"],
                "value": child["value"],
                "width": 4 if part == "year" else 2,
                "wrong": part in wrong,
                "disabled": self.bound.field.disabled,
            }

    def _attrs(self, names, widget):
        own = widget.attrs.get("class", "")
        attrs = {"class": " ".join([*names, *own.split()])}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        return attrs

    def _plain_file(self, attrs):
        # Django's clearable input would add its own words and a checkbox around the control.
        widget = self.bound.field.widget
        context = widget.get_context(self.bound.html_name, None, self.bound.build_widget_attrs({"id": self.id} | attrs))
        context["widget"]["type"] = "file"
        return mark_safe(self.bound.form.renderer.render("django/forms/widgets/input.html", context))


def kind_of(widget):
    """Name the template that shows a widget."""
    if widget.is_hidden:
        return "hidden"
    return next(kind for cls, kind in KINDS if isinstance(widget, cls))


def messages(bound):
    """
    Return what is wrong with a field, in words that make sense in the error summary, too.

    Django's own "This field is required." does not say which; the form's own words are kept.
    """
    stock = forms.Field.default_error_messages["required"]
    return [missing(bound) if text == stock else text for text in bound.errors]


def missing(bound):
    """Say in a sentence what to enter or choose."""
    kind, label = kind_of(bound.field.widget), str(bound.label)
    if label.endswith("?"):
        return f"Answer “{label}”"
    if kind == "checkbox":
        return f"Tick “{label}”"
    if kind == "file":
        return "Choose a file"
    # "NHS body" keeps its capitals, "Title" does not.
    words = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return f"{'Choose' if kind in ('levels', 'radios', 'checkboxes', 'select') else 'Enter'} {words}"


def wrong_parts(bound):
    """Return which boxes of a date are wrong: those that the error names, else all of them."""
    errors = bound.errors.as_data() if bound.errors else []
    return {part for error in errors for part in getattr(error, "parts", DateInput.PARTS)}


def first_control(bound):
    """Return the id of the first control to mend, where a link in the error summary leads."""
    kind = kind_of(bound.field.widget)
    if kind == "date":
        wrong = wrong_parts(bound)
        index = next(i for i, part in enumerate(DateInput.PARTS) if part in wrong)
        return f"{bound.auto_id}_{index}"
    if kind in ("levels", "radios", "checkboxes"):
        return f"{bound.auto_id}_0"
    return bound.auto_id


@register.simple_tag
def shown(bound):
    """Return the bound field as `Shown`."""
    return Shown(bound)


@register.filter
def without_revealed(form):
    """Return the form's fields in order, leaving out those that a choice of another field reveals."""
    revealed = {name for f in form.fields.values() for name in getattr(f, "look", PLAIN).reveals.values()}
    return [bound for bound in form if bound.name not in revealed]


@register.simple_tag
def error_links(form=None, forms=None, errors=None):
    """
    Return every error of the form, or of several, as (text, id of the control to mend).

    An error of a whole form or of a hidden field has no control, so its id is empty.
    `errors` adds pairs that a page has found by itself.
    """
    links = []
    for each in [*([form] if form else []), *(forms or [])]:
        links += [(text, "") for text in each.non_field_errors()]
        for bound in each:
            target = "" if bound.is_hidden else first_control(bound) if bound.errors else ""
            links += [(text, target) for text in messages(bound)]
    return links + list(errors or [])

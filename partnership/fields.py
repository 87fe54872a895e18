"""
Form fields of our own, and how a field asks to be shown in NHS.UK's terms.

Ordinary Django fields work as they are; `looks(field, ...)` adds what Django has
no place for: the size of the label, the hint under a choice, what a choice reveals.
The template pack in `templates/nhsuk` reads it.
"""

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True)
class Look:
    """
    How a field is shown.

    `size` is the label's or legend's: "s", "m", "l", "xl", or "" for body text.
    `heading` makes the label the page's only `h1`. `width` is an NHS.UK fixed width
    in characters: 2, 3, 4, 5, 10, 20 or 30. `count` shows how many characters are left
    of the field's `max_length`. `hints` maps a choice's value to the text under it,
    `reveals` maps it to the name of the field that is asked when it is chosen, and "or"
    stands before the choice `divider_before`. `groups` maps a checkbox's value to what it belongs to,
    which is written before the first of those that follow each other. `folded` checkboxes stand behind their label
    until somebody opens it, something is chosen, or something is wrong.
    """

    size: str = "s"
    heading: bool = False
    hide_label: bool = False
    inline: bool = False
    small: bool = False
    count: bool = False
    width: int | None = None
    prefix: str = ""
    suffix: str = ""
    hints: Mapping[str, str] = field(default_factory=dict)
    reveals: Mapping[str, str] = field(default_factory=dict)
    divider_before: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    folded: bool = False


PLAIN = Look()


def looks(form_field, **options):
    """Return the field after setting how it is shown; `options` are those of `Look`."""
    form_field.look = Look(**options)
    return form_field


class FileField(forms.FileField):
    """A file, one that did not arrive or is empty refused in words that say how to mend it."""

    default_error_messages = {
        "empty": "The selected file is empty. Check it, and choose it again",
        "invalid": "The file did not arrive. Choose it again",
        "missing": "The file did not arrive. Choose it again",
    }


class LevelRow(forms.RadioSelect):
    """
    The levels of a scale as one row of large radios, for scoring and agreeing.

    A choice whose value is a number is a level and shows its rank; the others ("cannot judge",
    "not applicable") stand apart with dashed borders.
    """


class DateInput(forms.MultiWidget):
    """Three text boxes for the day, month and year, posted as `name_day`, `name_month`, `name_year`."""

    PARTS = ("day", "month", "year")
    use_fieldset = True

    def __init__(self, attrs=None):
        super().__init__({part: forms.TextInput({"inputmode": "numeric"}) for part in self.PARTS}, attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else [None, None, None]

    def value_omitted_from_data(self, data, files, name):
        return all(f"{name}_{part}" not in data for part in self.PARTS)


class DateError(ValidationError):
    """A date that cannot be read; `parts` names the boxes to mend."""

    def __init__(self, message, *, parts):
        super().__init__(message, code="invalid")
        self.parts = parts


class DateField(forms.Field):
    """
    A date in three boxes; a month may be a number or an English name.

    `subject` is the date's name inside a sentence, such as "the closing date"; without it
    the label serves. Cleans to a `datetime.date`, or None if it is not required.

    :raises DateError: naming the boxes that are wrong, in words that say how to mend them
    """

    widget = DateInput

    def __init__(self, *, subject="", **kwargs):
        self.subject = subject
        super().__init__(**kwargs)

    def to_python(self, value):
        if value is None or isinstance(value, datetime.date):
            return value
        texts = {
            part: str(text or "").strip() for part, text in zip(DateInput.PARTS, value or ("", "", ""), strict=True)
        }
        missing = [part for part, text in texts.items() if not text]
        if len(missing) == len(texts):
            return None
        if missing:
            raise DateError(f"{self._subject} must include a {' and '.join(missing)}", parts=missing)
        year = self._year(texts["year"])
        month = self._month(texts["month"])
        return datetime.date(year, month, self._day(texts["day"], year=year, month=month))

    def validate(self, value):
        if self.required and value is None:
            raise DateError(f"Enter {self._subject[0].lower()}{self._subject[1:]}", parts=DateInput.PARTS)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True

    @property
    def _subject(self):
        words = self.subject or str(self.label or "") or "date"
        return words[0].upper() + words[1:]

    def _year(self, text):
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise DateError(f"{self._subject} must have a year of 4 numbers, such as 2026", parts=["year"])
        if not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
            raise DateError(
                f"{self._subject} must have a year between {EARLIEST_YEAR} and {LATEST_YEAR}", parts=["year"]
            )
        return int(text)

    def _month(self, text):
        if text.isascii() and text.isdigit() and 1 <= int(text) <= 12:
            return int(text)
        if text.lower() in MONTHS:
            return MONTHS[text.lower()]
        raise DateError(
            f"{self._subject} must have a month from 1 to 12, or its name, such as December", parts=["month"]
        )

    def _day(self, text, *, year, month):
        last = calendar.monthrange(year, month)[1]
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= last):
            raise DateError(
                f"{self._subject} must be a real date: {calendar.month_name[month]} {year} has days 1 to {last}",
                parts=["day"],
            )
        return int(text)

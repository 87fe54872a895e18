"""
Read invitations that were pasted as lines: name, e-mail, role, organisation.

A line may come from a spreadsheet, with tabs, or be typed, with commas; an organisation's name may hold commas.
"""

import csv
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from partnership.roles import AT_PLACE

MOST_LINES = 200
COLUMNS = ("name", "e-mail address", "role", "organisation")
ROLES = {
    word: role for role in AT_PLACE for word in (role.value.lower(), role.label.lower(), role.label.split()[-1].lower())
}


@dataclass(frozen=True)
class Line:
    """A line as it was typed, with its number, what it says, and what is wrong with it."""

    number: int
    text: str
    values: dict
    problems: tuple[str, ...] = ()


def read(text, organisations):
    """
    Return the lines of `text` that are not empty.

    `organisations` are those that may be named, by name; `values` of a line without problems are `name`, `email`,
    `role` and `organisation`, one of them.
    """
    by_name = {" ".join(name.lower().split()): organisation for name, organisation in organisations.items()}
    lines, seen = [], {}
    for number, text_line in enumerate(text.splitlines(), start=1):
        if not text_line.strip():
            continue
        line = _read_line(number, text_line.strip(), by_name)
        if not line.problems:
            key = (line.values["email"], line.values["role"])
            if key in seen:
                line = Line(number, line.text, line.values, (f"This is the same as line {seen[key]}: take one out",))
            seen.setdefault(key, number)
        lines.append(line)
    return lines


def _read_line(number, text, by_name):
    parts = [part.strip() for part in _parts(text)]
    if len(parts) < len(COLUMNS):
        missing = " and ".join(f"the {column}" for column in COLUMNS[len(parts) :])
        return Line(number, text, {}, (f"{missing[0].upper()}{missing[1:]} is missing: write all four",))
    name, email, role, organisation = *parts[:3], ", ".join(parts[3:]).rstrip(", ")
    problems = []
    if not name:
        problems.append("The name is missing")
    elif len(name) > 200:
        problems.append("The name can have 200 characters at most")
    try:
        validate_email(email)
    except ValidationError:
        problems.append(f"“{email}” is not an e-mail address, like name@example.com")
    if role.lower() not in ROLES:
        known = ", ".join(sorted(each.label for each in AT_PLACE))
        problems.append(f"“{role}” is not a role. The roles are: {known}")
    found = by_name.get(" ".join(organisation.lower().split()))
    if not found:
        problems.append(f"“{organisation}” is not a partner of this place: write its name as it is listed below")
    values = {"name": name, "email": email.lower(), "role": ROLES.get(role.lower()), "organisation": found}
    return Line(number, text, values, tuple(problems))


def _parts(text):
    if "\t" in text:
        return text.split("\t")
    (row,) = csv.reader([text], skipinitialspace=True)
    return row

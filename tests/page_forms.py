"""The forms of a page, as a browser would send them."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser


@dataclass
class Control:
    """One control of a form: `kind` is its type or tag, `choices` what may be chosen where it offers choices."""

    name: str
    kind: str
    value: str = ""
    choices: list = field(default_factory=list)
    chosen: list = field(default_factory=list)
    accept: str = ""


@dataclass
class PageForm:
    action: str
    method: str
    controls: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    def values(self, **changes):
        """Return what a browser sends if nobody touches the form; of several buttons the first is pressed."""
        data = {name: value for name, value in self.buttons[:1] if name}
        for control in self.controls.values():
            if control.kind in {"radio", "checkbox", "select"}:
                if control.chosen:
                    data[control.name] = control.chosen if len(control.chosen) > 1 else control.chosen[0]
            elif control.kind != "file":
                data[control.name] = control.value
        return data | changes


class _Reader(HTMLParser):
    def __init__(self, address):
        super().__init__(convert_charrefs=True)
        self.address, self.forms, self.form = address, [], None
        self.control, self.is_text = None, False

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = PageForm(given.get("action") or self.address, given.get("method", "get").lower())
            self.forms.append(self.form)
        if self.form is None or not (name := given.get("name", "")) and tag not in {"option", "button"}:
            return
        if tag == "input":
            self._input(name, given)
        elif tag == "textarea":
            self.control = self.form.controls.setdefault(name, Control(name, "textarea"))
            self.is_text = True
        elif tag == "select":
            self.control = self.form.controls.setdefault(name, Control(name, "select"))
        elif tag == "option" and self.control:
            self.control.choices.append(given.get("value", ""))
            if "selected" in given:
                self.control.chosen.append(given.get("value", ""))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self.form.buttons.append((name, given.get("value", "")))

    def _input(self, name, given):
        kind = given.get("type", "text")
        control = self.form.controls.setdefault(name, Control(name, kind, accept=given.get("accept", "")))
        if kind in {"radio", "checkbox"}:
            control.choices.append(given.get("value", "on"))
            if "checked" in given:
                control.chosen.append(given.get("value", "on"))
        else:
            control.value = given.get("value", "")

    def handle_data(self, data):
        if self.is_text:
            self.control.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            # The line break right after the tag is not part of the text.
            self.control.value = self.control.value.removeprefix("\n")
            self.control, self.is_text = None, False
        elif tag == "select":
            self.control = None


def forms_of(html, address):
    """Return the forms of a page that stands at an address."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms


def problems_of(html):
    """Return the sentences by which a page says what is wrong: its error summary, warnings, or what it is called."""
    summary = re.search(r'nhsuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    warning = re.search(r'<div class="portal-notice [^"]*">(.*?)</div>', html, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    for found in (summary, warning, title):
        if found and (words := plain(found.group(1))):
            return words
    return ""


def plain(html):
    """Return the text of a piece of HTML in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())

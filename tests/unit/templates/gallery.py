"""Made-up inputs for the gallery of components."""

import datetime

from django import forms
from django.core.paginator import Paginator

from partnership.fields import DateField, LevelRow, looks
from partnership.guides import FirstSteps, Guide

NAMES = ["Emerging", "Evolving", "Established", "Thriving"]
LEVELS = [
    *((str(rank), name) for rank, name in enumerate(NAMES, 1)),
    ("cannot_judge", "Cannot judge"),
    ("not_applicable", "Not applicable"),
]


class LevelsForm(forms.Form):
    first = looks(
        forms.ChoiceField(label="Your level for item 1", choices=LEVELS, widget=LevelRow), size="", hide_label=True
    )
    second = looks(
        forms.ChoiceField(
            label="Your level for item 2",
            choices=LEVELS,
            widget=LevelRow,
            error_messages={"required": "Choose a level for item 2, or say that you cannot judge"},
        ),
        size="",
        hide_label=True,
    )


class EveryFieldForm(forms.Form):
    statement = looks(
        forms.CharField(
            label="Statement",
            help_text="One sentence that evidence could prove",
            max_length=200,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": "Write the statement"},
        ),
        count=True,
    )
    title = forms.CharField(label="Title", error_messages={"required": "Enter a title"})
    pages = looks(forms.CharField(label="Pages", required=False), width=5, suffix="pages")
    review_by = DateField(label="Review by", subject="the review date", help_text="For example, 4 12 2026")
    kind = looks(
        forms.ChoiceField(
            label="What is it?",
            choices=[("file", "A file"), ("link", "A link"), ("place", "Kept elsewhere")],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose what it is"},
        ),
        hints={"file": "PDF, Word, Excel, picture or text, up to 20 MB"},
        reveals={"link": "address"},
        divider_before="place",
    )
    address = forms.URLField(label="Address", required=False, assume_scheme="https")
    sure = looks(
        forms.ChoiceField(
            label="How sure are you?",
            choices=[("1", "Not sure"), ("2", "Fairly sure"), ("3", "Sure")],
            required=False,
            widget=forms.RadioSelect,
        ),
        inline=True,
        small=True,
    )
    sectors = forms.MultipleChoiceField(
        label="Sectors", choices=[("nhs", "NHS"), ("council", "Council")], widget=forms.CheckboxSelectMultiple
    )
    strength = forms.ChoiceField(label="Strength", choices=[("1", "Documented intent"), ("2", "Process in use")])
    document = forms.FileField(label="File", help_text="Nothing that identifies a patient")
    no_patients = forms.BooleanField(label="It contains nothing that could identify a patient")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class Person:
    is_authenticated = True
    name = "Board member, Torus (housing)"
    public_id = "00000000-0000-4000-8000-000000000000"


def steps():
    names = ["Preparing", "Scoring", "Agreeing", "Signing", "Signed", "In review", "Decided"]
    for place, name in enumerate(names):
        state = "done" if place < 1 else "current" if place == 1 else "next"
        yield {"name": name, "state": state, "note": "closes Friday 4 December 2026" if place == 1 else ""}


def verdicts():
    yield {
        "verdict": "NOT_READY",
        "heading": "Not ready for full delegation",
        "sentence": "3 of 8 gates fail, 2 of them foundational.",
        "href": "#levels",
        "link": "What would mend them",
    }
    yield {
        "verdict": "READY_WITH_CONDITIONS",
        "heading": "Ready for a shadow committee, with conditions",
        "sentence": "5 of 6 gates pass; the sixth has an action, due 30 June 2027.",
        "href": "#levels",
        "link": "Gates and the action",
    }
    yield {"verdict": "READY", "heading": "Ready to advise the ICB", "sentence": "All 4 gates pass."}


def context(*, with_errors=True):
    """Return everything that the gallery shows."""
    data = {"review_by_day": "30", "review_by_month": "2", "review_by_year": "2027", "kind": "link"}
    return {
        "service_name": "Place maturity",
        "service_contact": "your ICB's programme office",
        "demo": True,
        "user": Person,
        "navigation": [
            {"text": "Home", "href": "#", "current": True},
            {"text": "My places", "href": "#"},
            {"text": "Actions", "href": "#"},
        ],
        "links": [{"text": "Home", "href": "#"}, {"text": "St Helens", "href": "#"}, {"text": "Autumn", "href": "#"}],
        "steps": list(steps()),
        "verdicts": list(verdicts()),
        "tasks": [
            {
                "text": "Reply to one question from the ICB",
                "context": "St Helens, spring round",
                "due": "overdue since 1 November 2026",
                "late": True,
                "href": "#",
                "button": "Reply",
            },
            {
                "text": "Score St Helens, autumn round: 18 of 50 left",
                "context": "For Torus",
                "due": "closes Friday 4 December 2026",
                "href": "#",
                "button": "Continue scoring",
            },
            {"text": "2 actions to plan", "href": "#", "button": "Plan"},
        ],
        "third": range(1, 4),
        "fifth": range(1, 6),
        "sixth": range(1, 7),
        "names": NAMES,
        "levels": [
            {
                "place": 1,
                "number": 1,
                "name": "Emerging",
                "text": "Each organisation plans its buildings alone; no shared list exists.",
            },
            {
                "place": 2,
                "number": 2,
                "name": "Evolving",
                "text": "Partners meet about buildings and share a list; decisions stay apart.",
            },
            {
                "place": 3,
                "number": 3,
                "name": "Established",
                "text": "One group with all partners plans use and cost from shared data.",
            },
            {
                "place": 4,
                "number": 4,
                "name": "Thriving",
                "text": "Joint plans change where care is given; occupancy and cost show it.",
            },
        ],
        "artefacts": [
            {"title": "Map of public buildings", "date": "2021", "strength": "process in use", "href": "#"},
            {
                "title": "Map of primary care",
                "date": "2021",
                "strength": "process in use",
                "where": "page 4",
                "href": "#",
            },
            {"title": "Terms of reference", "strength": "documented intent", "href": "#", "out_of_date": True},
        ],
        "choices": LevelsForm({"first": "3"}) if with_errors else LevelsForm(initial={"first": "3"}),
        "distribution": [
            {"name": name, "count": count, "median": name == "Thriving"}
            for name, count in zip(NAMES, [0, 5, 0, 6], strict=True)
        ],
        "first_steps": FirstSteps(
            Guide.SCORING,
            "New to scoring?",
            (("What you judge", "What you see happening now."), ("How long it takes", "Half an hour, we guess.")),
            ("Try a practice item", "#"),
        ),
        "rows": [
            {"key": "Place", "value": "St Helens"},
            {"key": "Closes", "value": "Friday 4 December 2026", "href": "#"},
        ],
        "criteria": [
            {"name": "Clarity of purpose", "have": 4, "of": 4, "counts": [0, 1, 4, 7]},
            {"name": "Voice of our communities", "have": 0, "of": 4, "counts": [2, 4, 2, 4], "split": True},
            {"name": "Culture and organisational development", "have": 1, "of": 5, "counts": [1, 3, 6, 2]},
        ],
        "page": Paginator(range(95), 10).page(5),
        "form": EveryFieldForm(data)
        if with_errors
        else EveryFieldForm(initial={"review_by": datetime.date(2027, 2, 1)}),
    }

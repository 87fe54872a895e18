"""Dates in three boxes, what they say when they are wrong, and where the error summary leads."""

import datetime

import pytest
from django import forms
from django.template.loader import render_to_string

from partnership.fields import DateField, looks


class DeadlineForm(forms.Form):
    closes_on = DateField(label="Closing date", subject="the closing date")
    level = looks(forms.ChoiceField(choices=[("1", "Emerging"), ("2", "Evolving")], widget=forms.RadioSelect))
    statement = forms.CharField()


def deadline_form(day, month, year):
    data = {"closes_on_day": day, "closes_on_month": month, "closes_on_year": year, "level": "1", "statement": "x"}
    return DeadlineForm(data)


@pytest.mark.parametrize("month", ["12", "December", "dec"])
def test_a_date_is_read_from_its_three_boxes(month):
    form = deadline_form(" 4", month, "2026")

    assert form.is_valid()
    assert form.cleaned_data["closes_on"] == datetime.date(2026, 12, 4)


@pytest.mark.parametrize(
    "day, month, year, message, box",
    [
        ("", "", "", "Enter the closing date", "id_closes_on_0"),
        ("", "12", "2026", "The closing date must include a day", "id_closes_on_0"),
        ("", "", "2026", "The closing date must include a day and month", "id_closes_on_0"),
        ("4", "", "2026", "The closing date must include a month", "id_closes_on_1"),
        ("4", "13", "2026", "The closing date must have a month from 1 to 12, or its name", "id_closes_on_1"),
        ("4", "12", "26", "The closing date must have a year of 4 numbers, such as 2026", "id_closes_on_2"),
        ("4", "12", "20２6", "The closing date must have a year of 4 numbers, such as 2026", "id_closes_on_2"),
        ("4", "12", "9999", "The closing date must have a year between 1900 and 2100", "id_closes_on_2"),
        ("30", "2", "2026", "must be a real date: February 2026 has days 1 to 28", "id_closes_on_0"),
        ("100% of", "2", "2026", "must be a real date: February 2026 has days 1 to 28", "id_closes_on_0"),
    ],
)
def test_a_wrong_date_says_how_to_mend_which_box(day, month, year, message, box):
    form = deadline_form(day, month, year)

    summary = render_to_string("components/error_summary.html", {"form": form})

    assert message in form.errors["closes_on"][0]
    assert f'href="#{box}"' in summary
    assert message in summary


def test_a_date_that_is_not_required_may_be_left_empty():
    field = DateField(required=False)

    assert field.clean(["", " ", None]) is None
    with pytest.raises(forms.ValidationError):
        field.clean(["4", "", ""])


def test_a_wrong_date_keeps_what_was_typed():
    html = str(render_to_string("nhsuk/field.html", {"field": deadline_form("30", "Febuary", "26")["closes_on"]}))

    for typed in ("30", "Febuary", "26"):
        assert f'value="{typed}"' in html


def test_a_stored_date_is_shown_in_its_boxes_and_is_no_change():
    form = DeadlineForm(initial={"closes_on": datetime.date(2026, 12, 4)})
    html = render_to_string("nhsuk/field.html", {"field": form["closes_on"]})

    for part in ("4", "12", "2026"):
        assert f'value="{part}"' in html
    field = form.fields["closes_on"]
    assert not field.has_changed(datetime.date(2026, 12, 4), ["4", "12", "2026"])
    assert field.has_changed(datetime.date(2026, 12, 4), ["5", "12", "2026"])
    assert field.has_changed(datetime.date(2026, 12, 4), ["5", "", "2026"])


def test_the_error_summary_leads_to_the_first_radio_and_to_the_input():
    summary = render_to_string("components/error_summary.html", {"form": DeadlineForm({})})

    assert 'href="#id_level_0"' in summary
    assert 'href="#id_statement"' in summary


def test_the_error_summary_lists_errors_of_the_whole_form_first_and_without_a_link():
    form = DeadlineForm({})
    form.add_error(None, "Scoring has closed")
    summary = render_to_string("components/error_summary.html", {"form": form})

    assert summary.index("<li>Scoring has closed</li>") < summary.index("Enter the closing date")


def test_there_is_no_error_summary_without_errors():
    assert not render_to_string("components/error_summary.html", {"form": DeadlineForm()}).strip()

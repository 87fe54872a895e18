"""The frame around every page, and the pages that need no data."""

import re

import pytest
from django import forms
from django.template import engines
from django.template.loader import get_template, render_to_string

from .gallery import Person

pytestmark = pytest.mark.urls("tests.unit.templates.addresses")
PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
TEXTS = ["partnership/privacy.html", "partnership/cookies.html", "partnership/accessibility.html"]


class TitleForm(forms.Form):
    title = forms.CharField(label="Title")


def title_of(html):
    return re.search(r"<title>(.*?)</title>", html, re.S)[1].strip()


def page(**context):
    template = engines["django"].from_string('{% extends "base.html" %}{% block title %}Estates{% endblock %}')
    return template.render({"service_name": "Place maturity"} | context)


def test_the_title_names_the_page_and_the_service():
    assert title_of(page()) == "Estates – Place maturity"


def test_the_title_says_error_only_when_the_form_has_errors():
    assert title_of(page(form=TitleForm({}))) == "Error: Estates – Place maturity"
    assert title_of(page(form=TitleForm({"title": "x"}))) == "Estates – Place maturity"


def test_the_service_goes_by_the_name_that_it_was_given():
    assert 'href="/">Borough check</a>' in page(service_name="Borough check")


def test_signing_out_is_a_post_and_needs_someone_signed_in():
    signed_in = page(user=Person, csrf_token="token")

    assert "Board member, Torus (housing)" in signed_in
    assert re.search(r'<form[^>]*action="/people/sign_out/" method="post"', signed_in)
    assert "csrfmiddlewaretoken" in signed_in
    assert "Sign out" not in page()


def test_the_present_page_is_marked_in_the_navigation():
    html = page(navigation=[{"text": "Home", "href": "/", "current": True}, {"text": "My places", "href": "/places/"}])

    assert html.count('aria-current="true"') == 1
    assert '<a class="nhsuk-header__navigation-link" href="/places/">My places</a>' in html


def test_the_demo_says_that_scores_are_illustrative():
    assert "Scores are illustrative" in page(demo=True)
    assert "Scores are illustrative" not in page(demo=False)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere():
    html = page(user=Person, demo=True, navigation=[{"text": "Home", "href": "/"}])

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


@pytest.mark.parametrize("name", PAGES)
def test_error_pages_need_no_context(name):
    html = get_template(name).render({})

    assert title_of(html).endswith(" – Place maturity")
    assert html.count("<h1") == 1


def test_being_refused_is_explained_in_the_words_of_the_rule():
    html = render_to_string("403.html", {"exception": "Only the chair may close scoring."})

    assert "<p>Only the chair may close scoring.</p>" in html


@pytest.mark.parametrize("name", TEXTS)
def test_static_pages_have_one_main_heading_and_their_service_by_name(name):
    html = render_to_string(name, {"service_name": "Borough check", "service_contact": "the help desk"})

    assert html.count("<h1") == 1
    assert "Borough check" in html
    assert "Place maturity" not in html


def test_a_form_page_lists_its_errors_first_and_keeps_what_was_typed():
    context = {"form": TitleForm({"title": ""}), "heading": "Add an item", "button": "Add it", "csrf_token": "token"}
    html = render_to_string("layouts/form.html", context)

    assert title_of(html).startswith("Error: Add an item – ")
    assert html.index('class="nhsuk-error-summary"') < html.index("<h1")
    assert '<a href="#id_title">Enter title</a>' in html
    assert "Add it</button>" in html

"""Parts of pages that are rendered once in a process: only where they say the same to everybody."""

from datetime import date
from uuid import UUID

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe

from partnership.rendered import Unkeepable, key_of

DAY, KEY = date(2026, 11, 27), UUID(int=1)


def part(source, **values):
    return Template(f"{{% load rendered %}}{source}").render(Context(values))


def test_a_part_is_rendered_once_for_equal_values_and_anew_for_others():
    template = Template("{% load rendered %}{% rendered_once a=a %}{{ a }}{% now 'u' %}{% end_rendered_once %}")
    first, again, other = (template.render(Context({"a": a})) for a in ("x", "x", "y"))

    assert first == again
    assert other[0] == "y"
    assert other != first


def test_a_part_sees_nothing_but_its_values():
    shown = part("{% rendered_once a=a.b %}{{ a }}|{{ user }}|{{ b }}{% end_rendered_once %}", a={"b": "x"}, user="Mo")

    assert shown == "x||"


def test_two_places_with_the_same_values_are_two_parts():
    once = "{{% rendered_once a=a %}}{}{{{{ a }}}}{{% end_rendered_once %}}"

    assert part(once.format("1") + once.format("2"), a="x") == "1x2x"


def test_text_that_is_escaped_and_text_that_is_not_are_never_mixed_up():
    template = Template("{% load rendered %}{% rendered_once a=a %}{{ a }}{% end_rendered_once %}")
    bare = "<b>"

    assert template.render(Context({"a": bare})) == "&lt;b&gt;"
    assert template.render(Context({"a": bare}, autoescape=False)) == "<b>"
    assert template.render(Context({"a": mark_safe(bare)})) == "<b>"
    assert template.render(Context({"a": bare})) == "&lt;b&gt;"


@pytest.mark.parametrize("value", [[], {}, object(), 1.5, ("x", ["y"])])
def test_what_may_change_is_no_key(value):
    with pytest.raises(Unkeepable):
        key_of(value)


def test_values_that_are_equal_but_shown_otherwise_have_other_keys():
    values = (
        1,
        True,
        "1",
        mark_safe("1"),
        None,
        (1,),
        (True,),
        ("1",),
        (mark_safe("1"),),
        (),
        DAY,
        str(DAY),
        KEY,
        str(KEY),
    )

    assert len({key_of(value) for value in values}) == len(values)


def test_values_have_names():
    with pytest.raises(TemplateSyntaxError):
        part("{% rendered_once a %}{% end_rendered_once %}", a="x")

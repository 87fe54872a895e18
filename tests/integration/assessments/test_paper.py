"""The blank score sheet: everything that is asked, with nothing of what anybody gave."""

import pytest
from django.urls import reverse

from partnership.roles import Role
from tests import factories, whole_round
from tests.integration.assessments.checklist_frameworks import checklist

pytestmark = pytest.mark.django_db


def address(assessment, **query):
    return reverse("assessments:paper", args=[assessment.public_id], query=query)


def sheet(client, assessment, person, **query):
    client.force_login(person)
    return client.get(address(assessment, **query))


@pytest.fixture
def assessment():
    made = factories.create_assessment()
    item = factories.create_item(made, code="SO1", statement="We meet <b>monthly</b>")
    factories.create_item(made, code="SO1", statement="We publish minutes")
    factories.create_artefact(made.place, item=item, locator="page 3", title="Terms of reference")
    return factories.in_scoring(made)


def test_it_asks_everything_and_tells_nothing_of_what_was_given(client, assessment):
    member = factories.holder(Role.MEMBER, assessment.place)
    factories.create_score(assessment.items.order_by("number").first(), by=member, comment="A secret")
    page = sheet(client, assessment, member).text
    for words in (
        "We meet &lt;b&gt;monthly&lt;/b&gt;",
        "We publish minutes",
        "Terms of reference (page 3)",
        "none attached",
    ):
        assert words in page
    assert page.count("Cannot judge</li>") == page.count("Not applicable</li>") == 2
    assert "A secret" not in page


def test_it_bears_the_name_that_was_typed(client, assessment):
    lead = factories.holder(Role.LEAD, assessment.place)
    assert "<dd>Dr &lt;i&gt; Lee</dd>" in sheet(client, assessment, lead, name=" Dr  <i> Lee").text
    assert len(sheet(client, assessment, lead, name="x" * 500).context["name"]) == 100


def test_without_items_it_says_when_there_will_be_some(client):
    assessment = factories.create_assessment()
    page = sheet(client, assessment, factories.holder(Role.LEAD, assessment.place)).text
    assert "Nothing to score yet" in page


def test_an_artefact_for_the_board_is_named_to_the_board_alone(client, assessment):
    item = assessment.items.first()
    factories.create_artefact(assessment.place, item=item, title="Board paper 7", sensitivity="BOARD")
    assert "Board paper 7" in sheet(client, assessment, factories.holder(Role.MEMBER, assessment.place)).text
    contributor = factories.holder(Role.CONTRIBUTOR, assessment.place)
    assert "Board paper 7" not in sheet(client, assessment, contributor).text


def test_a_checklist_has_the_answers_of_each_statement(client):
    assessment = whole_round.opened(whole_round.published(checklist()))
    page = sheet(client, assessment, factories.holder(Role.LEAD, assessment.place)).text
    assert "There is a plan." in page
    assert "Warning signs" in page
    assert page.count("Partly</li>") == 2
    assert "Nobody counts this." not in page


def test_its_queries_do_not_grow(client, assessment, django_assert_num_queries):
    member = factories.holder(Role.MEMBER, assessment.place)
    client.force_login(member)
    # Session, user, assessment, roles, items, and what they cite.
    with django_assert_num_queries(6):
        page = client.get(address(assessment))
    assert page.context["paper"].items == 2

"""Offers and asks of help: said by a place's lead and chair, read by all places of its system, kept as they were."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from improvement import selectors
from improvement.models import Help, HelpChange
from improvement.services import helping
from partnership import audit
from partnership.audit_rows import faults
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.kept import kept

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@kept
def place():
    place = factories.create_place("Ash", system=factories.create_system("The north"))
    factories.create_assessment(place=place)
    return place


@kept
def neighbour(place):
    return factories.create_place("Birch", system=place.system)


@kept
def said(place):
    return factories.create_help(place, words="We pay residents for their time")


def change(said, **values):
    now = {"contact": said.contact, "words": said.words, "ends_on": said.ends_on, "based_on": said.version}
    if "by" not in values:
        values["by"] = factories.holder(Role.CHAIR, said.place)
    return helping.change(help=said, at=AT + timedelta(days=3), **now | values)


def posted(place, **values):
    contact = factories.create_organisation(place=place)
    typed = {"kind": "ASK", "criterion": "SO2", "words": "How do you share risk?", "contact": str(contact.public_id)}
    return typed | {"token": str(uuid4())} | values


@pytest.mark.parametrize("name", ["member", "signatory", "contributor", "observer", "programme_office", "reviewer"])
def test_only_lead_and_chair_speak_for_their_place(place, said, name):
    person = factories.create_people(name, place=place)[name]

    for act in (lambda: factories.create_help(place, by=person), lambda: change(said, by=person)):
        with pytest.raises(PermissionDenied):
            act()


def test_nobody_speaks_for_another_place_or_one_that_has_closed(place, said, neighbour):
    with pytest.raises(PermissionDenied):
        factories.create_help(place, by=factories.holder(Role.LEAD, neighbour))
    lead = factories.holder(Role.LEAD, place)
    type(place).objects.filter(pk=place.pk).update(ended_on=TODAY)
    said.refresh_from_db()

    with pytest.raises(PermissionDenied, match="has closed"):
        change(said, by=lead)
    assert not Help.objects.standing(TODAY).exists()


def test_what_was_said_before_stays_beside_what_is_said_now_on_record(place, said):
    change(said, words="We no longer pay", ends_on=date(2026, 12, 31))

    assert list(said.changes.order_by("pk").values_list("words", "ends_on")) == [
        ("We pay residents for their time", None),
        ("We no longer pay", date(2026, 12, 31)),
    ]
    types = AuditEvent.objects.filter(target=str(said.public_id)).order_by("pk").values_list("type", flat=True)
    assert list(types) == [audit.Type.HELP_SAID, audit.Type.HELP_CHANGED]
    assert not [each for each in AuditEvent.objects.all() if "pay" in each.details]
    assert faults() == []
    Help.objects.filter(pk=said.pk).update(ends_on=None)
    assert faults() != []


def test_two_who_change_it_at_once_do_not_overwrite_each_other(said):
    change(said, words="First")

    with pytest.raises(Stale):
        change(said, words="Second")
    assert HelpChange.objects.filter(words="Second").count() == 0


@pytest.mark.parametrize(
    "values, error",
    [
        ({"words": " "}, helping.NoWords),
        ({"ends_on": TODAY - timedelta(days=1)}, helping.EndsTooEarly),
    ],
)
def test_what_does_not_fit_together_is_refused(place, said, values, error):
    with pytest.raises(error):
        factories.create_help(place, **values)
    with pytest.raises(error):
        change(said, **values)


def test_a_stranger_is_no_contact_and_a_domain_or_a_strange_framework_no_criterion(place, said):
    for act in (factories.create_help, lambda place, contact: change(said, contact=contact)):
        with pytest.raises(helping.NotAPartner):
            act(place, contact=factories.create_organisation())
    with pytest.raises(helping.NoSuchCriterion):
        factories.create_help(place, criterion=said.criterion.parent)
    with pytest.raises(helping.NoSuchCriterion):
        # The neighbour has no assessment.
        factories.create_help(factories.create_place(system=place.system), criterion=said.criterion)


@pytest.mark.parametrize("values", [{"words": ""}, {"ends_on": TODAY - timedelta(days=1)}])
def test_the_database_holds_the_rules_too(said, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Help.objects.filter(pk=said.pk).update(**values)


def test_it_stands_from_its_first_day_to_its_last(said):
    change(said, ends_on=TODAY + timedelta(days=5))

    standing = {day: Help.objects.standing(TODAY + timedelta(days=day)).exists() for day in (-1, 0, 5, 6)}

    assert standing == {-1: False, 0: True, 5: True, 6: False}


def test_help_with_a_criterion_is_found_in_whatever_version_it_was_said(place, said):
    later = factories.create_framework_version(number="2.0")
    newer = factories.create_round(places=[place], framework_version=later)
    factories.create_help(place, kind="ASK", criterion=later.nodes.get(code="SO1"))

    found = selectors.help_with(system=place.system, framework=later.framework_id, code="SO1", on=TODAY)

    assert {each.kind for each in found} == {"OFFER", "ASK"}
    assert [node.version_id for node in selectors.criteria_of(place)][0] == newer.framework_version_id


# Pages


def test_people_of_another_place_read_it_and_people_of_another_system_find_nothing(client, place, said, neighbour):
    page = reverse("improvement:help", args=[place.system.public_id])
    client.force_login(factories.holder(Role.MEMBER, neighbour))

    text = client.get(page).text
    assert "We pay residents for their time" in text
    assert reverse("improvement:help_edit", args=[said.public_id]) not in text
    assert client.get(reverse("improvement:help_edit", args=[said.public_id])).status_code == 404
    client.force_login(factories.holder(Role.LEAD, factories.create_place()))
    assert client.get(page).status_code == 404


def test_a_lead_says_something_once_and_is_led_to_it(client, place):
    client.force_login(factories.holder(Role.LEAD, place))
    url, values = reverse("improvement:help_add", args=[place.public_id]), posted(place)

    page = client.get(f"{url}?kind=ASK&criterion=SO2")
    assert 'value="SO2" selected' in page.text
    assert "Read by everybody who has a part at a place of your system" in page.text
    first, again = client.post(url, values), client.post(url, values)

    made = Help.objects.get(criterion__code="SO2")
    page = reverse("improvement:help", args=[place.system.public_id])
    assert first.url == again.url == f"{page}#help-{made.public_id}"
    assert (made.kind, made.criterion.code, made.words) == ("ASK", "SO2", "How do you share risk?")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, place):
    client.force_login(factories.holder(Role.LEAD, place))
    url = reverse("improvement:help_add", args=[place.public_id])

    text = client.post(url, posted(place, contact="", criterion="made-up", ends_on_day="1")).text

    for words in ("Choose the organisation", "Choose a criterion of this framework", "must include a month and year"):
        assert words in text
    assert "How do you share risk?" in text
    assert not Help.objects.filter(kind="ASK").exists()


def test_a_conflict_shows_both_and_a_knowing_save_replaces(client, said):
    client.force_login(factories.holder(Role.CHAIR, said.place))
    url = reverse("improvement:help_edit", args=[said.public_id])
    change(said, words="Written by the lead")
    typed = {"words": "Typed by the chair", "contact": str(said.contact.public_id), "based_on": "1"}

    refused = client.post(url, typed)

    assert refused.status_code == 409
    assert "Written by the lead" in refused.text
    assert "Typed by the chair" in refused.text
    assert client.post(url, typed | {"based_on": "2"}).status_code == 302
    assert Help.objects.get(pk=said.pk).words == "Typed by the chair"


def test_a_place_without_a_round_is_told_what_comes_first(client, place, neighbour):
    client.force_login(factories.holder(Role.LEAD, neighbour))

    text = client.get(reverse("improvement:help_add", args=[neighbour.public_id])).text

    assert "before the Integrated Care Board has opened a round" in text


@pytest.mark.parametrize("size", [1, 10])
def test_the_list_takes_the_same_few_queries_for_few_and_many(client, place, size, django_assert_num_queries):
    for number in range(size):
        factories.create_help(place, code=["SO1", "SO2"][number % 2], kind=["ASK", "OFFER"][number % 2])
    client.force_login(factories.holder(Role.LEAD, place))

    # session, user, system, help, changes, places spoken for
    with django_assert_num_queries(6):
        client.get(reverse("improvement:help", args=[place.system.public_id]))

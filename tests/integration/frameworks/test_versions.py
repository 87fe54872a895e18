"""Versions after the first: published with a true account of the one before, shown beside it, and retired."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.services import rounds
from frameworks import definition, selectors, services
from frameworks.models import Framework, FrameworkVersion, Publication, Retirement
from partnership import audit
from partnership.models import AuditEvent
from tests import factories
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.garden_versions import node, second_garden

pytestmark = pytest.mark.django_db
AT = factories.AT


def draft(data):
    framework, _ = Framework.objects.get_or_create(code=data["code"], defaults={"name": data["name"]})
    text = definition.canonical_text(data)
    return FrameworkVersion.objects.create(
        framework=framework, number=data["number"], definition=text, digest=definition.digest(text)
    )


def reworded(data):
    node(data, "SO1")["name"] = "Earth"


@pytest.fixture
def first():
    return factories.create_framework_version()


def publish(version, by=None):
    return services.publish_version(version=version, by=by, at=AT)


def page_of(version):
    return reverse("frameworks:difference", args=[version.public_id])


# Publishing


def test_a_second_version_must_say_what_became_of_the_first(first):
    with pytest.raises(definition.DefinitionError, match="nothing is said of it"):
        publish(draft(garden(number="2.0")))


def test_a_second_version_whose_account_is_not_true_is_refused(first):
    data = second_garden(reworded, criteria={"SO1": {"what": "same"}})

    with pytest.raises(definition.DefinitionError, match="Call it reworded"):
        publish(draft(data))

    assert not Publication.objects.filter(version__number="2.0").exists()


def test_a_version_that_names_one_that_is_not_there_is_refused(first):
    data = second_garden()
    data["changes_from"]["number"] = "0.1"

    with pytest.raises(definition.DefinitionError, match="known are: 1.0"):
        publish(draft(data))


def test_a_second_version_with_a_true_account_is_published(first):
    version = draft(second_garden(reworded))

    publish(version)

    assert selectors.difference(later=version, earlier_id=first.pk).criterion("SO1").what == "reworded"


def test_setting_two_versions_side_by_side_takes_one_query(first, django_assert_num_queries):
    second = draft(second_garden(reworded))

    with django_assert_num_queries(1):
        selectors.difference(later=second, earlier_id=first.pk)


# Retiring


def test_a_version_goes_from_draft_to_published_to_retired():
    version = draft(garden())
    states = [selectors.state(version)]
    publish(version)
    states.append(selectors.state(FrameworkVersion.objects.get(pk=version.pk)))
    services.retire_version(version=version, by=factories.create_user(administrator=True), at=AT)
    states.append(selectors.state(FrameworkVersion.objects.get(pk=version.pk)))

    assert states == ["Draft", "Published", "Retired"]
    assert AuditEvent.objects.filter(type=audit.Type.VERSION_RETIRED, target=str(version.public_id)).count() == 1


def test_only_an_administrator_retires(first):
    with pytest.raises(PermissionDenied):
        services.retire_version(version=first, by=factories.create_user("Chair"), at=AT)

    assert not Retirement.objects.exists()


def test_a_draft_is_not_retired():
    with pytest.raises(services.NotPublished):
        services.retire_version(version=draft(garden()), by=None, at=AT)


def test_a_version_is_retired_once_and_for_good(first):
    services.retire_version(version=first, by=None, at=AT)

    with pytest.raises(services.AlreadyRetired):
        services.retire_version(version=first, by=None, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Retirement.objects.all().delete()


def test_a_retired_version_opens_no_round_and_its_open_rounds_finish(first):
    assessment = factories.create_assessment(framework_version=first)
    services.retire_version(version=first, by=None, at=AT)

    with pytest.raises(rounds.VersionRetired):
        factories.create_round(places=[assessment.place], framework_version=first)

    assert factories.submitted(assessment).state == "SUBMITTED"


def test_a_retired_version_is_not_offered_for_a_round(client, first):
    place = factories.create_place()
    office = factories.create_people("programme_office", place=place)["programme_office"]
    services.retire_version(version=first, by=None, at=AT)
    client.force_login(office)

    page = client.get(reverse("assessments:round_open", args=[place.system.public_id]))

    assert str(first.public_id) not in page.text


def test_retiring_in_the_administration_pages_asks_once_more(client, first):
    client.force_login(factories.create_user(administrator=True))
    listing = reverse("admin:frameworks_frameworkversion_changelist")
    asked = {"action": "retire", "_selected_action": [first.pk]}

    question = client.post(listing, asked)
    assert "This cannot be undone" in question.text
    assert not Retirement.objects.exists()

    client.post(listing, asked | {"sure": "Retire"})
    again = client.post(listing, asked | {"sure": "Retire"}, follow=True)

    assert Retirement.objects.get().version == first
    assert "is retired already" in again.text
    assert f"Retired {timezone.localdate():%-d %B %Y}" in client.get(listing).text


# The page


@pytest.fixture
def place():
    return factories.create_place()


@pytest.fixture
def second(first):
    version = draft(second_garden(reworded))
    publish(version)
    return version


@pytest.mark.parametrize("role", ["lead", "member", "observer", "programme_office", "reviewer"])
def test_whoever_sees_a_round_of_a_version_sees_what_changed(client, place, second, role):
    people = factories.create_people(role, place=place)
    factories.create_assessment(place=place, framework_version=second)
    client.force_login(people[role])

    page = client.get(page_of(second))

    assert page.status_code == 200
    assert "SO1 Earth: since version 1.0 its wording changed." in page.text
    assert "Criterion SO1" in page.text


def test_nobody_else_but_an_administrator_finds_the_page(client, place, second):
    factories.create_assessment(place=place, framework_version=second)
    statuses = {}
    for name, person in {
        "outsider": factories.create_user(),
        "lead elsewhere": factories.create_membership(role="LEAD").user,
        "administrator": factories.create_user(administrator=True),
    }.items():
        client.force_login(person)
        statuses[name] = client.get(page_of(second)).status_code

    assert statuses == {"outsider": 404, "lead elsewhere": 404, "administrator": 200}


def test_a_first_version_says_that_there_is_none_before(client, first):
    client.force_login(factories.create_user(administrator=True))

    assert "This is the first version" in client.get(page_of(first)).text


def test_a_version_can_be_compared_with_any_before_it(client, first, second):
    third = factories.create_framework_version(number="3.0")
    client.force_login(factories.create_user(administrator=True))

    page = client.get(page_of(third))
    other = client.get(page_of(third), {"from": "1.0"})
    later = client.get(page_of(second), {"from": "3.0"})

    assert "since version 2.0" in page.text
    assert '<a href="?from=1.0">version 1.0</a>' in page.text
    assert "7 can be compared with version 1.0" in other.text
    assert later.status_code == 404


def test_the_page_takes_as_many_queries_however_much_changed(client, first, second, django_assert_num_queries):
    client.force_login(factories.create_user(administrator=True))

    # session, user, version, versions before it, all versions
    with django_assert_num_queries(5):
        client.get(page_of(second))


def test_round_and_assessment_lead_to_what_changed(client, place, first, second):
    people = factories.create_people("lead", "programme_office", place=place)
    old = factories.create_assessment(place=place, framework_version=first, opens_on=date(2026, 1, 1))
    new = factories.create_assessment(place=place, framework_version=second)

    client.force_login(people["lead"])
    assert page_of(second) in client.get(reverse("assessments:assessment", args=[new.public_id])).text
    assert "what changed" not in client.get(reverse("assessments:assessment", args=[old.public_id])).text
    client.force_login(people["programme_office"])
    assert page_of(second) in client.get(reverse("assessments:round", args=[new.round.public_id])).text
    assert "What changed" not in client.get(reverse("assessments:round", args=[old.round.public_id])).text

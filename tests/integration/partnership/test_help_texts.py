"""Help by role, which the programme office of a system can put into its own words."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from partnership import help_pages
from partnership.models import AuditEvent, HelpText
from partnership.roles import Role
from partnership.services import help_texts as services
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return factories.create_place("Mossley")


@pytest.fixture
def system(place):
    return place.system


@pytest.fixture
def member(place):
    return factories.holder(Role.MEMBER, place)


def address(name, system, page="start"):
    return reverse(f"partnership:{name}", args=[system.public_id, page])


def write(system, by, text="Ring us.", based_on=0, page="start"):
    return services.write(system=system, page=page, text=text, based_on=based_on, by=by, at=factories.AT)


def test_a_member_finds_their_own_pages_first(client, member, system):
    client.force_login(member)

    page = client.get(reverse("partnership:help")).text

    before, _, folded = page.partition("Help for other roles")
    assert "For board members" in before
    assert "For board chairs" in folded
    assert "How a round goes" in client.get(address("help_page", system)).text


def test_who_has_no_part_anywhere_is_told_so_and_an_administrator_sees_every_system(client, system):
    client.force_login(factories.create_user())
    assert "No help to show yet" in client.get(reverse("partnership:help")).text
    assert client.get(address("help_page", system)).status_code == 404

    client.force_login(factories.create_user(administrator=True))
    assert address("help_page", system) in client.get(reverse("partnership:help")).text
    assert client.get(address("help_edit", system)).status_code == 200


def test_help_costs_as_much_for_many_systems_as_for_one(client, member, django_assert_num_queries):
    client.force_login(member)
    with django_assert_num_queries(3):
        client.get(reverse("partnership:help"))
    for _ in range(9):
        factories.create_membership(user=member)
    with django_assert_num_queries(3):
        assert client.get(reverse("partnership:help")).text.count("How a round goes") == 10


def test_pages_cost_the_same_however_often_they_were_written(client, office, system, django_assert_num_queries):
    client.force_login(office)
    for name, queries in [("help_page", 5), ("help_edit", 5), ("help_history", 5)]:
        with django_assert_num_queries(queries):
            client.get(address(name, system))
    for number in range(10):
        write(system, office, text=f"Text {number}", based_on=number)
    for name, queries in [("help_page", 5), ("help_edit", 5), ("help_history", 5)]:
        with django_assert_num_queries(queries):
            client.get(address(name, system))


def test_the_programme_office_writes_a_page_and_everybody_reads_it(client, office, member, system):
    client.force_login(office)
    form = client.get(address("help_edit", system)).context["form"]
    assert form.initial == {"text": help_pages.BY_CODE["start"].default, "based_on": 0}

    preview = client.post(
        address("help_edit", system), {"text": "**Ring** <b>us</b>", "based_on": 0, "then": "preview"}
    )

    assert "<strong>Ring</strong> &lt;b&gt;us&lt;/b&gt;" in preview.text
    assert not HelpText.objects.exists()
    client.post(address("help_edit", system), {"text": "**Ring** <b>us</b>", "based_on": 0, "then": "save"})
    client.force_login(member)
    page = client.get(address("help_page", system)).text
    assert "<strong>Ring</strong> &lt;b&gt;us&lt;/b&gt;" in page
    assert "Written by the ICB" in page
    assert "Change this page" not in page
    event = AuditEvent.objects.get(type="HELP_PAGE_WRITTEN")
    assert event.actor == str(office.public_id)
    assert "Ring" not in event.details


def test_another_system_keeps_its_own_words(client, office, system):
    write(system, office)
    elsewhere = factories.create_place()
    client.force_login(factories.holder(Role.MEMBER, elsewhere))

    assert "Ring us." not in client.get(address("help_page", elsewhere.system)).text
    assert client.get(address("help_page", system)).status_code == 404


def test_every_text_is_kept_and_can_be_put_back(client, office, system):
    write(system, office, text="First words")
    write(system, office, text="Second words", based_on=1)
    client.force_login(office)
    assert "First words" in client.get(address("help_history", system)).text

    client.post(address("help_history", system), {"number": "1", "based_on": "2"})
    assert "First words" in client.get(address("help_page", system)).text
    client.post(address("help_history", system), {"number": "0", "based_on": "3"})

    page = client.get(address("help_page", system)).text
    assert "How a round goes" in page
    assert "Written by the ICB" not in page
    assert list(HelpText.objects.order_by("number").values_list("text", flat=True)) == [
        "First words",
        "Second words",
        "First words",
        "",
    ]


@pytest.mark.parametrize(
    "sent", [{"number": "7", "based_on": "0"}, {"number": "0"}, {}, {"number": "0", "based_on": "x"}]
)
def test_a_version_that_is_not_there_cannot_be_put_back(client, office, system, sent):
    write(system, office)
    client.force_login(office)

    assert client.post(address("help_history", system), sent).status_code == 404
    assert HelpText.objects.count() == 1


def test_of_two_who_write_at_once_the_second_is_shown_what_the_first_wrote(client, office, system):
    write(system, office, text="Theirs")
    client.force_login(office)

    answer = client.post(address("help_edit", system), {"text": "Mine", "based_on": 0, "then": "save"})

    assert answer.status_code == 409
    assert "Nothing was overwritten" in answer.text
    assert "Theirs" in answer.text
    assert "Mine</textarea>" in answer.text
    assert HelpText.objects.count() == 1
    again = {"text": "Mine", "based_on": answer.context["form"]["based_on"].value(), "then": "save"}
    assert client.post(address("help_edit", system), again).status_code == 302
    assert services.current(system=system, page="start").text == "Mine"
    stale = client.post(address("help_history", system), {"number": "1", "based_on": "1"}, follow=True)
    assert "Nothing was put back" in stale.text


def test_what_changes_nothing_makes_no_version(office, system):
    assert write(system, office, text=help_pages.BY_CODE["start"].default.replace("\n", "\r\n")) is None
    first = write(system, office)
    assert write(system, office) == first
    assert HelpText.objects.count() == 1


def test_a_text_that_is_too_long_is_kept_in_the_form_with_what_to_mend(client, office, system):
    client.force_login(office)
    text = "x" * (services.MOST_CHARACTERS + 1)

    answer = client.post(address("help_edit", system), {"text": text, "based_on": 0, "then": "save"})

    assert "The text must be 20,000 characters or fewer" in answer.text
    assert text in answer.text
    with pytest.raises(services.HelpTextRefused):
        write(system, office, text=text)


def test_nobody_else_writes_help(client, member, office, system):
    client.force_login(member)
    assert client.post(address("help_edit", system), {"text": "Mine", "based_on": 0}).status_code == 403
    with pytest.raises(PermissionDenied):
        write(system, member)
    with pytest.raises(PermissionDenied):
        write(factories.create_system(), office)
    assert client.get(address("help_page", system, page="nonsense")).status_code == 404


def test_a_version_is_numbered_once_from_one(office, system):
    write(system, office)
    values = {"system": system, "page": "start", "text": "x", "written_at": factories.AT, "written_by": office}
    for number in (0, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            HelpText.objects.create(number=number, **values)

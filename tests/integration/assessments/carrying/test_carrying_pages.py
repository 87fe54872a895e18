"""The pages on which the lead brings items of an earlier round and confirms them."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments.services import carrying
from tests import factories
from tests.integration.assessments.carrying.conftest import AT, SPRING, address, carry, shown

pytestmark = pytest.mark.django_db


def test_the_lead_brings_what_is_ticked(client, spring, autumn, people):
    client.force_login(people["lead"])
    page = client.get(address("bring", autumn))
    form = page.context["form"]
    data = {"token": form["token"].value()} | {
        name: field.initial for name, field in form.fields.items() if name != "token"
    }
    data["criterion_0"] = data["criterion_0"][:1]

    response = client.post(address("bring", autumn), data, follow=True)

    assert autumn.items.count() == 4
    assert "4 items were brought from Spring" in response.text
    assert "Proof of PE1" in response.text
    assert "Confirm all 4" in response.text


def test_bringing_nothing_is_an_error(client, spring, autumn, people):
    client.force_login(people["lead"])

    page = client.post(address("bring", autumn), {"token": uuid4()})

    assert "Choose at least one item to bring" in page.text
    assert "Error: " in page.text
    assert not autumn.items.exists()


def test_the_page_asks_where_items_of_a_split_criterion_belong(client, spring, changed, people):
    client.force_login(people["lead"])
    form = client.get(address("bring", changed)).context["form"]
    places = [name for name in form.fields if name.startswith("item_")]
    lists = {name: field.initial for name, field in form.fields.items() if name.startswith("criterion_")}

    refused = client.post(address("bring", changed), {"token": uuid4()} | lists)
    answers = dict(zip(places, ["SO1b", "stays"], strict=True))
    client.post(address("bring", changed), {"token": uuid4()} | lists | answers)

    assert "Choose where item SO1.1 belongs" in refused.text
    assert sorted(changed.items.values_list("criterion__code", flat=True)) == ["PE1", "SO1b", "SO9", "SO9"]


def test_the_pages_say_what_changed(client, spring, changed, people):
    client.force_login(people["lead"])

    preview = client.get(address("bring", changed)).text
    carry(changed, spring, people)
    listed = client.get(address("carried", changed)).text

    for page in (preview, listed):
        assert "SO9 Criterion SO9 was made from SO2 Criterion SO2 and SO3 Criterion SO3 of version 1.0." in page
        assert "Soil is soil." in page
        assert "PE1 Criterion PE1: since version 1.0 its wording changed." in page
    assert "what changed</a>" in preview


def test_the_lead_confirms_on_the_page(client, spring, autumn, people):
    carry(autumn, spring, people)
    client.force_login(people["lead"])
    item = autumn.items.first()

    one = client.post(address("carried", autumn), {"shown": f"{item.public_id}:1"}, follow=True)
    rest = client.get(address("carried", autumn)).context["all_shown"]
    everything = client.post(address("carried", autumn), {"shown": rest}, follow=True)
    again = client.post(address("carried", autumn), {"shown": rest}, follow=True)

    assert "1 item is confirmed" in one.text
    assert "4 items are confirmed" in everything.text
    assert "confirmed already" in again.text
    assert "Nothing waits for confirmation" in again.text


@pytest.mark.parametrize("sent", ["", "nonsense", "nonsense:1", "00000000-0000-4000-8000-000000000000:x"])
def test_what_the_page_did_not_send_confirms_nothing(client, spring, autumn, people, sent):
    carry(autumn, spring, people)
    client.force_login(people["lead"])

    page = client.post(address("carried", autumn), {"shown": sent}, follow=True)

    assert "Nothing was confirmed" in page.text
    assert autumn.items.unconfirmed().count() == 5


def test_a_page_that_is_too_late_says_so(client, spring, autumn, people):
    carry(autumn, spring, people, choices={spring.items.get(criterion__code="SO2").pk: "SO2"})
    waiting = " ".join(f"{key}:{version}" for key, version in shown(autumn).items())
    factories.in_scoring(autumn)
    client.force_login(people["lead"])
    form = client.get(address("bring", autumn)).context["form"]
    data = {name: field.initial for name, field in form.fields.items() if name != "token"}

    late = client.post(address("bring", autumn), {"token": uuid4()} | data)
    confirmed = client.post(address("carried", autumn), {"shown": waiting}, follow=True)

    assert "Nothing was brought" in late.text
    assert "Nothing was confirmed" in confirmed.text
    assert autumn.items.count() == 1


def test_a_place_without_an_earlier_round_is_told_so(client):
    first = factories.create_assessment()
    client.force_login(factories.holder("LEAD", first.place))

    assert "There is no earlier round" in client.get(address("bring", first)).text
    assert client.get(address("bring", first), {"from": first.public_id}).status_code == 404


def test_rounds_of_another_framework_are_not_offered(client, place, spring, people):
    orchard = factories.create_framework_version(code="orchard")
    assessment = factories.create_assessment(place=place, name="Orchard", framework_version=orchard)
    client.force_login(people["lead"])

    assert "There is no earlier round on this framework" in client.get(address("bring", assessment)).text
    with pytest.raises(carrying.NotAnEarlierRound):
        carrying.carry_forward(assessment=assessment, source=spring, by=people["lead"], at=AT)


def test_the_items_of_a_criterion_say_where_they_come_from(client, spring, autumn, people):
    carry(autumn, spring, people)
    client.force_login(people["contributor"])

    page = client.get(reverse("assessments:items", args=[autumn.public_id, "SO1"])).text

    assert page.count("Brought from Spring") == 2
    assert page.count("not confirmed") == 2


@pytest.mark.parametrize("size", [1, 12])
def test_the_pages_take_the_same_few_queries_for_few_items_and_many(client, size, django_assert_num_queries):
    place = factories.create_place()
    people = factories.create_people("lead", place=place)
    earlier = factories.create_assessment(place=place, name="Spring", opens_on=SPRING)
    for _ in range(size):
        factories.create_artefact(place, item=factories.create_item(earlier))
    factories.in_scoring(earlier)
    autumn = factories.create_assessment(place=place, name="Autumn", framework_version=earlier.framework_version)
    client.force_login(people["lead"])

    # session, user, assessment, capacity, earlier assessments, lineages here, items, citations
    with django_assert_num_queries(8):
        client.get(address("bring", autumn))
    carry(autumn, earlier, people)
    # session, user, assessment, capacity, items, citations
    with django_assert_num_queries(6):
        client.get(address("carried", autumn))

"""A system's pages: all that is submitted for those who watch it, what is shared with them for people of its places."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.workflow import Move, State
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from tests import factories
from tests.unit.frameworks.garden_versions import node, second_garden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seals_are_only_counted")]
FIRST = {"opens_on": date(2026, 4, 1), "scoring_closes_on": date(2026, 5, 1), "signing_closes_on": date(2026, 6, 1)}


def page(system, **query):
    return reverse("reports:system", args=[system.public_id], query=query)


def create_system(*names):
    system = factories.create_system()
    for name in names:
        factories.create_place(name, system=system)
    return system


def submit_all(system, **values):
    """Open a round and bring every place but the last by name to its submission."""
    opened = factories.create_round(system=system, **values)
    assessments = list(opened.assessments.select_related("place", "round").order_by("place__name"))
    for assessment in assessments[:-1]:
        factories.WAYS[State.SUBMITTED](assessment)
    return opened, assessments


def read(client, system, role=Role.PROGRAMME_OFFICE, url=None):
    client.force_login(factories.holder(role, system.places.first()))
    return client.get(url or page(system))


def test_submitted_places_stand_by_name_and_the_others_do_not_stand_in_the_matrix(client):
    system = create_system("Tarn", "Ash", "Yew")
    submit_all(system, name="Spring round")

    text = read(client, system).text
    table = text.partition('class="nhsuk-table-responsive matrix"')[2].partition("</table>")[0]

    assert table.index("Ash") < table.index("Tarn")
    assert "Yew" not in table
    assert "Evolving" in table
    assert "Yew" in text


def test_results_are_those_of_the_newest_round_that_has_any_and_progress_that_of_the_newest(client):
    system = create_system("Ash", "Tarn")
    submit_all(system, name="Spring round", **FIRST)
    later = factories.create_round(system=system, name="Autumn round")

    text = read(client, system).text
    assert "What the places have submitted: Spring round" in text
    assert text.index("Autumn round") < text.index("What the places have submitted")

    text = read(client, system, url=page(system, round=later.public_id)).text
    assert "What the places have submitted: Autumn round" in text
    assert "Nothing submitted yet" in text


def test_a_round_that_keeps_to_the_places_shows_nothing(client):
    system = create_system("Ash", "Tarn")
    submit_all(system, visibility="PLACE")

    assert "Nothing submitted yet" in read(client, system).text


def test_a_system_without_a_round_says_what_will_come(client):
    assert "No round yet" in read(client, create_system("Ash")).text


def test_a_round_of_another_system_is_not_found(client):
    system = create_system("Ash")
    elsewhere = factories.create_round()

    assert read(client, system, url=page(system, round=elsewhere.public_id)).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_how_far_places_have_come_is_for_those_who_watch_the_system(client, role):
    system = create_system("Ash")
    factories.create_round(system=system, name="Autumn round")

    assert ("Autumn round, " in read(client, system, role).text) == (role in OF_SYSTEM)
    assert {*AT_PLACE, *OF_SYSTEM} == set(Role)


def test_people_of_other_systems_find_nothing(client):
    stranger = factories.holder(Role.PROGRAMME_OFFICE, factories.create_place())
    client.force_login(stranger)

    assert client.get(page(create_system("Ash"))).status_code == 404


def test_only_the_programme_office_opens_a_round(client):
    system = create_system("Ash")

    assert "Open a round" in read(client, system).text
    assert "Open a round" not in read(client, system, Role.REVIEWER).text


@pytest.mark.parametrize("size", [2, 5])
def test_the_page_takes_the_same_few_queries_for_few_places_and_many(client, size, django_assert_num_queries):
    system = create_system(*(f"Place {number}" for number in range(size)))
    _, assessments = submit_all(system, name="Spring round", **FIRST)
    factories.reviewed_after_submission(assessments[0])
    factories.withdrawn(factories.create_round(system=system, name="Autumn round").assessments.first())
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, system.places.first()))

    # session, user, the chains' heads, parts in the system, rounds, seven for the progress and its definition,
    # snapshots, reviews
    with django_assert_num_queries(14):
        client.get(page(system))


# What people of places see


@pytest.mark.parametrize("visibility, others", [("PLACE", False), ("ICB", False), ("PEERS", True), ("PUBLISHED", True)])
def test_people_of_a_place_see_their_own_and_of_others_what_the_round_shares(client, visibility, others):
    system = create_system("Ash", "Birch", "Tarn")
    submit_all(system, name="Spring round", visibility=visibility)
    person = factories.holder(Role.OBSERVER, system.places.get(name="Ash"))
    client.force_login(person)

    for url in (page(system), reverse("reports:system_criterion", args=[system.public_id, "SO1"])):
        text = client.get(url).text
        assert "Ash" in text
        assert ("Birch" in text) == others, url
    chart = client.get(reverse("reports:system_chart", args=[system.public_id, "levels", "csv"])).text
    assert f",{2 if others else 1}," in chart.splitlines()[1]
    assert client.get(reverse("reports:system_rounds", args=[system.public_id])).text.count("× 2") == (
        7 if others else 0
    )


def test_what_peers_share_leads_to_its_report_and_to_no_page_of_theirs(client):
    system = create_system("Ash", "Birch", "Tarn")
    _, (ash, birch, _) = submit_all(system, visibility="PEERS")
    client.force_login(factories.holder(Role.LEAD, ash.place))

    text = client.get(page(system)).text

    assert reverse("reports:report", args=[birch.public_id]) in text
    assert reverse("reports:level", args=[ash.public_id, "SO1"]) in text
    assert reverse("reports:level", args=[birch.public_id, "SO1"]) not in text


def test_a_member_who_has_still_to_score_sees_no_earlier_level_of_their_place(client):
    system = create_system("Ash", "Birch", "Tarn")
    _, (ash, *_) = submit_all(system, name="Spring round", visibility="PEERS", **FIRST)
    later = factories.create_assessment(place=ash.place, state=State.SCORING)
    member = factories.board(ash.place, 1)[0]
    client.force_login(member)

    for url in (page(system), reverse("reports:system_criterion", args=[system.public_id, "SO1"])):
        text = client.get(url).text
        assert str(ash.public_id) not in text
        assert "Birch" in text
    assert "once you have scored all" in client.get(page(system)).text
    assert "× 2" not in client.get(reverse("reports:system_rounds", args=[system.public_id])).text
    factories.create_score(later.items.get(), by=member)
    assert str(ash.public_id) in client.get(page(system)).text


def test_what_reviewers_find_is_for_those_who_watch_the_system(client):
    system = create_system("Ash", "Tarn")
    _, (ash, _) = submit_all(system, visibility="PEERS")
    factories.move(ash, Move.START_REVIEW)
    factories.create_finding(ash, level=4, words="More than they say")

    assert "reviewed 4" in read(client, system).text
    assert (
        "Reviewed" in read(client, system, url=reverse("reports:system_criterion", args=[system.public_id, "SO1"])).text
    )
    client.force_login(factories.holder(Role.LEAD, ash.place))
    assert "reviewed 4" not in client.get(page(system)).text


# Narrowed, by criterion, round by round


def test_the_address_says_what_is_shown(client):
    system = create_system("Ash", "Birch", "Tarn")
    opened, (ash, *_) = submit_all(system)
    factories.move(ash, Move.START_REVIEW)

    shown = {
        text: read(client, system, url=page(system, **query)).text.partition('id="matrix"')[2].partition("<h2")[0]
        for text, query in {
            "domain": {"domain": "SO"},
            "state": {"state": "IN_REVIEW"},
            "standing": {"standing": "short"},
            "both": {"standing": "none", "domain": "SO", "round": str(opened.public_id)},
        }.items()
    }

    assert "Criterion PE1" not in shown["domain"]
    assert "Criterion SO1" in shown["domain"]
    assert "Birch" not in shown["state"]
    assert "Ash" in shown["state"]
    assert "Criterion SO2" in shown["both"]
    assert "Criterion SO1" not in shown["both"]
    assert "Only these are shown: Soil; No level" in shown["both"]


def test_nothing_that_answers_is_said(client):
    system = create_system("Ash", "Tarn")
    submit_all(system)

    text = read(client, system, url=page(system, standing="split")).text

    assert "Nothing answers to that" in text


def test_a_criterion_says_how_its_levels_lie_who_can_help_and_leads_reviewers_on(client):
    system = create_system("Ash", "Birch", "Tarn")
    opened, (ash, *_) = submit_all(system)
    factories.create_help(ash.place, words="Come and see our beds")
    url = reverse("reports:system_criterion", args=[system.public_id, "SO1"])

    text = read(client, system, url=url).text

    assert "Come and see our beds" in text
    assert reverse("assessments:review_across", args=[opened.public_id, "SO1"]) in text
    assert "2 Evolving" in text
    for other in ("made-up", "SO"):
        assert client.get(reverse("reports:system_criterion", args=[system.public_id, other])).status_code == 404
    lead = factories.holder(Role.LEAD, ash.place)
    client.force_login(lead)
    assert reverse("assessments:review_across", args=[opened.public_id, "SO1"]) not in client.get(url).text


def reworded(data):
    node(data, "SO1")["descriptors"][2] = "Something else"


def test_no_level_is_counted_through_a_change_of_the_criterion(client):
    system = create_system("Ash", "Birch", "Tarn")
    submit_all(system, name="Spring round", **FIRST)
    later = factories.create_framework_version(**second_garden(reworded))
    submit_all(system, name="Autumn round", framework_version=later)

    text = read(client, system, url=reverse("reports:system_rounds", args=[system.public_id])).text
    rows = {row.partition("</a>")[0].rpartition(">")[2]: row for row in text.split("<tr")[2:]}

    assert "Meant something else then" in next(row for name, row in rows.items() if name.startswith("SO1"))
    csv = client.get(f"{reverse('reports:system_chart', args=[system.public_id, 'rounds', 'csv'])}?code=SO1").text
    assert csv.splitlines()[1].split(",")[1:4] == ["Autumn round", "0", "2"]
    assert csv.splitlines()[2].endswith("meant something else then")


@pytest.mark.parametrize("name", ["levels", "criterion", "rounds"])
def test_a_chart_comes_as_a_file_with_the_numbers_of_the_page(client, name):
    system = create_system("Ash", "Birch", "Tarn")
    submit_all(system)
    address = reverse("reports:system_chart", args=[system.public_id, name, "csv"], query={"code": "SO1"})

    csv = read(client, system, url=address)
    picture = client.get(address.replace(".csv", ".svg"))

    assert csv["Content-Disposition"].endswith('.csv"')
    assert ",0,2,0,0," in csv.text
    assert picture.text.startswith("<svg")
    assert client.get(address.replace("SO1", "made-up")).status_code == (200 if name == "levels" else 404)


@pytest.mark.parametrize("size", [2, 5])
@pytest.mark.parametrize("name, queries", [("system_criterion", 9), ("system_rounds", 7)])
def test_the_further_pages_take_few_queries_too(client, size, name, queries, django_assert_num_queries):
    system = create_system(*(f"Place {number}" for number in range(size)))
    submit_all(system, name="Spring round", **FIRST)
    submit_all(system, name="Autumn round")
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, system.places.first()))
    more = ["SO1"] if name == "system_criterion" else []

    # session, user, parts in the system, rounds, snapshots, definition, levels; for a criterion places and help, too
    with django_assert_num_queries(queries):
        client.get(reverse(f"reports:{name}", args=[system.public_id, *more]))


def test_what_stands_above_the_criteria_leads_on_the_place_as_a_whole_too(client):
    system = create_system("Ash", "Tarn")
    golden = [{"name": "Nothing is agreed", "items": {}, "expect": {"claimed": {"": "incomplete"}}}]
    version = factories.create_framework_version(rule={"kind": "headline"}, golden=golden)
    _, (ash, _) = submit_all(system, framework_version=version)

    text = read(client, system).text

    for address in (
        reverse("reports:whole", args=[ash.public_id]),
        reverse("reports:level", args=[ash.public_id, "SO"]),
    ):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200

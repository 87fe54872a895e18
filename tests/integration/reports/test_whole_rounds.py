"""Frameworks of the shapes that others publish, each taken from its file to the sealed report, on the pages too."""

import gzip
import html

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.displayed import STATUSES
from assessments.documents import stored
from assessments.reading import MOST_UNFOLDED, number_of
from assessments.workflow import Move
from frameworks.definition import load
from partnership import storage
from partnership.audit_rows import faults
from partnership.roles import Role
from reports import printing, services
from reports.figures import STATUS_WORDS
from reports.readiness_report import Identity
from tests import factories, pdf_reading, whole_round
from tests.factories import AT
from tests.pdf_reading import squeezed
from tests.published_shapes import SHAPES

pytestmark = pytest.mark.django_db
# What pages may ask of the database, of a framework with 449 statements, too.
MOST_QUERIES = {
    "assessments:assessment": 10,
    "assessments:score": 10,
    "assessments:items": 10,
    "assessments:agree": 12,
    "assessments:agreeing": 12,
    "reports:place": 15,
}


@pytest.fixture
def client(client):
    """A browser that counts what each page costs: its queries, and its bytes as they are sent."""
    client.costs = []
    return client


def page(client, name, *args, **query):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse(name, args=args, query=query or None))
    assert response.status_code == 200, (name, args)
    client.costs.append((name, len(queries), len(gzip.compress(response.content))))
    # What has no name in the framework is no link without words.
    assert '"></a>' not in response.text, (name, args)
    return response.text


def one_of_each(nodes):
    """Return the first node of each sort: by its tier, its rule, and whether it asks statements."""
    sorts = {}
    for node in nodes:
        sorts.setdefault((node.tier, type(node.rule), node.is_checklist), node)
    return sorts.values()


def look_at_all(client, assessment, *, route=None):
    """Open every page that a member of the board has of an assessment now, and return what they say, by name."""
    definition, pk = load(assessment.framework_version.definition), assessment.public_id
    told = {
        "assessment": page(client, "assessments:assessment", pk),
        "place": page(client, "reports:place", assessment.place.public_id, round=str(pk)),
        "radar": page(client, "reports:place", assessment.place.public_id, round=str(pk), view="radar"),
    }
    for node in [*one_of_each(definition.criteria), definition.criteria[-1]]:
        page(client, "assessments:items", pk, node.code)
        if route:
            told[node.code] = page(client, route, pk, node.code)
    return told


def answer_of(name):
    """Return how everybody answers: at best or, where all comes to numbers, so that they are like no other."""

    def answer(item, definition):
        best = whole_round.answer_at_best(item, definition)
        return best - 2 if name == "streams" and item.statement_code == "A1" else best

    return answer


# What each comes to as a whole where everybody answers so: its status, level and number.
WHOLES = {
    "weighted_categories": ("level", 5, "5"),
    "outcomes": None,
    "ragged": ("level", 4, ""),
    "ladder": ("level", 5, ""),
    "streams": ("no_level", None, "2.63"),
    "territoire": ("level", 4, "100%"),
    "truncated": ("level", 5, "5"),
}


# What is signed of these is folded.
LONG = {"outcomes", "territoire"}
# Their rules are pure, so that on a second database it is enough to take two of them through the services.
ON_BOTH = {"ragged", "streams"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ON_BOTH else pytest.mark.one_database) for name in SHAPES]
)
def test_a_published_shape_goes_through_a_whole_round(client, name):
    assessment = whole_round.opened(whole_round.published(SHAPES[name]()))
    definition = load(assessment.framework_version.definition)
    client.force_login(factories.board(assessment.place, 3)[0])
    whole_round.written(assessment)
    optional = [node.code for node in definition.criteria if node.optional]

    assessment = whole_round.scored(assessment, answer=answer_of(name))
    told = look_at_all(client, assessment, route="assessments:score")
    assert all(f' lang="{definition.language}">' in told[node.code] for node in one_of_each(definition.criteria))
    page(client, "assessments:scored", assessment.public_id)
    assessment = whole_round.agreed(assessment, not_applicable=optional)
    told = look_at_all(client, assessment, route="assessments:agree")
    assert all(f'<span lang="{definition.language}">' in told[node.code] for node in one_of_each(definition.criteria))
    page(client, "assessments:agreeing", assessment.public_id)
    page(client, "reports:report", assessment.public_id)
    assessment = whole_round.put_up(assessment)
    to_sign = page(client, "assessments:sign", assessment.public_id)
    assessment = whole_round.sealed(assessment)

    told = look_at_all(client, assessment)
    signed = page(client, "assessments:signoff", assessment.public_id)
    report = page(client, "reports:report", assessment.public_id)
    document = stored(assessment.snapshots.get())
    for node in definition.nodes.values():
        if node.code and node.tier != definition.tiers[-1]:
            assert node.name in report
    for node in one_of_each(node for node in definition.nodes.values() if node.code):
        page(client, "reports:level", assessment.public_id, node.code)
    _check_folds(document, told, report)
    for text in (to_sign, signed):
        _check_signed_folds(document, text, is_long=name in LONG)
        _check_signed_results(document, text)
    _check_results(client, assessment, document, told["place"], report)
    _check_whole(client, assessment, document, told["place"], report, WHOLES[name])
    if name == "outcomes":
        _check_costs(client.costs)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    client.force_login(office)
    page(client, "reports:system", assessment.system.public_id)
    page(client, "reports:home")
    _check_review(client, factories.move(assessment, Move.START_REVIEW), document)
    assert faults() == []


def _check_folds(document, told, report):
    """Very many criteria are folded by domain on the pages, and drawn by domain on paper, where all of it is open."""
    domains = len(document["domains"])
    is_long = len(document["criteria"]) > MOST_UNFOLDED
    paper = printing.paper(document, identity=Identity(), seal=None)
    assert told["place"].count('dashboard-fold"') == (2 * domains if is_long else 0)
    assert told["assessment"].count(" criteria<span") == (domains if is_long else 0)
    assert report.count(" criteria of ") + report.count("1 criterion of ") == domains
    assert paper.count('class="report-chart__image"') == (domains if is_long else 1)
    assert "<details" not in paper


def _check_signed_folds(document, text, *, is_long):
    """What is very long is folded by domain before it is signed and after, each criterion in its domain's fold."""
    _, *folds = text.split("criteria of ")
    folded = document["domains"] if is_long else []
    for domain, fold in zip(folded, folds, strict=True):
        assert fold.startswith(html.escape(domain["name"]))
        assert [code for code in domain["criteria"] if f'id="criterion-{code}"' not in fold] == []


def _check_signed_results(document, text):
    """Each part that is signed stands there with its level or, where the rule gives none, with its number."""
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    for node in document["criteria"]:
        _, _, section = text.partition(f'id="criterion-{node["code"]}"')
        told, _, _ = section.partition("<details")
        agreed, _, evidenced = told.partition("Evidence supports")
        for standing, shown in (("claimed", agreed), ("supported", evidenced)):
            result = node[standing]
            words = names.get(result["level"]) or number_of(result) or STATUSES[result["status"]]
            assert html.escape(words) in shown


def _check_results(client, assessment, document, place, report):
    """A result is shown as its level or, where the rule gives none, as its number: on every page and in the report."""
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    for node in [document["criteria"][0], *document["domains"][:1]]:
        level = page(client, "reports:level", assessment.public_id, node["code"])
        for standing in ("claimed", "supported"):
            result = node[standing]
            words = names.get(result["level"]) or number_of(result) or STATUS_WORDS[result["status"]]
            assert all(words in text for text in (place, report, level)), (node["code"], standing)
    if all(number_of(node["claimed"]) for node in document["criteria"]):
        assert "No level by design" not in place + report


def _check_costs(costs):
    """The pages on which the board works stay within their budgets."""
    costs = [each for each in costs if each[0] in MOST_QUERIES]
    assert {name for name, _, _ in costs} == MOST_QUERIES.keys()
    assert [each for each in costs if each[1] > MOST_QUERIES[each[0]] or each[2] > 100_000] == []


def _check_review(client, assessment, document):
    """A reviewer sees what the place signed, the number where the rule gives no level."""
    client.force_login(factories.holder(Role.REVIEWER, assessment.place))
    node = document["criteria"][0]
    shown = page(client, "assessments:review_criterion", assessment.public_id, node["code"])
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    result = node["claimed"]
    assert html.escape(names.get(result["level"]) or number_of(result) or STATUSES[result["status"]]) in shown


def _check_whole(client, assessment, document, place, report, expected):
    """A framework's one result for the place is shown where it declares one, and nowhere else."""
    address = reverse("reports:whole", args=[assessment.public_id])
    if expected is None:
        assert document["whole"] is None
        assert "The place as a whole" not in place + report
        assert client.get(address).status_code == 302
        return
    claimed = document["whole"]["claimed"]
    assert (claimed["status"], claimed["level"], number_of(claimed)) == expected
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    for text in (place, report, client.get(address).text):
        assert "The place as a whole" in text
        assert number_of(claimed) in text
        assert names.get(claimed["level"], "") in text


# A second database is asked the same by a checklist among the published shapes.
@pytest.mark.one_database
def test_a_shipped_checklist_goes_from_opening_to_the_sealed_pdf(client):
    text = (settings.BASE_DIR / "frameworks" / "library" / "information_sharing_1_0.yaml").read_bytes()
    assessment = whole_round.written(whole_round.opened(whole_round.published(text)))
    assessment = whole_round.sealed(whole_round.agreed(whole_round.scored(assessment)))
    client.force_login(factories.board(assessment.place, 1)[0])

    report = services.make_report(subject=assessment.seal.public_id, at=AT)
    with storage.open_stored(report.file) as file:
        printed = squeezed(pdf_reading.text_of(file.read()))
    shown = page(client, "reports:report", assessment.public_id)

    criteria = {each["code"]: each for each in stored(assessment.snapshots.get())["criteria"]}
    # Everybody said yes to all that is good and no to warning signs. Shown are the foundations of LT1, one of its four
    # practices, and nothing of LT2.
    assert {each["claimed"]["level"] for each in criteria.values()} == {3}
    assert [criteria[code]["supported"]["level"] for code in ("LT1", "LT2")] == [1, 0]
    for words in ("LT1.F1", "Foundations", "Warning signs: better not so", "We do F1."):
        assert words in shown
        assert squeezed(words) in printed

"""Loading framework files: as a command, and in the browser."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse

from frameworks import definition, services
from frameworks.loading import examine
from frameworks.marks import LARGEST_FILE
from frameworks.models import Framework, FrameworkVersion, Publication
from frameworks.selectors import Outcome
from frameworks.workbook import write_workbook
from partnership import audit
from partnership.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
SMALL = (ROOT / "docs" / "small-framework.yaml").read_text()
LOAD, LIBRARY = reverse("frameworks:load"), reverse("frameworks:library")


def small(*replacements):
    text = SMALL
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def load(content=None, by=None):
    return services.load_version(examined=examine(content or small()), by=by, at=AT)


def published():
    version, _ = load()
    services.publish_version(version=version, by=None, at=AT)
    return version


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Framework, FrameworkVersion, AuditEvent)]


# The service


def test_a_sound_file_becomes_a_draft():
    version, outcome = load()

    assert outcome == Outcome.ADDED
    assert (version.framework.code, version.number) == ("good-neighbours", "1.0")
    assert version.framework.owner == "The neighbourhood forum"
    assert definition.load(version.definition).node("WE1").name == "First contact"
    assert not Publication.objects.exists()
    assert AuditEvent.objects.get().type == audit.Type.VERSION_LOADED


def test_loading_the_same_again_as_a_file_or_as_a_workbook_changes_nothing():
    load()
    before = rows()

    for content in (small(), write_workbook(json.loads(examine(small()).text))):
        assert load(content)[1] == Outcome.UNCHANGED

    assert rows() == before


def test_a_changed_file_replaces_the_draft_of_the_same_number():
    first, _ = load()

    second, outcome = load(small(("First contact", "First call"), ("name: Good", "name: Very good")))

    assert outcome == Outcome.REPLACED
    assert second.pk == first.pk
    assert "First call" in FrameworkVersion.objects.get().definition
    assert Framework.objects.get().name == "Very good neighbours framework"
    assert json.loads(AuditEvent.objects.last().details)["before"] == first.digest


def test_a_published_version_is_not_replaced():
    published()
    before = rows()

    with pytest.raises(services.DefinitionRefused) as refusal:
        load(small(("First contact", "First call")))

    (finding,) = refusal.value.findings
    assert (finding.place, finding.where) == ("line 4", "number")
    assert rows() == before


def test_a_draft_does_not_rename_a_framework_that_is_in_use_until_it_is_published():
    published()
    content = small(
        (
            'number: "1.0"',
            'number: "2.0"\nchanges_from: {number: "1.0", criteria: {WE1: {what: same}, '
            "WE2: {what: same}, HE1: {what: same}}}",
        ),
        ("name: Good neighbours framework", "name: Kind neighbours framework"),
    )

    version, _ = load(content)
    assert Framework.objects.get().name == "Good neighbours framework"

    services.publish_version(version=version, by=None, at=AT)
    assert Framework.objects.get().name == "Kind neighbours framework"


def test_an_unsound_file_writes_nothing():
    with pytest.raises(services.DefinitionRefused):
        load(small(("rank: 2", "rank: 5"), ("demand: 3", "demand: 0")))

    assert not Framework.objects.exists()


def test_only_an_administrator_loads():
    with pytest.raises(PermissionDenied):
        load(by=factories.create_user("chair"))

    assert not Framework.objects.exists()


def test_nothing_stays_where_writing_fails_half_way(monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError("no record, no draft")

    monkeypatch.setattr(audit, "record", fail)

    with pytest.raises(IntegrityError):
        load()

    assert not Framework.objects.exists()


# The command


def run(tmp_path, content, *options, name="mine.yaml"):
    path = tmp_path / name
    path.write_bytes(content)
    out = io.StringIO()
    call_command("load_framework", str(path), *options, stdout=out)
    return out.getvalue()


def test_the_command_loads_and_says_so(tmp_path):
    said = run(tmp_path, small())

    assert "3 levels, 3 criteria, 1 pathway, 1 golden case." in said
    assert "All golden cases come out as expected." in said
    assert "good-neighbours 1.0 is loaded as a new draft." in said
    assert "nothing changed" in run(tmp_path, small())


def test_a_dry_run_writes_nothing(tmp_path):
    said = run(tmp_path, small(), "--dry-run")

    assert "It becomes a new draft." in said
    assert not Framework.objects.exists()


def test_the_command_names_every_problem_with_its_line(tmp_path):
    content = small(
        ("rank: 2", "rank: 5"), ("node: HE1", "node: HE9"), ("    summary: How newcomers", "    sumary: How newcomers")
    )

    with pytest.raises(CommandError) as refusal:
        run(tmp_path, content, "--dry-run")

    said = str(refusal.value)
    assert said.startswith("mine.yaml has ")
    for words in (
        "line 14 (scale.levels[1].rank): Rank 5 follows 1. Let ranks rise by one.",
        "line 20 (nodes[0].sumary): This field is not known here.",
        "(pathways[0].gates[0].node): There is no node HE9. Use the code of a domain or criterion.",
    ):
        assert words in said
    assert not Framework.objects.exists()


def test_the_command_tells_of_golden_cases_that_do_not_come_out(tmp_path):
    said = run(tmp_path, small(("WE: 1, HE: 2", "WE: 2, HE: 2")), "--dry-run")

    assert "In the way of publishing: line 64 (golden[0].expect.claimed.WE): claimed WE should be 2, but is 1" in said


@pytest.mark.parametrize("path, words", [("missing.yaml", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path, path, words):
    with pytest.raises(CommandError, match=words):
        call_command("load_framework", str(tmp_path / path))


def test_an_endless_file_is_refused():
    with pytest.raises(CommandError, match="larger than 4 MB"):
        call_command("load_framework", "/dev/zero")


# The browser


def post(client, content, act, name="mine.yaml"):
    return client.post(LOAD, {"file": SimpleUploadedFile(name, content), "act": act})


@pytest.mark.parametrize("name", ["library", "load"])
def test_the_pages_are_for_administrators(client, name):
    client.force_login(factories.create_user("chair"))

    assert client.get(reverse(f"frameworks:{name}")).status_code == 403


def test_checking_lists_every_problem_with_its_line(client, administrator):
    response = post(client, small(("rank: 2", "rank: 5"), ("node: HE1", "node: HE9")), "load")

    assert "problems in mine.yaml" in response.text
    assert "Line 14" in response.text
    assert "There is no node HE9." in response.text
    assert "<title>Error: " in response.text
    assert not Framework.objects.exists()


def test_the_page_lists_what_the_command_lists(client, administrator, tmp_path):
    content = small(("rank: 2", "rank: 5"), ("node: HE1", "node: HE9"))

    page = post(client, content, "check")
    with pytest.raises(CommandError) as refusal:
        run(tmp_path, content)

    assert [f"  {finding}" for finding in page.context["findings"]] == str(refusal.value).split("\n")[1:]


def test_a_workbook_is_checked_by_cell(client, administrator):
    data = json.loads(examine(small()).text)
    data["pathways"][0]["gates"][0]["node"] = "HE9"

    response = post(client, write_workbook(data), "check", "mine.xlsx")

    assert "Sheet Gates, cell F2" in response.text


def test_checking_a_sound_file_writes_nothing_and_says_what_loading_would_do(client, administrator):
    response = post(client, small(), "check")

    assert "mine.yaml is sound" in response.text
    assert "It becomes a new draft. Nothing was written yet." in response.text
    assert "1, all as expected" in response.text
    assert not Framework.objects.exists()


def test_an_administrator_loads_looks_and_publishes(client, administrator):
    loaded = post(client, small(), "load")
    version = FrameworkVersion.objects.get()
    page = client.get(loaded["Location"])

    assert loaded["Location"] == reverse("frameworks:version", args=[version.public_id])
    assert "is loaded as a draft" in page.text
    assert "A rota without a map" in page.text
    assert "As expected" in page.text

    client.post(reverse("frameworks:publish", args=[version.public_id]))
    assert Publication.objects.get().published_by == administrator
    after = client.get(loaded["Location"])
    assert "Published" in after.text
    assert "Publish version" not in after.text


def test_a_draft_whose_golden_cases_fail_is_kept_and_not_published(client, administrator):
    content = small(("WE: 1, HE: 2", "WE: 2, HE: 2"))
    assert "In the way of publishing" in post(client, content, "check").text

    page = client.get(post(client, content, "load")["Location"])
    assert "Claimed WE should be 2, but is 1." in page.text
    assert "Publish version" not in page.text

    version = FrameworkVersion.objects.get()
    refused = client.post(reverse("frameworks:publish", args=[version.public_id]), follow=True)
    assert "was not published" in refused.text
    assert not Publication.objects.exists()


def test_a_draft_without_golden_cases_is_kept_and_not_published(client, administrator):
    content = small().partition(b"golden:")[0]
    checked = post(client, content, "check").text
    assert "In the way of publishing" in checked
    assert "Add one at least" in checked

    loaded = post(client, content, "load")["Location"]
    page = client.get(loaded)
    assert "There are no golden cases" in page.text
    assert "Publish version" not in page.text

    refused = client.post(f"{loaded}publish/", follow=True)
    assert "Version 1.0 was not published. There are no golden cases" in refused.text
    assert not Publication.objects.exists()


def test_checking_says_what_the_author_may_have_left_out(client, administrator):
    page = post(client, small(("      HE1: [{level: 2, strength: 0}]\n", "")), "check")

    assert "None of this stands in the way." in page.text
    assert "<strong>Criteria that no golden case answers</strong>: HE1." in page.text


def test_a_version_that_says_nothing_of_the_one_before_is_kept_and_not_published(client, administrator):
    published()

    page = client.get(post(client, small(('number: "1.0"', 'number: "2.0"')), "load")["Location"])

    assert "What stands in the way of publishing" in page.text
    assert "changes_from" in page.text


def test_a_changed_file_of_a_published_version_is_refused(client, administrator):
    published()

    response = post(client, small(("First contact", "First call")), "load")

    assert "Version 1.0 is published, and stays as it is." in response.text


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "Choose a framework file"),
        (b"", "The selected file is empty"),
        (b"x" * (LARGEST_FILE + 1), "The file is larger than 4 MB."),
        (b"name: \xe9", "The file is not in UTF-8."),
        (b"PK\x03\x04", "This is not an Excel workbook."),
        (b"name: <script>alert(1)</script>", "This looks like markup."),
    ],
)
def test_a_wrong_upload_is_answered_with_a_sentence(client, administrator, content, words):
    response = client.post(LOAD, {"act": "load"}) if content is None else post(client, content, "load")

    assert words in response.text
    assert "<title>Error: " in response.text
    assert "<script>alert" not in response.text


def test_a_version_is_downloaded_as_a_file_and_as_a_workbook_that_load_as_the_same(client, administrator):
    version = published()

    for kind in ("yaml", "xlsx"):
        response = client.get(reverse("frameworks:download", args=[version.public_id, kind]))
        assert f'filename="good-neighbours-1.0.{kind}"' in response["Content-Disposition"]
        assert load(response.content)[1] == Outcome.UNCHANGED


def test_the_files_to_begin_with_are_sound(client, administrator):
    for kind in ("yaml", "xlsx"):
        content = client.get(reverse("frameworks:starter", args=[kind])).content
        assert examine(content).is_sound
    assert client.get(reverse("frameworks:starter", args=["schema"])).json()["definitions"]["node"]
    assert client.get(reverse("frameworks:starter", args=["docx"])).status_code == 404


@pytest.mark.parametrize("versions", [1, 3])
def test_the_library_takes_as_many_queries_for_many_versions(
    client, administrator, django_assert_num_queries, versions
):
    for number in range(versions):
        load(small(('number: "1.0"', f'number: "{number}"'), ("code: good-neighbours", f"code: neighbours-{number}")))

    # session, user, frameworks, versions
    with django_assert_num_queries(4):
        assert "Draft" in client.get(LIBRARY).text


def test_the_pages_of_loading_and_of_a_version_take_few_queries(client, administrator, django_assert_num_queries):
    version = published()

    with django_assert_num_queries(2):
        client.get(LOAD)
    # session, user, version, whether it is retired
    with django_assert_num_queries(4):
        client.get(reverse("frameworks:version", args=[version.public_id]))

"""The frameworks that the portal has: their versions, publishing one, and its files."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from frameworks import golden, selectors, services, workbook
from frameworks.definition import DefinitionError, load
from frameworks.json_schema import schema
from frameworks.loading import examine
from frameworks.workbook_cells import CellTooSmall
from frameworks.writing_yaml import write_yaml

YAML = "application/yaml; charset=utf-8"


@require_GET
def library(request):
    frameworks = [
        (framework, [(version, selectors.state(version)) for version in framework.versions.all()])
        for framework in selectors.library()
    ]
    return TemplateResponse(request, "frameworks/library.html", {"frameworks": frameworks})


@require_GET
def version(request, public_id):
    found = selectors.get_version(user=request.user, public_id=public_id)
    try:
        parsed, problems = load(found.definition), ()
    except DefinitionError as error:
        # Only a fixture that was changed by hand gets this far.
        parsed, problems = None, error.problems
    failures = golden.run(parsed) if parsed else []
    state = selectors.state(found)
    if parsed and state == "Draft":
        problems = selectors.lineage_problems(framework=found.framework, definition=parsed)
    return TemplateResponse(
        request,
        "frameworks/version.html",
        {
            "version": found,
            "state": state,
            "definition": parsed,
            "problems": problems,
            "cases": [
                (case, [failure for failure in failures if failure.case == case.name])
                for case in (parsed.golden if parsed else ())
            ],
            "can_publish": state == "Draft" and parsed and parsed.golden and not failures and not problems,
        },
    )


@require_POST
def publish(request, public_id):
    found = selectors.get_version(user=request.user, public_id=public_id)
    try:
        services.publish_version(version=found, by=request.user, at=timezone.now())
    except services.CANNOT_PUBLISH as error:
        messages.error(request, f"Version {found.number} was not published. {error}")
    else:
        messages.success(request, f"Version {found.number} is published. Rounds can use it from now on.")
    return redirect("frameworks:version", found.public_id)


@require_GET
def download(request, public_id, kind):
    """Give a version as the file that it could have been loaded from."""
    found = selectors.get_version(user=request.user, public_id=public_id)
    data = json.loads(found.definition)
    name = f"{found.framework.code}-{found.number}"
    if kind == "yaml":
        return _file(write_yaml(data).encode(), YAML, f"{name}.yaml")
    if kind != "xlsx":
        raise Http404("A framework is a YAML file or a workbook")
    try:
        return _file(workbook.write_workbook(data), workbook.XLSX, f"{name}.xlsx")
    except CellTooSmall as error:
        messages.error(request, f"This framework does not fit a workbook: {error}. Download the YAML file instead.")
        return redirect("frameworks:version", found.public_id)


@require_GET
def starter(request, kind):
    """Give what one begins with: the small framework as a file or a workbook, and the schema for editors."""
    if kind == "schema":
        content = json.dumps(schema(), ensure_ascii=False, indent=2).encode()
        return _file(content, "application/schema+json", "framework-format.schema.json")
    example = selectors.SMALL_FRAMEWORK.read_bytes()
    if kind == "yaml":
        return _file(example, YAML, "small-framework.yaml")
    if kind != "xlsx":
        raise Http404("There is no such file to begin with")
    content = workbook.write_workbook(json.loads(examine(example).text))
    return _file(content, workbook.XLSX, "framework-template.xlsx")


def _file(content, content_type, name):
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )

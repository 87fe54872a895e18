"""What people take along of an assessment, or of a round's places: pages that offer it, and the files."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from assessments import selectors
from assessments.kept_back import scoring_first
from assessments.round_table import get_round
from assessments.workflow import SEALED, Act
from partnership.permissions import system_capacity
from partnership.roles import OF_SYSTEM
from reports.exports import as_json, csv_files, evidence, gathering, xlsx

LEADS = "You have still to score items of a later round. Levels of an earlier one can be taken along once you have."
WATCHERS = "Only the ICB's programme office and reviewers take along the data of a whole round."


@dataclass(frozen=True)
class File:
    """A kind of file: what it is, in words, its ending, and how it is written."""

    name: str
    ending: str
    media_type: str
    write: object


FILES = {
    "xlsx": File("Workbook for Excel or LibreOffice (XLSX)", "xlsx", xlsx.MEDIA_TYPE, xlsx.workbook),
    "csv": File("A CSV file for each table, in a zip", "zip", csv_files.MEDIA_TYPE, csv_files.archive),
    "json": File("One file for programs (JSON)", "json", as_json.MEDIA_TYPE, as_json.document),
}


@require_GET
def data(request, public_id):
    """Offer what a person may take along of an assessment."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    why_not = _why_not(request.user, capacity, assessment)
    files = evidence.files_of(assessment=assessment, user=request.user)
    sheets = [
        (sheet, gathering.why_withheld(sheet, assessment=assessment, capacity=capacity)) for sheet in gathering.SHEETS
    ]
    totals = files.aggregate(count=Count("pk"), size=Sum("size"))
    return TemplateResponse(
        request,
        "reports/data.html",
        {
            "assessment": assessment,
            "why_not": why_not,
            "is_sealed": assessment.state in SEALED,
            "files": [(kind, each.name) for kind, each in FILES.items()],
            "sheets": [sheet for sheet, why in sheets if not why],
            "withheld": _by_reason(sheets),
            "evidence": totals,
        },
    )


@require_GET
def data_file(request, public_id, kind):
    """Give an assessment's data, or its evidence, as a file."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    if why_not := _why_not(request.user, capacity, assessment):
        raise PermissionDenied(why_not)
    names = {
        "title": f"{assessment.place.name}, {assessment.title}",
        "file_name": slugify(f"{assessment.place.name} {assessment.title}"),
    }
    if kind == "evidence":
        return _evidence(request, assessment, capacity, **names)
    file = _file(kind)
    export = gathering.of_assessment(assessment=assessment, capacity=capacity, at=timezone.now(), **names)
    return _sent(file.write(export), file.media_type, f"{export.file_name}-data.{file.ending}")


@require_GET
def round_data(request, public_id):
    """Offer what the ICB may take along of a round."""
    opened, capacity = _find_round(request, public_id)
    places = gathering.submitted().filter(round=opened).order_by("place__name", "number")
    return TemplateResponse(
        request,
        "reports/round_data.html",
        {
            "round": opened,
            "assessments": places.select_related("place", "round"),
            "stays_at_places": opened.visibility == opened.Visibility.PLACE,
            "files": [(kind, each.name) for kind, each in FILES.items()],
        },
    )


@require_GET
def round_data_file(request, public_id, kind):
    """Give the data of all places of a round that have submitted as a file."""
    opened, capacity = _find_round(request, public_id)
    file = _file(kind)
    export = gathering.of_round(
        opened=opened,
        capacity=capacity,
        at=timezone.now(),
        title=f"{opened.name}, {opened.system.name}",
        file_name=slugify(f"{opened.system.name} {opened.name}"),
    )
    return _sent(file.write(export), file.media_type, f"{export.file_name}-data.{file.ending}")


@require_GET
def data_schema(request):
    """Give the JSON Schema of the JSON file."""
    return JsonResponse(as_json.schema(), json_dumps_params={"indent": 1, "ensure_ascii": False})


def _by_reason(sheets):
    """Return the sheets that a person does not see by why not, in order."""
    grouped = {}
    for sheet, why in sheets:
        if why:
            grouped.setdefault(why, []).append(sheet)
    return list(grouped.items())


def _find_round(request, public_id):
    opened = get_round(user=request.user, public_id=public_id)
    capacity = system_capacity(user=request.user, system=opened.system)
    capacity.check(OF_SYSTEM, WATCHERS)
    return opened, capacity


def _why_not(user, capacity, assessment):
    return LEADS if scoring_first(user=user, capacity=capacity, assessment=assessment) else ""


def _file(kind):
    if kind not in FILES:
        raise Http404("No such kind of file")
    return FILES[kind]


def _evidence(request, assessment, capacity, *, title, file_name):
    content = gathering.read(assessment=assessment, capacity=capacity, on=timezone.localdate())
    found = evidence.entries(document=content.document, user=request.user)
    try:
        pieces = evidence.archive(title=title, found=found)
    except evidence.TooLarge as error:
        raise PermissionDenied(str(error)) from None
    return _sent(pieces, evidence.MEDIA_TYPE, f"{file_name}-evidence.zip", response=StreamingHttpResponse)


def _sent(content, media_type, name, *, response=HttpResponse):
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return response(content, content_type=media_type, headers=headers)

"""Statements and evidence out of a place's own document: chosen, mapped, previewed, brought in."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.forms.importing import ColumnsForm, DocumentForm, MendingForm, NamesForm, mended
from assessments.importing.excel import read_excel
from assessments.importing.parts import DocumentRefused, Part
from assessments.importing.proposal import MOST_BROUGHT, Criterion, names_in, propose, same
from assessments.importing.word import read_word
from assessments.permissions import WrongState
from assessments.services.importing import ThereAlready, bring_in
from assessments.uploads import clean_name
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.wording import counted
from partnership.idempotency import AlreadyDone, is_done
from partnership.revising import OnceForm

SALT = "assessments.importing.document"
LASTS = 24 * 60 * 60
NOT_AS_SHOWN = (
    "What would be brought in is not what you were shown before: you chose otherwise, or somebody changed the items. "
    "Look again, then bring it in."
)


@dataclass(frozen=True)
class Document:
    """What was read of a file, and the same sealed, so that the pages between need not keep it anywhere."""

    name: str
    parts: tuple[Part, ...]
    sealed: str


@require_http_methods(["GET", "POST"])
def import_items(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    closed = _closed(request, assessment)
    form = DocumentForm()
    if request.method == "GET" or closed:
        return _page(request, assessment, "upload", form=form, closed=closed)
    criteria = _criteria(assessment)
    try:
        if "read" in request.POST:
            document, sent = _unsealed(request, assessment), request.POST
        else:
            form, sent = DocumentForm(request.POST, request.FILES), None
            if not form.is_valid():
                return _page(request, assessment, "upload", form=form)
            document = _read(request, assessment, form, criteria)
    except DocumentRefused as refusal:
        if form.is_bound:
            form.add_error("file", str(refusal))
            return _page(request, assessment, "upload", form=form)
        return _page(request, assessment, "upload", form=form, problem=str(refusal))
    columns = ColumnsForm(document.parts, sent)
    step = request.POST.get("step", "")
    if sent is None or step == "back" or columns.problems:
        errors = columns.problems if step and step != "back" else []
        return _page(request, assessment, "columns", document=document, columns=columns, errors=errors)
    return _preview(request, assessment, document, columns, criteria, is_sure=step == "bring")


def _preview(request, assessment, document, columns, criteria, *, is_sure):
    names = NamesForm(names_in(document.parts, columns.columns), criteria.values(), request.POST)
    meant = {name: criteria.get(code) for name, code in names.meant.items()}
    proposal = propose(document.parts, columns.columns, meant, with_brackets=columns.with_brackets)
    problem = ""
    token = OnceForm(request.POST)
    if is_sure and is_done(by=request.user, token=request.POST.get("token")):
        return redirect("assessments:assessment", assessment.public_id)
    if is_sure and proposal.brought and not proposal.is_too_much and token.is_valid():
        if request.POST.get("shown") == proposal.digest:
            try:
                brought = bring_in(
                    assessment=assessment,
                    rows=proposal.brought,
                    document=document.name,
                    by=request.user,
                    at=timezone.now(),
                    **token.cleaned_data,
                )
            except (WrongState, ThereAlready) as error:
                problem = f"{str(error).rstrip('.')}. Nothing was brought in."
            except AlreadyDone:
                return redirect("assessments:assessment", assessment.public_id)
            else:
                messages.success(request, _said(document, brought))
                return redirect("assessments:assessment", assessment.public_id)
        else:
            problem = NOT_AS_SHOWN
    return _page(
        request,
        assessment,
        "preview",
        document=document,
        columns=columns,
        names=names,
        proposal=proposal,
        mending=MendingForm(proposal),
        groups=_groups(proposal),
        too_much=f"No more than {MOST_BROUGHT} statements are brought in at once. Leave some of the names out, and "
        "bring them in afterwards.",
        token=OnceForm()["token"],
        problem=problem,
    )


def _closed(request, assessment):
    """Return why items cannot be written now, nothing if they can."""
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    return permissions.why_closed(Act.WRITE_ITEMS, capacity=capacity, assessment=assessment)


def _criteria(assessment):
    """Return the criteria by code, with what the place has there already; one query."""
    taken = defaultdict(set)
    for code, statement in assessment.items.values_list("criterion__code", "statement"):
        taken[code].add(same(statement))
    return {
        node.code: Criterion(node.code, node.name, node.is_checklist, node.single_item, frozenset(taken[node.code]))
        for node in load(assessment.framework_version.definition).criteria
    }


def _read(request, assessment, form, criteria):
    name = clean_name(form.cleaned_data["file"].name)
    if name.lower().endswith(".xlsx"):
        parts = read_excel(form.content)
    elif name.lower().endswith(".docx"):
        parts = read_word(form.content, names=tuple(each.name for each in criteria.values()))
    else:
        raise DocumentRefused("The file must be a Word document (.docx) or an Excel workbook (.xlsx)")
    return _sealed(request, assessment, name, parts)


def _sealed(request, assessment, name, parts):
    held = [str(request.user.public_id), str(assessment.public_id), name, [part.packed() for part in parts]]
    return Document(name, parts, signing.dumps(held, salt=SALT, compress=True))


def _unsealed(request, assessment):
    sealed = request.POST["read"]
    try:
        person, key, name, parts = signing.loads(sealed, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise DocumentRefused("What was read of the document did not arrive whole. Choose it again") from error
    if (person, key) != (str(request.user.public_id), str(assessment.public_id)):
        raise DocumentRefused("What was read was meant for another assessment. Choose the document again")
    read = tuple(Part.unpacked(part) for part in parts)
    parts = mended(read, request.POST)
    return Document(name, read, sealed) if parts == read else _sealed(request, assessment, name, parts)


def _groups(proposal):
    """Return what would be brought in by criterion, in the order of the document."""
    groups = {}
    for row in proposal.brought:
        groups.setdefault(row.criterion, []).append(row)
    return list(groups.items())


def _said(document, brought):
    items = counted(brought.items, "item", "items")
    evidence = counted(brought.artefacts, "new artefact", "new artefacts")
    return f"{items} with {evidence} came out of {document.name}. The strength of the evidence is still to be proposed."


def _page(request, assessment, step, **context):
    is_late = context.get("closed") or (step == "preview" and context["problem"])
    return TemplateResponse(
        request,
        f"assessments/import_{step}.html",
        {"assessment": assessment, "errors": (), **context},
        status=409 if request.method == "POST" and is_late else 200,
    )

"""Imports on a page: upload, preview with every bad row, confirm whole or not at all, watch it being written."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from linli.ground.look.pages import render_page, say
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.action import Refused
from linli.ground.people.doors import Request, staff
from linli.services.cases.importing import (
    ImportPreview,
    confirm_import,
    discard_import,
    import_progress,
    map_columns,
    preview_import,
    recent_imports,
    upload_import,
    view_import,
)
from linli.services.cases.importing_words import FIELDS
from linli.services.cases.importing_words import refusal_words as import_words
from linli.services.cases.models import CaseImport
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.wording import CHANNELS, refusal_words

FAULTS_SHOWN = 200


@staff
def case_imports(request: Request) -> HttpResponse:
    """The newest imports, and the form to upload another file."""
    _only_importers(request)
    problem = ""
    if request.method == "POST":
        upload, channel = request.FILES.get("file"), request.POST.get("channel", "")
        if upload is None or channel not in CHANNELS:
            problem = _("请先选择来源和一个 Excel 文件（.xlsx）。")
        else:
            try:
                source = upload_import(
                    upload.name or "",
                    upload.read(),
                    channel=Channel(channel),
                    actor=request.actor,
                    now=request.now,
                )
                return redirect("case_import", source=source.pk)
            except Refused as refusal:
                problem = _words(refusal)
    context = {"imports": recent_imports(request.actor), "channels": CHANNELS.items(), "problem": problem}
    return render_page(request, "cases/desk/imports.html", context, status=422 if problem else 200)


@staff
def case_import(request: Request, source: int) -> HttpResponse:
    """One import: its preview, or how far it is."""
    _only_importers(request)
    row = _import_of(request, source)
    problem = ""
    if request.method == "POST":
        try:
            return _decide(request, row)
        except Refused as refusal:
            problem = _words(refusal)
    if row.confirmed_at is not None:
        context = {"source": row, "progress": import_progress(row), "problem": problem}
        return render_page(request, "cases/desk/import_progress.html", context, block="progress")
    context = _preview_context(row, preview_import(row)) | {"problem": problem}
    return render_page(request, "cases/desk/import.html", context, status=422 if problem else 200)


@staff
def case_import_faults(request: Request, source: int) -> HttpResponse:
    """Every bad row of a file that waits for confirmation, as a spreadsheet to correct it by."""
    _only_importers(request)
    faults = preview_import(_import_of(request, source)).faults
    columns = {"row": _("行"), "column": _("列"), "value": _("内容"), "problem": _("问题"), "remedy": _("怎么改")}
    return spreadsheet("faults.xlsx", ({name: getattr(fault, name) for name in columns} for fault in faults), columns)


def _decide(request: Request, row: CaseImport) -> HttpResponse:
    """What the buttons of the preview do: discard, read other columns, or confirm."""
    actor = request.actor
    if "discard" in request.POST:
        discard_import(row, actor=actor, now=request.now)
        return say(redirect("case_imports"), _("已放弃，没有导入任何内容。"))
    if "columns" in request.POST:
        map_columns(row, {field: request.POST.get(f"column-{field}", "") for field in FIELDS}, actor=actor)
        return redirect("case_import", source=row.pk)
    confirm_import(row, actor=actor, now=request.now)
    return say(redirect("case_import", source=row.pk), _("已确认，正在后台导入。"))


def _preview_context(row: CaseImport, preview: ImportPreview) -> dict[str, Any]:
    headings = sorted({*preview.columns.values(), *preview.unused})
    return {
        "source": row,
        "preview": preview,
        "headings": headings,
        "columns": [(field, words, preview.columns.get(field, "")) for field, words in FIELDS.items()],
        "faults": preview.faults[:FAULTS_SHOWN],
    }


def _import_of(request: Request, source: int) -> CaseImport:
    try:
        return view_import(request.actor, source)
    except Refused as refusal:
        raise Http404 from refusal


def _only_importers(request: Request) -> None:
    if not ACCESS.is_granted(request.actor, "import_case"):
        raise PermissionDenied(" ".join(refusal_words("not_granted", ())))


def _words(refusal: Refused) -> str:
    return " ".join(import_words(blocker.code, blocker.values) for blocker in refusal.blockers) or " ".join(
        refusal_words(refusal.reason, ())
    )

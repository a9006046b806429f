"""Imports of demands for programs: upload a workbook, read its preview, confirm it whole or discard it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpResponse
from ninja import Field, File, Form, Schema
from ninja.files import UploadedFile

from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, refusal
from linli.ground.exchange.schemas import READS, WRITES, Asked, Text
from linli.ground.matters.action import Refused
from linli.kernel.procedure import Blocker
from linli.services.cases.api_door import READ, WRITE, router
from linli.services.cases.importing import (
    confirm_import,
    discard_import,
    import_progress,
    map_columns,
    preview_import,
    recent_imports,
    upload_import,
    view_import,
)
from linli.services.cases.importing_words import refusal_words as import_words
from linli.services.cases.models import CaseImport
from linli.services.cases.rules.access import ACCESS
from linli.services.cases.rules.vocabulary import Channel
from linli.services.cases.wording import refusal_words

IMPORT = "/cases/imports/{int:source}"
MOST_FAULTS = 1000
Done = TypeVar("Done")


class ImportRow(Schema):
    """A workbook that was uploaded."""

    id: int
    file_name: str
    channel: Channel
    uploaded_at: datetime
    confirmed_at: datetime | None
    released_at: datetime | None


class ImportsOut(Schema):
    """The newest twenty imports of the account's area."""

    rows: list[ImportRow]


class FaultOut(Schema):
    """One bad cell: what is wrong with it, and what to do."""

    row: int
    column: str
    value: str
    code: str
    problem: str
    remedy: str


class PreviewOut(Schema):
    """What confirming would do."""

    columns: dict[str, str] = Field(description="Field → heading in the file.")
    missing: list[str] = Field(description="Required fields without a column.")
    unused: list[str] = Field(description="Headings for which no field was found.")
    rows: int
    new: int
    already_known: int
    answered_elsewhere: int
    open: int
    closed: int
    bad: int
    median_days: float | None
    can_be_confirmed: bool
    refusal: str = Field(description="Why it cannot be confirmed: a code; empty if it can.")
    refusal_words: str
    faults: list[FaultOut] = Field(description=f"The first {MOST_FAULTS}.")


class ProgressOut(Schema):
    """How far a confirmed import is."""

    rows: int
    written: int
    repeated: int
    is_over: bool
    problem: str = Field(description="A code when it has stopped for good.")


class ImportOut(ImportRow):
    """One import: its preview while it waits, its progress once it was confirmed."""

    preview: PreviewOut | None
    progress: ProgressOut | None


class ColumnsAsked(Asked):
    """Which heading each field has."""

    columns: dict[Text, Text] = Field(description="Field → heading; fields that are left out go by the known ones.")


class ImportDiscarded(Schema):
    """A workbook that was thrown away."""

    id: int


@router.get("/cases/imports", auth=READ, response={200: ImportsOut, **READS}, summary="Imports")
def case_imports(request: TokenRequest) -> ImportsOut:
    """The newest imports of the area for which the account imports."""
    _only_importers(request)
    return ImportsOut(rows=[ImportRow(**_row(row)) for row in recent_imports(request.actor)])


@router.get(IMPORT, auth=READ, response={200: ImportOut, **READS}, summary="One import")
def case_import(request: TokenRequest, source: int) -> ImportOut:
    """Its preview with what is wrong in it; once it was confirmed, how far it is."""
    return _out(_import_of(request, source))


@router.post(
    "/cases/imports", auth=WRITE, response={201: ImportOut, **WRITES}, summary="Upload an import", openapi_extra=KEYED
)
def upload_case_import(request: TokenRequest, channel: Form[Channel], file: File[UploadedFile]) -> HttpResponse:
    """Keep a workbook (.xlsx) for preview; nothing is imported by that."""
    _only_importers(request)
    content = file.read()

    def write() -> ImportOut:
        name = file.name or ""
        return _out(_done(lambda: upload_import(name, content, channel=channel, actor=request.actor, now=request.now)))

    return once(request, write, status=201, sent=f"{channel}\x00{file.name}\x00".encode() + content)


@router.post(
    f"{IMPORT}/columns",
    auth=WRITE,
    response={200: ImportOut, **WRITES},
    summary="Choose the columns of an import",
    openapi_extra=KEYED,
)
def map_case_import(request: TokenRequest, source: int, asked: ColumnsAsked) -> HttpResponse:
    """Name the headings of fields whose columns go by other names than the known ones."""

    def write() -> ImportOut:
        row = _import_of(request, source)
        _done(lambda: map_columns(row, asked.columns, actor=request.actor))
        return _out(_import_of(request, source))

    return once(request, write)


@router.post(
    f"{IMPORT}/confirm",
    auth=WRITE,
    response={200: ImportOut, **WRITES},
    summary="Confirm an import",
    openapi_extra=KEYED,
)
def confirm_case_import(request: TokenRequest, source: int) -> HttpResponse:
    """The whole file goes in, or nothing of it; the worker then writes it."""

    def write() -> ImportOut:
        row = _import_of(request, source)
        _done(lambda: confirm_import(row, actor=request.actor, now=request.now))
        return _out(_import_of(request, source))

    return once(request, write)


@router.post(
    f"{IMPORT}/discard",
    auth=WRITE,
    response={200: ImportDiscarded, **WRITES},
    summary="Throw an import away",
    openapi_extra=KEYED,
)
def discard_case_import(request: TokenRequest, source: int) -> HttpResponse:
    """A workbook that nobody has confirmed; the record keeps that it was there."""

    def write() -> ImportDiscarded:
        row = _import_of(request, source)
        _done(lambda: discard_import(row, actor=request.actor, now=request.now))
        return ImportDiscarded(id=source)

    return once(request, write)


def _only_importers(request: TokenRequest) -> None:
    if not ACCESS.is_granted(request.actor, "import_case"):
        raise Problem("not_granted", " ".join(refusal_words("not_granted", ())))


def _import_of(request: TokenRequest, source: int) -> CaseImport:
    return _done(lambda: view_import(request.actor, source))


def _done(act: Callable[[], Done]) -> Done:
    """What an act of importing gives, its refusal as a problem in the words of imports."""
    try:
        return act()
    except Refused as refused:
        if refused.reason == "not_found":
            raise Problem("not_found") from refused
        raise refusal(refused, _words) from refused


def _words(reason: str, blockers: Sequence[Blocker]) -> list[str]:
    return [import_words(each.code, each.values) for each in blockers] or refusal_words(reason, ())


def _row(row: CaseImport) -> dict[str, Any]:
    names = ("file_name", "channel", "uploaded_at", "confirmed_at", "released_at")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def _out(row: CaseImport) -> ImportOut:
    if row.confirmed_at is not None:
        progress = import_progress(row)
        names = ("rows", "written", "repeated", "is_over", "problem")
        shown = ProgressOut(**{name: getattr(progress, name) for name in names})
        return ImportOut(preview=None, progress=shown, **_row(row))
    return ImportOut(preview=_preview(row), progress=None, **_row(row))


def _preview(row: CaseImport) -> PreviewOut:
    found = preview_import(row)
    counted = ("rows", "new", "already_known", "answered_elsewhere", "open", "closed", "bad", "median_days")
    return PreviewOut(
        columns=dict(found.columns),
        missing=list(found.missing),
        unused=list(found.unused),
        can_be_confirmed=found.can_be_confirmed,
        refusal=found.refusal,
        refusal_words=found.refusal_words(),
        faults=[
            FaultOut(**{name: getattr(each, name) for name in FaultOut.model_fields})
            for each in found.faults[:MOST_FAULTS]
        ],
        **{name: getattr(found, name) for name in counted},
    )

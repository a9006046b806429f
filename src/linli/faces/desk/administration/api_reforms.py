"""Reforms for the programs of the system administrator: a plan is uploaded, looked at and confirmed by its digest."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, File, Query, Schema
from ninja.files import UploadedFile

from linli.faces.desk.administration.api_door import ADMINISTER, router
from linli.faces.desk.administration.reforms import MET_BY_WORKER, PHASES, UNUSABLE
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Missing, Problem, WrongField
from linli.ground.exchange.schemas import READS, WRITES, Asked, Cursor, Size, Text, sound_key
from linli.ground.people.administering import administrator
from linli.ground.people.selectors import local_day
from linli.ground.reforms.actions.confirm_reform import NotConfirmable
from linli.ground.reforms.actions.confirm_reform import confirm_reform as confirm
from linli.ground.reforms.actions.discard_reform import discard_reform as discard
from linli.ground.reforms.actions.preview_again import preview_again as preview
from linli.ground.reforms.actions.upload_reform import MAX_BYTES, PlanUnusable
from linli.ground.reforms.actions.upload_reform import upload_reform as upload
from linli.ground.reforms.desk import is_lost, past_reforms, problem_words, reform_file, reform_files
from linli.ground.reforms.models import Phase, ReformFile

REFORM = "/administration/reforms/{int:reform}"
LARGEST_ID = 2**63 - 1


class ReformsAsked(Asked):
    """Which page."""

    after: Cursor = ""
    size: Size = 20


class ReformRow(Schema):
    """A plan at the desk."""

    id: int
    file_name: str
    phase: Phase
    phase_words: str
    uploaded_at: datetime
    asked_at: datetime = Field(description="When the preview or the confirmation was asked for that is under way.")
    stale: bool = Field(description="What was confirmed is not what would have happened: look at the new preview.")
    lost: bool = Field(description="The worker should have come to an end long ago: preview it again.")


class ReformPage(Schema):
    """Plans that were not carried out, the newest first."""

    rows: list[ReformRow]
    after: str


class Planned(Schema):
    """What carrying a plan out moves, or has moved."""

    document: str
    reason: str
    day: date
    units: int
    offices: int
    homes: int
    people: int
    appointments: int
    matters: dict[str, int] = Field(description="Open matters by kind.")
    ended: list[str]
    begun: list[str]
    redrawn: list[str]
    taken_over: list[tuple[list[str], list[str]]] = Field(description="Which offices by which.")


class ReformOut(ReformRow):
    """One plan with what it would do, what is wrong with it, or what it did."""

    digest: str = Field(description="Of the plan and its preview; confirms just this. Empty without a preview.")
    can_be_confirmed: bool = Field(description="It was previewed, and today is its day.")
    problems: list[Missing] = Field(description="What is wrong, where, and what to do.")
    result: Planned | None
    done_at: datetime | None


class PastReformOut(Schema):
    """A reform that was carried out."""

    record: int
    day: date
    at: datetime
    document: str
    reason: str
    actor: str = Field(description="Empty for the system.")
    units: int
    homes: int
    appointments: int
    matters: int


class PastReformPage(Schema):
    """Reforms that were carried out, the newest first."""

    rows: list[PastReformOut]
    after: str


class Confirmed(Asked):
    """Which preview was looked at."""

    digest: Text = Field(min_length=1, max_length=64)


class Discarded(Schema):
    """A plan that was thrown away."""

    id: int


@router.get("/administration/reforms", auth=ADMINISTER, response={200: ReformPage, **READS}, summary="Plans of reforms")
def administered_reforms(request: TokenRequest, asked: Query[ReformsAsked]) -> ReformPage:
    """The plans at the desk that were not carried out, the newest first."""
    rows = list(reform_files(request.actor, asked.size + 1, before=sound_key(asked.after)))
    more = len(rows) > asked.size
    shown = [ReformRow(**_row(row, request)) for row in rows[: asked.size]]
    return ReformPage(rows=shown, after=str(shown[-1].id) if more else "")


@router.get(
    "/administration/reforms/past",
    auth=ADMINISTER,
    response={200: PastReformPage, **READS},
    summary="Reforms that were carried out",
)
def past_administered_reforms(request: TokenRequest, asked: Query[ReformsAsked]) -> PastReformPage:
    """At the desk or by the command, the newest first."""
    found = past_reforms(request.actor, asked.size + 1, before=sound_key(asked.after))
    shown = [
        PastReformOut(
            record=each.record,
            day=each.day,
            at=each.at,
            document=each.document,
            reason=each.reason,
            actor=each.actor,
            matters=sum(each.codes["matters"].values()),
            **{name: each.codes[name] for name in ("units", "homes", "appointments")},
        )
        for each in found[: asked.size]
    ]
    return PastReformPage(rows=shown, after=str(shown[-1].record) if len(found) > asked.size else "")


@router.get(REFORM, auth=ADMINISTER, response={200: ReformOut, **READS}, summary="One plan of a reform")
def administered_reform(request: TokenRequest, reform: int) -> ReformOut:
    """What it would do, what is wrong with it, or what it did. Ask again while it is `reading` or `confirmed`."""
    return _out(_plan(request, reform), request)


@router.post(
    "/administration/reforms",
    auth=ADMINISTER,
    response={201: ReformOut, **WRITES},
    summary="Upload a plan of a reform",
    openapi_extra=KEYED,
)
def upload_administered_reform(request: TokenRequest, file: File[UploadedFile]) -> HttpResponse:
    """Keep a plan (JSON, at most 10 MB) and have it previewed; nothing is changed by that."""
    content = file.read(MAX_BYTES + 1)

    def write() -> ReformOut:
        try:
            return _out(upload(file.name or "", content, actor=request.actor, now=request.now), request)
        except PlanUnusable as unusable:
            detail = str(UNUSABLE[unusable.code])
            raise Problem("invalid", errors=[WrongField(field="file", detail=detail)]) from unusable

    return once(request, write, status=201, sent=f"{file.name}\x00".encode() + content)


@router.post(
    f"{REFORM}/confirm",
    auth=ADMINISTER,
    response={200: ReformOut, **WRITES},
    summary="Confirm a reform",
    openapi_extra=KEYED,
)
def confirm_administered_reform(request: TokenRequest, reform: int, asked: Confirmed) -> HttpResponse:
    """Have it carried out as the preview with this digest said, whole or not at all, on the day that it names."""

    def write() -> ReformOut:
        row = _plan(request, reform, "confirm_reform")
        try:
            confirm(row, asked.digest, actor=request.actor, now=request.now)
        except NotConfirmable as refused:
            raise Problem(refused.code) from refused
        return _out(_plan(request, reform), request)

    return once(request, write)


@router.post(
    f"{REFORM}/preview_again",
    auth=ADMINISTER,
    response={200: ReformOut, **WRITES},
    summary="Preview a reform once more",
    openapi_extra=KEYED,
)
def preview_administered_reform_again(request: TokenRequest, reform: int) -> HttpResponse:
    """On another day, in another state, or after the worker was stopped."""

    def write() -> ReformOut:
        if not preview(_plan(request, reform, "preview_again"), actor=request.actor, now=request.now):
            raise Problem("not_open")
        return _out(_plan(request, reform), request)

    return once(request, write)


@router.post(
    f"{REFORM}/discard",
    auth=ADMINISTER,
    response={200: Discarded, **WRITES},
    summary="Throw a plan away",
    openapi_extra=KEYED,
)
def discard_administered_reform(request: TokenRequest, reform: int) -> HttpResponse:
    """A plan that nobody has confirmed; the record keeps that it was there."""

    def write() -> Discarded:
        if not discard(_plan(request, reform, "discard_reform"), actor=request.actor, now=request.now):
            raise Problem("not_open")
        return Discarded(id=reform)

    return once(request, write)


def _plan(request: TokenRequest, key: int, action: str = "view_reforms") -> ReformFile:
    administrator(request.actor, action)
    row = reform_file(request.actor, key) if key <= LARGEST_ID else None
    if row is None:
        raise Problem("not_found")
    return row


def _row(row: ReformFile, request: TokenRequest) -> dict[str, Any]:
    return {
        "id": row.pk,
        "file_name": row.file_name,
        "phase": Phase(row.phase),
        "phase_words": str(PHASES[row.phase]),
        "uploaded_at": row.uploaded_at,
        "asked_at": row.asked_at,
        "stale": row.stale,
        "lost": is_lost(row, request.now),
    }


def _out(row: ReformFile, request: TokenRequest) -> ReformOut:
    is_told = row.phase not in (Phase.FAULTY, Phase.READING) and row.result
    result = Planned(**{name: row.result[name] for name in Planned.model_fields}) if is_told and row.result else None
    return ReformOut(
        digest=row.digest if result else "",
        can_be_confirmed=row.phase == Phase.PREVIEWED and result is not None and result.day == local_day(request.now),
        problems=_problems(row),
        result=result,
        done_at=row.done_at,
        **_row(row, request),
    )


def _problems(row: ReformFile) -> list[Missing]:
    words = problem_words(row.problems, {code: str(text) for code, text in MET_BY_WORKER.items()})
    return [
        Missing(code=each["code"], detail=detail, values=each.get("values") or {"where": each.get("where", "")})
        for each, detail in zip(row.problems, words, strict=True)
    ]

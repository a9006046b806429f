"""What everybody may read of the district without a token: its units as of a day, and whether a receipt is genuine."""

from datetime import date
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from linli.faces.portal.api_door import router
from linli.faces.portal.forms import ReceiptForm
from linli.ground.exchange.days import day_asked
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import OPEN, Asked, Cursor, Size, problems
from linli.ground.matters.clocks import local_day
from linli.ground.people.doors import Request
from linli.ground.record.receipts import ReceiptUnreadable, verify_receipt
from linli.ground.territory.facade import LEVELS, Level, changes_until, outlines, outlines_as_of, units_as_of
from linli.ground.territory.wording import CHANGES

OPEN_TAGS = ["open"]
ReceiptAsked = schema_of("ReceiptAsked", ReceiptForm)


class DayAsked(Asked):
    """As of which day."""

    as_of: date | None = Field(None, description="Today where none is named, or one to come.")


class UnitsAsked(DayAsked):
    """Which units."""

    level: Level | None = None
    after: Cursor = ""
    size: Size = 100


class UnitOut(Schema):
    """A unit of the territory as it was on a day."""

    code: str
    name: str
    level: Level
    parent: str = Field(description="Code of the unit that it lies in; empty for the district.")
    valid_from: date
    valid_to: date | None
    households: int | None


class UnitPage(Schema):
    """Units in the order of the tree, parents before their children."""

    day: date
    rows: list[UnitOut]
    after: str


class ChangeOfUnits(Schema):
    """Units that were merged, split, renamed, transferred or redrawn, by the names of then."""

    day: date
    kind: str
    kind_words: str
    document: str
    before: list[str]
    after: list[str]


class ChangesOfUnits(Schema):
    """Changes up to a day, the newest first."""

    day: date
    rows: list[ChangeOfUnits]


class ReceiptChecked(Schema):
    """What a receipt is worth today."""

    holds: bool = Field(description="The promise is kept so far.")
    number: str
    record: int
    at: str = Field(description="As it stands in the receipt.")
    signature_ok: bool
    row_found: bool
    leaf_matches: bool
    position: int | None = Field(description="Where its row stands in the log; null until it is placed.")
    sealed: bool = Field(description="The row stands under a checkpoint.")
    size: int = Field(description="Rows under the newest checkpoint.")
    proof_ok: bool
    proof: list[str]


@router.get("/territory", auth=None, tags=OPEN_TAGS, response={200: UnitPage, **OPEN}, summary="Units of the territory")
def territory(request: Request, asked: Query[UnitsAsked]) -> UnitPage:
    """The district, its streets, communities and grids as of a day. No token is needed."""
    day = day_asked(request, asked.as_of)
    found = sorted(units_as_of(day, asked.level), key=lambda each: each.place.path)
    rows = [each for each in found if each.place.path > asked.after]
    shown = [
        UnitOut(
            code=each.place.code,
            name=each.place.name,
            level=each.place.level,
            parent=each.parent,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            households=each.households,
        )
        for each in rows[: asked.size]
    ]
    return UnitPage(day=day, rows=shown, after=rows[asked.size - 1].place.path if len(rows) > asked.size else "")


@router.get(
    "/territory/changes",
    auth=None,
    tags=OPEN_TAGS,
    response={200: ChangesOfUnits, **OPEN},
    summary="Changes of the territory",
)
def territory_changes(request: Request, asked: Query[DayAsked]) -> ChangesOfUnits:
    """The newest fifty changes up to a day, each with the paper that ordered it. No token is needed."""
    day = day_asked(request, asked.as_of)
    rows = [
        ChangeOfUnits(
            day=each.day,
            kind=each.kind,
            kind_words=str(CHANGES.get(each.kind, each.kind)),
            document=each.document,
            before=list(each.before),
            after=list(each.after),
        )
        for each in changes_until(day)
    ]
    return ChangesOfUnits(day=day, rows=rows)


@router.get(
    "/territory/outlines/{slug:level}",
    auth=None,
    tags=OPEN_TAGS,
    response={200: dict[str, Any], **OPEN},
    summary="Outlines of one level",
)
def territory_outlines(request: Request, level: str, asked: Query[DayAsked]) -> JsonResponse:
    """A GeoJSON FeatureCollection in WGS-84 of the units that are drawn. No token is needed."""
    if level not in LEVELS:
        raise Problem("not_found")
    day = day_asked(request, asked.as_of)
    found = outlines(Level(level)) if day == local_day(request.now) else outlines_as_of(Level(level), day)
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@router.post(
    "/record/check",
    auth=None,
    tags=OPEN_TAGS,
    response={200: ReceiptChecked, **problems(400, 413)},
    summary="Check a receipt",
)
def check_receipt(request: Request, asked: ReceiptAsked) -> ReceiptChecked:  # type: ignore[valid-type]
    """Whether a receipt is genuine, and where its row stands in the log. No token is needed."""
    form = ReceiptForm(given_to(ReceiptForm, asked))
    checked(form)
    try:
        check = verify_receipt(form.cleaned_data["receipt"])
    except ReceiptUnreadable as unreadable:
        detail = _("这不是完整的回执，可能漏复制了几个字符，请整段再粘贴一次")
        raise Problem("invalid", errors=[WrongField(field="receipt", detail=detail)]) from unreadable
    names = ("holds", "signature_ok", "row_found", "leaf_matches", "position", "sealed", "size", "proof_ok", "proof")
    return ReceiptChecked(
        number=check.receipt.number,
        record=check.receipt.record,
        at=check.receipt.at,
        **{name: getattr(check, name) for name in names},
    )

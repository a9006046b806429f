"""What the desk does beside the steps, for programs: who filed a demand, earlier ones, difficulties of communities."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from linli.ground.exchange.addresses import NUMBER, Number
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.once import KEYED, once
from linli.ground.exchange.problems import Problem, WrongField, refusal
from linli.ground.exchange.schemas import READS, WRITES, Asked, Cursor, Text, problems, sound_cursor
from linli.ground.matters.action import Refused
from linli.ground.matters.standing import standing
from linli.services.cases.actions.report_difficulty import report_difficulty
from linli.services.cases.api_door import READ, WRITE, router
from linli.services.cases.api_receiving import Received, counter_area, received
from linli.services.cases.api_schemas import Light
from linli.services.cases.desk.difficulties import DifficultyForm
from linli.services.cases.feature import CASES
from linli.services.cases.revealing import LONGEST_REASON, reveal_filer
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.selectors import cases_of_caller, difficulties, open_case
from linli.services.cases.wording import STATES, refusal_words

Difficulty = schema_of("Difficulty", DifficultyForm)


class WhyUnmasked(Asked):
    """Why somebody's details are read in full."""

    why: Text = Field(min_length=1, max_length=LONGEST_REASON, description="Its owner reads it, and the auditors.")


class EarlierCase(Schema):
    """An earlier demand of the same filer that the account may open."""

    number: str
    title: str
    state: State
    state_words: str
    opened_at: datetime
    due_at: datetime | None


class FilerShown(Schema):
    """Who filed a demand, in full."""

    name: str
    phone: str
    email: str
    earlier: list[EarlierCase]


class CallerAsked(Asked):
    """Who calls."""

    phone: Text = Field(max_length=30)


class EarlierCases(Schema):
    """The earlier demands of a caller, the newest first, twenty at most."""

    rows: list[EarlierCase]


class DifficultiesAsked(Asked):
    """Which page."""

    after: Cursor = ""


class DifficultyRow(Schema):
    """Something that a community could not solve alone."""

    number: str
    title: str
    state: State
    state_words: str
    light: Light
    place: str
    desk: str
    due_at: datetime | None
    closed_at: datetime | None


class DifficultyPage(Schema):
    """Difficulties, the newest first, and how long an answer took."""

    rows: list[DifficultyRow]
    after: str
    closed: int = Field(description="How many were closed, at most 1,000.")
    median_days: float | None = Field(description="Days from report to close; null while none was closed.")


@router.post(
    f"/cases/{NUMBER}/unmask_filer",
    auth=WRITE,
    response={200: FilerShown, **WRITES},
    summary="Who filed a demand, in full",
    openapi_extra=KEYED,
)
def unmask_filer(request: TokenRequest, number: Number, asked: WhyUnmasked) -> HttpResponse:
    """Name, telephone and e-mail address of its filer, where the account may know them.

    The reading stands in the public record, and its reason where the filer reads it; hence a write.
    """

    def write() -> FilerShown:
        try:
            case = open_case(request.actor, number)
        except Refused as refused:
            raise Problem("not_found") from refused
        if not request.actor.is_staff:
            raise Problem("not_granted")
        if not asked.why.strip():
            raise Problem("invalid", errors=[WrongField(field="why", detail=_("请写明理由"))])
        try:
            shown = reveal_filer(request.actor, case, why=asked.why.strip(), now=request.now)
        except Refused as refused:
            raise refusal(refused, refusal_words) from refused
        return FilerShown(earlier=_earlier(cases_of_caller(request.actor, person=case.matter.filer_id)), **shown)

    return once(request, write)


@router.post(
    "/cases/earlier",
    auth=READ,
    response={200: EarlierCases, **problems(400, 401, 403, 413, 429)},
    summary="Earlier demands of a caller",
)
def earlier_cases(request: TokenRequest, asked: CallerAsked) -> EarlierCases:
    """The demands of whoever has this telephone, for who takes demands down; the number stands in no address."""
    counter_area(request)
    return EarlierCases(rows=_earlier(cases_of_caller(request.actor, phone=asked.phone)))


@router.get(
    "/cases/difficulties", auth=READ, response={200: DifficultyPage, **READS}, summary="Difficulties of communities"
)
def difficulty_tickets(request: TokenRequest, asked: Query[DifficultiesAsked]) -> DifficultyPage:
    """What residents' committees asked their streets for, as far as the account may open it."""
    if not request.actor.is_staff:
        raise Problem("not_granted")
    found = difficulties(request.actor, after=sound_cursor(asked.after))
    rows = [
        DifficultyRow(
            number=row["number"],
            title=row["title"],
            state=row["state"],
            state_words=(stands := standing(CASES, row, request.now))["state_words"],
            light=Light(stands["light"]),
            place=row["place__name"],
            desk=row["desk__name"],
            due_at=row["due_at"],
            closed_at=row["closed_at"],
        )
        for row in found.page.rows
    ]
    return DifficultyPage(rows=rows, after=found.page.after, closed=found.closed, median_days=found.median_days)


@router.post(
    "/cases/difficulties",
    auth=WRITE,
    response={201: Received, **WRITES},
    summary="Report a difficulty",
    openapi_extra=KEYED,
)
def report_community_difficulty(
    request: TokenRequest,
    asked: Difficulty,  # type: ignore[valid-type]
) -> HttpResponse:
    """A residents' committee asks its street, and through it the district, for help."""

    def write() -> Received:
        form = DifficultyForm(given_to(DifficultyForm, asked))
        checked(form)
        try:
            return received(report_difficulty(actor=request.actor, now=request.now, **form.cleaned_data))
        except Refused as refused:
            raise refusal(refused, refusal_words) from refused

    return once(request, write, status=201)


def _earlier(rows: list[dict[str, Any]]) -> list[EarlierCase]:
    return [
        EarlierCase(
            number=row["number"],
            title=row["title"],
            state=State(row["state"]),
            state_words=str(STATES[row["state"]]),
            opened_at=row["opened_at"],
            due_at=row["due_at"],
        )
        for row in rows
    ]

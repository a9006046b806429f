"""Demands as other programs read them: lists, one demand, its timeline, and the published ones."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Query

from linli.ground.exchange.addresses import NUMBER, Number
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.days import past_day_asked
from linli.ground.exchange.forms_as_schemas import checked, given_to, schema_of
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.exchange.schemas import OPEN, READS, problems, sound_cursor
from linli.ground.matters.action import Refused
from linli.ground.matters.clocks import end_of
from linli.ground.matters.inbox import InboxFilters, filters_from, inbox, settled
from linli.ground.matters.standing import standing, standing_of
from linli.ground.matters.then import inbox_on, settled_on, spans_of
from linli.ground.people.doors import Request
from linli.ground.people.throttle import visitor_address
from linli.ground.territory.facade import Unit, by_code
from linli.kernel.access import Actor
from linli.services.cases.api_door import READ, router
from linli.services.cases.api_schemas import (
    CaseFilters,
    CaseOut,
    CasePage,
    CaseRow,
    CaseSpan,
    CaseSpans,
    FoundCase,
    Light,
    PublicCaseOut,
    PublicFiltersIn,
    PublicLine,
    PublicPage,
    PublicRow,
    TimelineOut,
)
from linli.services.cases.api_shapes import case_out, timeline_out
from linli.services.cases.feature import CASES
from linli.services.cases.look_up_door import FAILURES_WITHIN, TooManyTries, try_look_up
from linli.services.cases.portal.shared import public_lines
from linli.services.cases.portal_forms import LookUpForm
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.selectors import CaseView, public_cases, view_case, view_public_case
from linli.services.cases.then import public_cases_on

LookUp = schema_of("LookUp", LookUpForm)


def seen_case(request: TokenRequest, number: Number) -> CaseView:
    """The demand as the token's account sees it.

    Raises:
        Problem: there is none, or it is none of theirs: nobody learns which.
    """
    try:
        return view_case(request.actor, number, request.now)
    except Refused as refused:
        raise Problem("not_found") from refused


@router.get("/cases", auth=READ, response={200: CasePage, **READS}, summary="List demands")
def cases(request: TokenRequest, asked: Query[CaseFilters]) -> CasePage:
    """The demands that the account may open, the most urgent first, as in the inbox; a resident's are their own."""
    given = {name: str(value) for name, value in asked.model_dump(exclude={"after", "size"}).items() if value}
    filters = replace(filters_from(given), kind=CASES.kind)
    if not filters.reach and not request.actor.is_staff:
        filters = replace(filters, reach="any")
    day = past_day_asked(request, asked.as_of)
    if day is not None:
        return _cases_on(request, filters, day, asked)
    filters = settled(request.actor, replace(filters, as_of=""))
    page = inbox(request.actor, request.now, filters=filters, after=sound_cursor(asked.after), size=asked.size)
    return CasePage(rows=[_row(row, request) for row in page.rows], after=page.after)


@router.get("/cases/public", auth=None, response={200: PublicPage, **OPEN}, summary="List published demands")
def published_cases(request: Request, asked: Query[PublicFiltersIn]) -> PublicPage:
    """Published demands, the newest first; ranked where words are searched. No token is needed."""
    place, day = _street(asked.place), past_day_asked(request, asked.as_of)
    if day is not None:
        return _published_on(day, asked, place)
    page = public_cases(q=asked.q, state=asked.state, place=place, after=sound_cursor(asked.after), size=asked.size)
    rows = [
        PublicRow(
            number=row["number"],
            title=row["public_title"],
            state=row["state"],
            state_words=standing(CASES, row, request.now)["state_words"],
            place=row["place__name"],
            holder=row["holder__name"],
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            rating=row["case__rating"],
        )
        for row in page.rows
    ]
    return PublicPage(rows=rows, after=page.after)


@router.get(f"/cases/public/{NUMBER}", auth=None, response={200: PublicCaseOut, **OPEN}, summary="One published demand")
def published_case(request: Request, number: Number) -> PublicCaseOut:
    """The masked texts, who handled it, when, and how it was rated. No token is needed."""
    try:
        shown = view_public_case(number)
    except Refused as refused:
        raise Problem("not_found") from refused
    matter, case = shown.matter, shown.case
    return PublicCaseOut(
        number=matter.number,
        title=shown.texts.get("public_title") or matter.public_title,
        text=shown.texts.get("public_text", ""),
        reply=shown.texts.get("public_reply", ""),
        state=State(matter.state),
        state_words=standing_of(CASES, matter, request.now)["state_words"],
        place=matter.place.name,
        holder=matter.holder.name,
        opened_at=matter.opened_at,
        closed_at=matter.closed_at,
        rating=case.rating,
        course=[PublicLine(at=line.at, title=line.title, who=line.who) for line in public_lines(shown.timeline)],
    )


@router.post(
    "/cases/look-up", auth=None, response={200: FoundCase, **problems(400, 404, 413, 429)}, summary="Look up by code"
)
def look_up_case(request: Request, asked: LookUp) -> FoundCase:  # type: ignore[valid-type]
    """What the filer sees of the demand with this number and secret code. No token is needed.

    Ten wrong tries from one network address close this door for a quarter of an hour.
    """
    form = LookUpForm(given_to(LookUpForm, asked))
    checked(form)
    address = visitor_address(request, settings.TRUSTED_PROXIES)
    given = form.cleaned_data
    try:
        matter = try_look_up(given["number"], given["code"], address=address, now=request.now)
    except TooManyTries as closed:
        raise Problem("too_many", wait=int(FAILURES_WITHIN.total_seconds())) from closed
    if matter is None:
        raise Problem("not_found")
    view = view_case(Actor(keys=frozenset({matter})), given["number"], request.now)
    return FoundCase(case=case_out(view, request.now), timeline=timeline_out(view))


@router.get(f"/cases/{NUMBER}", auth=READ, response={200: CaseOut, **READS}, summary="One demand")
def case(request: TokenRequest, number: Number) -> CaseOut:
    """Its facts and texts, as the account may see them."""
    return case_out(seen_case(request, number), request.now)


@router.get(f"/cases/{NUMBER}/spans", auth=READ, response={200: CaseSpans, **READS}, summary="How it stood when")
def case_spans(request: TokenRequest, number: Number) -> CaseSpans:
    """From when until when the demand stood in which state, with whom and where: how it was on any day."""
    view = seen_case(request, number)
    rows = [
        CaseSpan(
            since=span.since,
            until=span.until,
            state=State(span.state),
            state_words=standing(CASES, {"state": span.state}, request.now)["state_words"],
            holder=span.holder.name,
            desk=span.desk.name,
            place=span.place.name,
            due_at=span.due_at,
        )
        for span in spans_of(view.matter.pk)
    ]
    return CaseSpans(rows=rows)


@router.get(f"/cases/{NUMBER}/timeline", auth=READ, response={200: TimelineOut, **READS}, summary="What happened")
def case_timeline(request: TokenRequest, number: Number) -> TimelineOut:
    """Every event that the account may read, the oldest first."""
    return TimelineOut(lines=timeline_out(seen_case(request, number)))


def _cases_on(request: TokenRequest, filters: InboxFilters, day: date, asked: CaseFilters) -> CasePage:
    filters = settled_on(request.actor, filters)
    page = inbox_on(request.actor, day, filters=filters, after=sound_cursor(asked.after), size=asked.size)
    rows = [
        CaseRow(
            number=row["number"],
            title=row["title"],
            state=row["state"],
            state_words=standing(CASES, {"state": row["state"]}, end_of(day))["state_words"],
            light=Light("none"),
            place=row["place__name"],
            holder=row["holder__name"],
            desk=row["desk__name"],
            mine=False,
            opened_at=row["opened_at"],
            due_at=row["due_at"],
            due_provisional=False,
            closed_at=None if row["is_open"] else row["since"],
        )
        for row in page.rows
    ]
    return CasePage(rows=rows, after=page.after)


def _published_on(day: date, asked: PublicFiltersIn, place: str) -> PublicPage:
    page = public_cases_on(
        day, q=asked.q, state=asked.state, place=place, after=sound_cursor(asked.after), size=asked.size
    )
    rows = [
        PublicRow(
            number=row["number"],
            title=row["public_title"],
            state=row["state"],
            state_words=standing(CASES, {"state": row["state"]}, end_of(day))["state_words"],
            place=row["place__name"],
            holder=row["holder__name"],
            opened_at=row["opened_at"],
            closed_at=None if row["is_open"] else row["since"],
            rating=None,
        )
        for row in page.rows
    ]
    return PublicPage(rows=rows, after=page.after)


def _row(row: dict[str, Any], request: TokenRequest) -> CaseRow:
    return CaseRow(
        number=row["number"],
        title=row["title"],
        state=row["state"],
        state_words=(stands := standing(CASES, row, request.now))["state_words"],
        light=Light(stands["light"]),
        place=row["place__name"],
        holder=row["holder__name"],
        desk=row["desk__name"],
        mine=row["handler"] is not None and row["handler"] == request.actor.person,
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        due_provisional=row["due_provisional"],
        closed_at=row["closed_at"],
    )


def _street(code: str) -> str:
    """The path of the street with this code; empty for none.

    Raises:
        Problem: there is no such street.
    """
    if not code:
        return ""
    try:
        path: str = by_code(code).path
    except Unit.DoesNotExist as error:
        raise Problem("invalid", errors=[WrongField(field="place", detail=_("没有这个区划代码"))]) from error
    return path

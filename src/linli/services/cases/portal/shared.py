"""Demands that everyone may read: the list with full-text search, and one page each, masked."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.ground.look.days import AS_OF, day_context, past_day, with_day
from linli.ground.look.environment import numbered
from linli.ground.look.pages import render_page
from linli.ground.look.spreadsheets import spreadsheet
from linli.ground.matters.action import Refused
from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.paging import PAGE_SIZE, Page
from linli.ground.matters.standing import standing, standing_of
from linli.ground.matters.timeline import TimelineEntry
from linli.ground.people.doors import Request, public
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.following import FOLLOWED_EVENTS
from linli.services.cases.portal_forms import PublicFilters
from linli.services.cases.presenting import TimelineLine, is_of_earlier_handling, timeline_lines
from linli.services.cases.rules.rating import counts_in_rates
from linli.services.cases.rules.vocabulary import ENDS, IN_RECTIFICATION
from linli.services.cases.selectors import public_cases, view_public_case
from linli.services.cases.then import public_case_on, public_cases_on
from linli.services.cases.wording import STATES, rating_words

SHEET_ROWS = 2000
# The same list for programs: what it is called, its type, its address.
OPEN_DATA = (
    ("CSV", "text/csv", "open_data_csv"),
    ("GeoJSON", "application/geo+json", "open_data_geojson"),
    ("Atom", "application/atom+xml", "demands_feed"),
)
# What the public page tells of a case's course; the rest is between the filer and the office.
SHOWN_EVENTS = FOLLOWED_EVENTS | {
    "rate_case",
    "open_rectification",
    "rectify_case",
    "close_rectification",
    "uphold_rating",
    "overrule_rating",
    "reopen_case",
    "reopen_for_filer",
    "grant_reopening",
    "publish_case",
}


@public
def public_list(request: Request) -> HttpResponse:
    """Published demands, by words, street and progress, as of a day if one is asked for."""
    day, after = past_day(request.GET, local_day(request.now)), request.GET.get("after", "")
    form, given = _filters(request, day)
    place = form.place_path
    page = _found(given, place, after=after) if day is None else _found_on(day, given, place, after)
    here = reverse("public_cases")
    asked = {name: value for name, value in given.items() if value} | ({AS_OF: day.isoformat()} if day else {})
    url = numbered("public_case")
    context = day_context(request, day) | {
        "form": form,
        "rows": [_line_then(row, day, url) if day else _line(row, request, url) for row in page.rows],
        "asked": asked,
        "here_url": here,
        "sheet": f"{reverse('public_cases_sheet')}?{urlencode(asked)}",
        "open_data": [(words, kind, _asked_at(name, asked)) for words, kind, name in OPEN_DATA],
        "first": f"{here}?{urlencode(asked)}" if after else "",
        "next": f"{here}?{urlencode(asked | {'after': page.after})}" if page.after else "",
    }
    return render_page(request, "cases/portal/public_list.html", context, block="list")


def _line(row: dict[str, Any], request: Request, url: Callable[[str], str]) -> dict[str, Any]:
    own = {"rating_words": _rating_words(row), "url": url(row["number"])}
    return row | standing(CASES, row, request.now) | own


def _line_then(row: dict[str, Any], day: date, url: Callable[[str], str]) -> dict[str, Any]:
    """A row as of a day; how it was rated by then is told on its page, among what happened."""
    return row | standing(CASES, {"state": row["state"]}, end_of(day)) | {"url": with_day(url(row["number"]), day)}


def _asked_at(name: str, asked: dict[str, str]) -> str:
    """The address that gives the same list in another form."""
    return reverse(name) + (f"?{urlencode(asked)}" if asked else "")


def _rating_words(row: dict[str, Any]) -> str:
    """The rating; on a case that is not closed it speaks of the handling before the reopening."""
    rating = rating_words(row["case__rating"], row["case__appeal"])
    return (
        rating
        if not rating or row["state"] in ENDS | IN_RECTIFICATION
        else _("上一次：%(rating)s") % {"rating": rating}
    )


@public
def public_sheet(request: Request) -> HttpResponse:
    """The same list as a spreadsheet, at most `SHEET_ROWS` rows."""
    form, given = _filters(request)
    rows = (_sheet_row(row) for row in _found(given, form.place_path, size=SHEET_ROWS).rows)
    columns = {
        "number": _("编号"),
        "public_title": _("标题"),
        "state": _("状态"),
        "place__name": _("地点"),
        "holder__name": _("承办单位"),
        "opened_at": _("收到时间"),
        "closed_at": _("结案时间"),
        "case__rating": _("评价（5 为非常满意）"),
        "counts": _("评价是否计入统计"),
    }
    return spreadsheet("demands.xlsx", rows, columns)


def _sheet_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its state in words, and whether its rating counts."""
    counts = counts_in_rates(row["case__rating"], row["case__appeal"])
    said = (_("是") if counts else _("否")) if row["case__rating"] else ""
    return row | {"state": str(STATES[row["state"]]), "counts": said}


def _filters(request: Request, day: date | None = None) -> tuple[PublicFilters, dict[str, str]]:
    form = PublicFilters(request.GET, day=day)
    form.is_valid()
    return form, {name: form.cleaned_data.get(name, "") for name in ("q", "place", "state")}


def _found(given: dict[str, str], place: str, *, after: str = "", size: int = PAGE_SIZE) -> Page[dict[str, Any]]:
    return public_cases(q=given["q"], state=given["state"], place=place, after=after, size=size)


def _found_on(day: date, given: dict[str, str], place: str, after: str) -> Page[dict[str, Any]]:
    return public_cases_on(day, q=given["q"], state=given["state"], place=place, after=after)


@public
def public_page(request: Request, number: str) -> HttpResponse:
    """One published demand: masked texts, who handled it, when, and how it was rated; or as of a day."""
    day = past_day(request.GET, local_day(request.now))
    if day is not None:
        return _page_then(request, number, day)
    try:
        shown = view_public_case(number)
    except Refused as refusal:
        raise Http404 from refusal
    context = standing_of(CASES, shown.matter, request.now) | {
        "matter": shown.matter,
        "case": shown.case,
        "title": shown.texts.get("public_title") or shown.matter.public_title,
        "text": shown.texts.get("public_text", ""),
        "reply": shown.texts.get("public_reply", ""),
        "reply_is_old": is_of_earlier_handling(shown.timeline, "publish_case"),
        "rating": rating_words(shown.case.rating, shown.case.appeal),
        "rating_is_old": is_of_earlier_handling(shown.timeline, "rate_case"),
        "entries": public_lines(shown.timeline),
    }
    return render_page(request, "cases/portal/public_page.html", context | day_context(request, None))


def _page_then(request: Request, number: str, day: date) -> HttpResponse:
    try:
        found = public_case_on(number, day)
    except Refused as refusal:
        raise Http404 from refusal
    context = day_context(request, day) | {"number": number, "span": None, "list_url": _list_on(day)}
    if found is None:
        return render_page(request, "cases/portal/public_page_then.html", context, status=404)
    shown, span = found
    context |= standing(CASES, {"state": span.state}, end_of(day)) | {
        "span": span,
        "opened_at": shown.matter.opened_at,
        "title": shown.texts.get("public_title", ""),
        "text": shown.texts.get("public_text", ""),
        "reply": shown.texts.get("public_reply", ""),
        "reply_is_old": is_of_earlier_handling(shown.timeline, "publish_case"),
        "entries": public_lines(shown.timeline),
    }
    return render_page(request, "cases/portal/public_page_then.html", context)


def _list_on(day: date) -> str:
    return with_day(reverse("public_cases"), day)


def public_lines(entries: Iterable[TimelineEntry]) -> list[TimelineLine]:
    """The course without texts; what the public may read stands above it, in its newest form."""
    shown = [entry for entry in entries if entry.event in SHOWN_EVENTS and entry.audience != Audience.STAFF]
    return timeline_lines(replace(entry, texts={}, actor_name="") for entry in shown)

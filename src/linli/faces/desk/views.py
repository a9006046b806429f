"""The inbox and the notices: pages that know matters, and ask each feature for its words."""

import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.faces.desk.forms import MoreFilters
from linli.ground.look.days import past_day, with_day
from linli.ground.look.environment import address, numbered
from linli.ground.look.pages import render_page, say
from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.features import FEATURES
from linli.ground.matters.inbox import (
    DECIDING,
    INBOX_QUERY,
    InboxFilters,
    counts_by_state,
    filters_from,
    first_view,
    inbox,
    may_export,
    own_number,
    saved_filters,
    settled,
)
from linli.ground.matters.models import SavedFilter
from linli.ground.matters.paging import Page
from linli.ground.matters.standing import standing
from linli.ground.matters.then import counts_on, inbox_on, is_told, settled_on
from linli.ground.notices.selectors import mark_read, own_notices
from linli.ground.people.doors import Request, staff
from linli.ground.people.models import Person
from linli.services.cases.facade import BULK_STEPS, STEPS

SIZES = (20, 60)
FILTER_ID = re.compile("[0-9]{1,18}")
MORE = ("topic", "place", "channel", "since", "until", "order")  # the filters of the second row
Choice = tuple[str, str, int | None]  # label, address, number


@staff
def inbox_page(request: Request) -> HttpResponse:
    """What waits for the actor, the most urgent first. The number of a matter opens it at once."""
    filters, size = filters_from(request.GET), _size(request)
    day = past_day(request.GET, local_day(request.now))
    if filters.q:
        number = own_number(request.actor, filters.q)
        if number:
            return redirect(with_day(address("desk_case", number=number), day))
    if day is None:
        filters = settled(request.actor, replace(filters, as_of=""))
    else:
        filters = settled_on(request.actor, replace(filters, as_of=day.isoformat()))
    page = _found(request, filters, day, request.GET.get("after", ""), size)
    query = _query(request, filters)
    if request.session.get(INBOX_QUERY, "") != query:
        request.session[INBOX_QUERY] = query  # the case page leads back to the same list, and on in it
    here = _address(query)
    area = request.actor.office.area_path if request.actor.office else ""
    given = asdict(filters) | {"size": size}
    context = {
        "filters": filters,
        "q": filters.q,
        "page": page,
        "lines": _lines_then(page.rows, day) if day else _lines(page.rows, request),
        "current": here,
        "groups": _groups(request, filters, day),
        "more": MoreFilters(given, area_path=area, today=local_day(request.now), day=day),
        "more_open": any(getattr(filters, name) for name in MORE),
        "saved": [(row, _address(row["query"])) for row in saved_filters(request.actor)],
        "bulk_steps": [] if day else _bulk_steps(request),
        "query": query,
        "next_url": _address(query, after=page.after) if page.after else "",
        "first_url": here if request.GET.get("after") else "",
        "export_url": f"{address('export_cases')}?{query}" if may_export(request.actor) and day is None else "",
        "day": day,
        "is_told": day is None or is_told(day),
        "now_url": _address(_query(request, replace(filters, as_of=""))),
    }
    return render_page(request, "desk/inbox.html", context)


def _found(request: Request, filters: InboxFilters, day: date | None, after: str, size: int) -> Page[dict[str, Any]]:
    if day is None:
        return inbox(request.actor, request.now, filters=filters, after=after, size=size)
    return inbox_on(request.actor, day, filters=filters, after=after, size=size)


@staff
def notices_page(request: Request) -> HttpResponse:
    """The actor's notices, newest first."""
    page = own_notices(request.actor, after=request.GET.get("after", ""))
    lines = [
        row
        | {
            "words": FEATURES[row["matter__kind"]].words(row["event"]),
            "url": address("desk_case", number=row["matter__number"]),
        }
        for row in page.rows
    ]
    next_url = f"{address('notices')}?after={page.after}" if page.after else ""
    return render_page(request, "desk/notices.html", {"lines": lines, "next_url": next_url})


@staff
@require_POST
def read_notices(request: Request) -> HttpResponse:
    """Mark all of the actor's notices as read."""
    mark_read(request.actor, request.now)
    return redirect("notices")


@staff
@require_POST
def save_filter(request: Request) -> HttpResponse:
    """Keep the present filters under a name."""
    name, query = request.POST.get("name", "").strip()[:40], request.POST.get("query", "")[:300]
    if not name:
        return say(redirect("inbox"), _("请给筛选起个名字。"), "warning")
    SavedFilter.objects.update_or_create(
        person=Person.objects.get(account=request.actor.account), name=name, defaults={"query": query}
    )
    return say(redirect(_address(query)), _("已保存。"))


@staff
@require_POST
def drop_filter(request: Request) -> HttpResponse:
    """Forget one of the filters that the actor keeps."""
    chosen = request.POST.get("filter", "")
    dropped = 0
    if FILTER_ID.fullmatch(chosen):
        dropped, _rows = SavedFilter.objects.filter(person=request.actor.person, pk=int(chosen)).delete()
    words = _("已删除这个筛选。") if dropped else _("这个筛选已经没有了。")
    return say(redirect(_address(request.session.get(INBOX_QUERY, ""))), words, "good" if dropped else "info")


def _size(request: Request) -> int:
    wanted = request.GET.get("size", "")
    return next((size for size in SIZES if str(size) == wanted), SIZES[0])


def _query(request: Request, filters: InboxFilters) -> str:
    """The filters as they stand in an address; what is meant anyway is left out."""
    return urlencode({name: value for name, value in _shown(request, filters).items() if value})


def _shown(request: Request, filters: InboxFilters) -> dict[str, str]:
    """The filters in the order of an address; those that are not set, or meant anyway, are empty."""
    size = _size(request)
    values = vars(filters) | {"size": str(size) if size != SIZES[0] else ""}
    is_usual = not filters.as_of and filters.reach == first_view(request.actor, filters)
    return values | {"reach": ""} if is_usual else values


def _address(query: str, after: str = "") -> str:
    whole = "&".join(part for part in (query, urlencode({"after": after}) if after else "") if part)
    return f"{address('inbox')}?{whole}" if whole else address("inbox")


def _groups(request: Request, filters: InboxFilters, day: date | None) -> list[tuple[str, list[Choice]]]:
    """The tabs above the list, group by group; in each one is chosen."""
    counts = counts_on(request.actor, day, filters) if day else counts_by_state(request.actor, request.now, filters)
    words = FEATURES["case"].words
    states = [("", _("所有状态"))] + [(state, words(state)) for state in counts]
    lights = [("", _("不限")), ("yellow", _("快到期")), ("red", _("已超期"))]
    handlers = [("", _("全部")), ("mine", _("我经办")), ("pool", _("待认领"))]
    totals = counts | {"": sum(counts.values())}
    groups = [
        (_("范围"), _views(request, filters, "reach", _reaches(request, filters, day))),
        (_("时限"), _views(request, filters, "light", lights)),
        (_("经办"), _views(request, filters, "who", handlers)),
        (_("状态"), _views(request, filters, "state", states, totals)),
    ]
    return [groups[0], groups[-1]] if day else groups  # of a day the record tells no more


def _reaches(request: Request, filters: InboxFilters, day: date | None) -> list[tuple[str, str]]:
    choices = [("desk", _("待我单位办理")), ("all", _("全部在办")), ("closed", _("已办结"))]
    if request.actor.holds(*DECIDING) and day is None:
        choices.insert(0, ("turn", _("轮到我")))
    if filters.q or filters.reach == "any":
        choices.insert(0, ("any", _("全部（含已办结）")))
    return choices


def _views(
    request: Request,
    filters: InboxFilters,
    name: str,
    choices: list[tuple[str, str]],
    counts: dict[str, int] | None = None,
) -> list[Choice]:
    shown, here = _shown(request, filters), address("inbox")
    usual = first_view(request.actor, filters) if name == "reach" and not filters.as_of else None
    found: list[Choice] = []
    for value, label in choices:
        query = urlencode(
            {
                each: known
                for each, known in (shown | {name: value}).items()
                if known and (each != name or known != usual)
            }
        )
        found.append((label, f"{here}?{query}" if query else here, counts.get(value) if counts else None))
    return found


def _bulk_steps(request: Request) -> list[tuple[str, str]]:
    """The steps that the actor's offices may take on many at once."""
    table = FEATURES["case"].access
    return [(name, str(STEPS[name][0])) for name in BULK_STEPS if table.is_granted(request.actor, name)]


def _lines(rows: Iterable[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    url, person = numbered("desk_case"), request.actor.person
    return [
        row
        | standing(FEATURES[row["kind"]], row, request.now)
        | {"url": url(row["number"]), "mine": row["handler"] == person}
        for row in rows
    ]


def _lines_then(rows: Iterable[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """Rows as they stood at the end of a day; who handled them then is not on the record."""
    url, end = numbered("desk_case"), end_of(day)
    return [
        row
        | standing(FEATURES[row["kind"]], {"state": row["state"]}, end)
        | {"url": with_day(url(row["number"]), day), "mine": False}
        for row in rows
    ]

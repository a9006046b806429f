"""The inbox and the notices: pages that know matters, and ask each feature for its words."""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.ground.look.environment import address
from linli.ground.look.pages import render_page, say
from linli.ground.matters.features import FEATURES
from linli.ground.matters.inbox import InboxFilters, counts_by_state, inbox, saved_filters
from linli.ground.matters.models import SavedFilter
from linli.ground.matters.standing import standing
from linli.ground.notices.selectors import mark_read, own_notices
from linli.ground.people.doors import Request, staff
from linli.ground.people.models import Person
from linli.services.cases.facade import BULK_STEPS, STEPS

INBOX_QUERY = "inbox_query"
SIZES = {"20": 20, "60": 60}


@staff
def inbox_page(request: Request) -> HttpResponse:
    """What waits for the actor, the most urgent first."""
    filters = _filters(request)
    size = SIZES.get(request.GET.get("size", ""), 20)
    page = inbox(request.actor, request.now, filters=filters, after=request.GET.get("after", ""), size=size)
    if request.session.get(INBOX_QUERY, "") != _query(filters):
        request.session[INBOX_QUERY] = _query(filters)  # the case page leads back to the same list
    context = {
        "filters": filters,
        "q": filters.q,
        "page": page,
        "lines": [_line(row, request) for row in page.rows],
        "reach_views": _views(
            filters, "reach", [("", _("待我单位办理")), ("all", _("全部在办")), ("closed", _("已办结"))]
        ),
        "light_views": _views(filters, "light", [("", _("不限")), ("yellow", _("快到期")), ("red", _("已超期"))])
        + _views(filters, "who", [("mine", _("我经办")), ("pool", _("待认领"))]),
        "state_views": _state_views(request, filters),
        "saved": [(row.name, f"{address('inbox')}?{row.query}", None) for row in saved_filters(request.actor)],
        "bulk_steps": [(name, STEPS[name][0]) for name in BULK_STEPS],
        "query": _query(filters),
        "next_url": f"{address('inbox')}?{_query(filters)}&size={size}&after={page.after}" if page.after else "",
        "export_url": f"{address('export_cases')}?{_query(filters)}",
    }
    return render_page(request, "desk/inbox.html", context)


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
    return say(redirect(f"{address('inbox')}?{query}"), _("已保存。"))


def _filters(request: Request) -> InboxFilters:
    given = {name: request.GET.get(name, "")[:60] for name in asdict(InboxFilters())}
    return InboxFilters(**given)


def _query(filters: InboxFilters) -> str:
    return urlencode({name: value for name, value in asdict(filters).items() if value})


def _views(
    filters: InboxFilters, name: str, choices: list[tuple[str, str]], counts: dict[str, int] | None = None
) -> list[tuple[str, str, int | None]]:
    base = address("inbox")
    views = []
    for value, label in choices:
        query = _query(replace(filters, **{name: value}))
        views.append((label, f"{base}?{query}" if query else base, (counts or {}).get(value) if counts else None))
    return views


def _state_views(request: Request, filters: InboxFilters) -> list[tuple[str, str, int | None]]:
    counts = counts_by_state(request.actor, request.now, filters)
    words = FEATURES["case"].words
    choices = [("", _("所有状态"))] + [(state, words(state)) for state in counts]
    return _views(filters, "state", choices, counts | {"": sum(counts.values())})


def _line(row: dict[str, Any], request: Request) -> dict[str, Any]:
    return (
        row
        | standing(FEATURES[row["kind"]], row, request.now)
        | {
            "url": address("desk_case", number=row["number"]),
            "mine": row["handler"] == request.actor.person,
        }
    )

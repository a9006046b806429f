"""What stood on a day, at its end: the inbox and single matters, read from the spans.

Who may read is asked of today: a matter is shown as it was to whoever may open it now, and to nobody else, whatever
they could open then. What was published is told only if it still is. The past opens nothing new.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from linli.ground.matters.clocks import end_of
from linli.ground.matters.features import FEATURES
from linli.ground.matters.inbox import FOUND, SUPERIORS, InboxFilters, known_as, received_between, visible
from linli.ground.matters.models import Matter, MatterSpan
from linli.ground.matters.paging import PAGE_SIZE, Cursor, Page, parse_cursor
from linli.ground.matters.scope import subtree
from linli.ground.matters.search import find
from linli.ground.record.models import Record, Subscription
from linli.ground.territory.facade import Unit, names_on
from linli.kernel.access import Actor

REACHES = ("desk", "all", "closed", "any")  # whose word was waited for is not on the record
MATTER = ("number", "kind", "title", "public_title", "opened_at")
THEN = ("id", "since", "state", "is_open", "due_at", "place", "place__name", "holder__name", "desk__name")


def on_day(day: date) -> Q:
    """The spans in which matters stood at 24:00 of a day."""
    end = end_of(day)
    return Q(since__lt=end) & (Q(until__isnull=True) | Q(until__gte=end))


def span_on(matter: int, day: date) -> MatterSpan | None:
    """How a matter stood at the end of a day; None if it was not there yet. The caller has decided who asks."""
    rows = MatterSpan.objects.filter(on_day(day), matter=matter)
    span: MatterSpan | None = rows.select_related("holder", "desk", "place").first()
    if span is not None:
        span.place.name = names_on(day, [span.place_id]).get(span.place_id, span.place.name)
    return span


def spans_of(matter: int) -> list[MatterSpan]:
    """Everything that a matter went through, the oldest first. The caller has decided who asks."""
    rows = MatterSpan.objects.filter(matter=matter).select_related("holder", "desk", "place").order_by("since")
    return list(rows)


def is_told(day: date) -> bool:
    """Whether the follower has read on to the end of a day: after an upgrade, what was before comes bit by bit."""
    place = Subscription.objects.filter(name="spans").values_list("position", flat=True).first() or 0
    unread = Record.objects.filter(leaf__position__gte=place).order_by("leaf__position").values_list("at", flat=True)
    first = unread.first()
    return first is None or first >= end_of(day)


def spans_page(day: date, condition: Q, *, after: str = "", size: int = PAGE_SIZE) -> Page[dict[str, Any]]:
    """The matters that stood so at the end of a day, what had moved last first. Keyset by (since, matter)."""
    cursor = parse_cursor(after)
    if cursor:
        condition &= Q(since__lt=cursor.moment) | Q(since=cursor.moment, matter__lt=cursor.id)
    found = list(_rows(on_day(day) & condition)[: size + 1])
    rows = _told(found[:size], day)
    return Page(rows, Cursor(rows[-1]["since"], rows[-1]["id"]).text() if len(found) > size else "")


def inbox_on(
    actor: Actor, day: date, *, filters: InboxFilters, after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """What lay where on a day, at its end, as the filters leave it; a search is ranked, by the words of today.

    Only what the actor may open today: the rights of then give nothing.
    """
    condition = _narrowed(actor, day, filters)
    if not filters.q:
        return spans_page(day, condition, after=after, size=size)
    ranks = _ranks(actor, day, condition, filters.q)
    rows = _told(_rows(on_day(day) & condition & Q(matter__in=list(ranks))), day)
    return Page(sorted(rows, key=lambda row: (-ranks[row["id"]], -row["id"])))


def counts_on(actor: Actor, day: date, filters: InboxFilters) -> dict[str, int]:
    """How many matters stood in each state at the end of a day, under all filters but that of the state."""
    condition = on_day(day) & _narrowed(actor, day, replace(filters, state=""))
    if filters.q:
        condition &= Q(matter__in=list(_ranks(actor, day, condition, filters.q)))
    rows = MatterSpan.objects.filter(condition).values_list("state").annotate(Count("id")).order_by("state")
    return dict(rows)


def settled_on(actor: Actor, filters: InboxFilters) -> InboxFilters:
    """The filters without what the record does not tell of a day: handlers, whose word was waited for, lights."""
    reach = filters.reach
    if reach not in REACHES:
        reach = "any" if filters.q else "all" if actor.holds(*SUPERIORS) else "desk"
    return replace(filters, reach=reach, light="", who="", order="")


def _narrowed(actor: Actor, day: date, filters: InboxFilters) -> Q:
    condition = visible(actor, prefix="matter__") & _within_reach(actor, settled_on(actor, filters).reach)
    if filters.kind:
        condition &= Q(matter__kind=filters.kind)
    if filters.state:
        condition &= Q(state=filters.state)
    if filters.place:
        unit = Unit.objects.filter(code=filters.place).only("path").first()
        condition &= subtree("place_path", unit.path) if unit else Q(pk__in=())
    condition &= received_between(filters, prefix="matter__")
    for feature in FEATURES.values():
        own = feature.narrow(vars(filters), end_of(day)) if feature.narrow is not None else Q()
        if own:
            condition &= Q(matter__in=Matter.objects.filter(own).values("pk"))
    return condition


def _within_reach(actor: Actor, reach: str) -> Q:
    match reach:
        case "any":
            return Q()
        case "closed":
            return Q(is_open=False)
        case "desk":
            condition = Q(pk__in=())
            for path in {path for each in actor.appointments for path in each.organization_paths}:
                condition |= subtree("desk_path", path)
            return Q(is_open=True) & condition
        case _:
            return Q(is_open=True)


def _ranks(actor: Actor, day: date, condition: Q, text: str) -> dict[int, float]:
    """The matters that bear the number or hold the words, of those that stood so on the day."""
    there = visible(actor) & Q(pk__in=MatterSpan.objects.filter(on_day(day) & condition).values("matter"))
    ranks = {hit.matter: hit.rank for hit in find(text, there, public=False)[:FOUND]}
    known = Matter.objects.filter(there & known_as(actor, text)).order_by("-id").values_list("id", flat=True)[:FOUND]
    return ranks | dict.fromkeys(known, float("inf"))


def _rows(condition: Q) -> Any:
    found = MatterSpan.objects.filter(condition).order_by("-since", "-matter")
    named = {f"matter_{name}": F(f"matter__{name}") for name in MATTER}
    return found.values("matter", *THEN, **named)


def _told(rows: Iterable[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """The rows as the inbox names their columns, with the names that places had."""
    found = list(rows)
    names = names_on(day, [row["place"] for row in found])
    return [
        row
        | {name: row[f"matter_{name}"] for name in MATTER}
        | {"id": row["matter"], "place__name": names.get(row["place"], row["place__name"])}
        for row in found
    ]

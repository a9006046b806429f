"""One inbox for the whole house: matters, whatever their kind, the most urgent first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q

from linli.ground.matters.clocks import end_of
from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter, SavedFilter
from linli.ground.matters.paging import PAGE_SIZE, Cursor, Page, page_of, parse_cursor
from linli.ground.matters.scope import clauses_condition, subtree
from linli.ground.matters.search import find
from linli.ground.people.selectors import absent_whom
from linli.ground.record.shaped import Shaped
from linli.ground.record.writing import keep
from linli.ground.territory.facade import Unit
from linli.kernel.access import Actor, Role

COLUMNS = (
    "id",
    "number",
    "kind",
    "title",
    "state",
    "place__name",
    "holder__name",
    "desk__name",
    "handler",
    "opened_at",
    "due_at",
    "warn_at",
    "closed_at",
    "due_provisional",
    "clock_start",
)
_STATES = Shaped(
    lambda condition: Matter.objects.filter(condition).values("state").annotate(count=Count("id")).order_by("state")
)
_SAVED = Shaped(lambda condition: SavedFilter.objects.filter(condition).order_by("name").values("pk", "name", "query"))
FOUND = 100
SUPERIORS = {Role.SUPERVISOR, Role.OBSERVER, Role.AUDITOR}
# Offices whose word others wait for: they begin with what is theirs to say.
DECIDING = {Role.REVIEWER, Role.SIGNER, Role.SUPERVISOR}
INBOX_QUERY = "inbox_query"  # under this name the session remembers which list was read last
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class InboxFilters:
    """What the list is narrowed to; every field lives in the address."""

    kind: str = ""  # of matter
    state: str = ""
    light: str = ""  # yellow: warned of; red: overdue
    who: str = ""  # mine: I am the handler; pool: nobody is
    # turn: waits for my own word; desk: before my unit; all: open ones that I may see; closed: ended ones; any: both
    reach: str = ""
    q: str = ""
    topic: str = ""
    channel: str = ""
    place: str = ""  # code of a street or community
    since: str = ""  # received on this day or later
    until: str = ""  # received on this day or before
    order: str = ""  # received: the newest first; otherwise by due date
    as_of: str = ""  # how it was at the end of this day, which has passed; empty: how it is


def filters_from(given: Mapping[str, str]) -> InboxFilters:
    """The filters of an address."""
    return InboxFilters(**{name: given.get(name, "")[:60] for name in asdict(InboxFilters())})


def first_view(actor: Actor, filters: InboxFilters) -> str:
    """Where the list begins: a search looks everywhere, who decides sees what waits for them, others their unit's."""
    if filters.q:
        return "any"
    roles = {each.role for each in actor.appointments}
    if roles <= SUPERIORS | DECIDING:
        return "turn" if roles & DECIDING else "all"
    return "desk"


def settled(actor: Actor, filters: InboxFilters) -> InboxFilters:
    """The filters with the view that is meant where none is said."""
    return filters if filters.reach else replace(filters, reach=first_view(actor, filters))


def inbox(
    actor: Actor, now: datetime, *, filters: InboxFilters, after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """The matters that the filters leave, the most urgent first.

    Keyset by (due_at, id), or by the day of receipt or of closing; one query, whatever the size of the district. A
    search is ranked instead.
    """
    condition = visible(actor) & narrowed(actor, now, filters)
    if filters.q:
        return _found(actor, condition, filters.q)
    column, sign, operator = _order(filters)
    cursor = parse_cursor(after)
    if cursor:
        same = Q(**{column: cursor.moment, f"id__{operator}": cursor.id})
        condition &= Q(**{f"{column}__{operator}": cursor.moment}) | same
    return page_of(_ordered(column, sign, size).dicts(condition), column, size)


@cache
def _ordered(column: str, sign: str, size: int) -> Shaped:
    """The rows of a page in an order, under any condition."""
    return Shaped(
        lambda condition: (
            Matter.objects.filter(condition).order_by(f"{sign}{column}", f"{sign}id").values(*COLUMNS)[: size + 1]
        )
    )


def _order(filters: InboxFilters) -> tuple[str, str, str]:
    """Column, sign and comparison of the list's order."""
    if filters.order == "received":
        return "opened_at", "-", "lt"
    return ("closed_at", "-", "lt") if filters.reach == "closed" else ("due_at", "", "gt")


def place_in_list(matter: Matter, filters: InboxFilters) -> str:
    """Where a matter stands in a list, as a cursor; a step may move it, so it is asked before."""
    moment = getattr(matter, _order(filters)[0])
    return Cursor(moment, matter.pk).text() if moment else ""


def number_after(actor: Actor, now: datetime, *, filters: InboxFilters, matter: int, place: str) -> str:
    """The number of the matter behind `place` in the list, from the top again after the last; empty for no other."""
    rows = list(inbox(actor, now, filters=filters, after=place, size=1 if not filters.q else FOUND).rows)
    behind = next((at + 1 for at, row in enumerate(rows) if row["id"] == matter), 0)
    rows = rows[behind:] + rows[:behind]
    if all(row["id"] == matter for row in rows):
        rows = list(inbox(actor, now, filters=filters, size=2).rows)
    return next((str(row["number"]) for row in rows if row["id"] != matter), "")


def own_number(actor: Actor, text: str) -> str:
    """The number that `text` is, however it is spaced, if it is that of a matter the actor may open."""
    number = "".join(text.split())
    is_one = number.isdecimal() and Matter.objects.filter(visible(actor), number=number).exists()
    return number if is_one else ""


def counts_by_state(actor: Actor, now: datetime, filters: InboxFilters) -> dict[str, int]:
    """How many matters stand in each state, under all filters but that of the state."""
    condition = visible(actor) & narrowed(actor, now, replace(filters, state=""))
    if filters.q:
        hits = [hit.matter for hit in find(filters.q, condition, public=False)[:FOUND]]
        condition &= Q(pk__in=hits) | known_as(actor, filters.q)
    return {row["state"]: row["count"] for row in _STATES.dicts(condition)}


def visible(actor: Actor, *, prefix: str = "") -> Q:
    """Every matter that the actor may open, of any kind. `prefix` is the path to the matter."""
    return _within(actor, "view_{}", prefix)


def exportable(actor: Actor) -> Q:
    """Every matter that the actor may take out in a spreadsheet: to read is not to carry away."""
    return _within(actor, "export_{}s")


def _within(actor: Actor, action: str, prefix: str = "") -> Q:
    condition = Q(pk__in=())
    for kind, feature in FEATURES.items():
        clauses = feature.access.clauses(actor, action.format(kind))
        condition |= Q(**{f"{prefix}kind": kind}) & clauses_condition(clauses, prefix=prefix)
    return condition


def narrowed(actor: Actor, now: datetime, filters: InboxFilters) -> Q:
    """The condition of the filters."""
    reach = settled(actor, filters).reach
    condition = _within_reach(actor, reach)
    if filters.kind:
        condition &= Q(kind=filters.kind)
    if filters.state:
        condition &= Q(state=filters.state)
    if filters.light == "red":
        condition &= Q(due_at__lte=now) & ~Q(state__in=_resting())
    elif filters.light == "yellow":
        condition &= Q(due_at__gt=now, warn_at__lte=now) & ~Q(state__in=_resting())
    if filters.who == "mine":
        condition &= Q(handler__in=[actor.person, *absent_whom(actor, now)])
    elif filters.who == "pool":
        condition &= Q(handler__isnull=True)
    return condition & _more(filters)


def _within_reach(actor: Actor, reach: str) -> Q:
    match reach:
        case "any":
            return Q()
        case "turn":
            condition = Q(pk__in=())
            for kind, feature in FEATURES.items():
                if feature.turns is not None:
                    condition |= Q(kind=kind) & feature.turns(actor)
            return condition
        case "closed":
            return Q(closed_at__isnull=False)
        case "desk":
            return Q(closed_at__isnull=True) & _at_desk(actor)
        case _:
            return Q(closed_at__isnull=True)


def _more(filters: InboxFilters) -> Q:
    """The filters of the second row: place, days of receipt, and what only a kind of matter knows."""
    condition = Q()
    if filters.place:
        unit = Unit.objects.filter(code=filters.place).only("path").first()
        condition &= subtree("place_path", unit.path) if unit else Q(pk__in=())
    condition &= received_between(filters)
    for feature in FEATURES.values():
        if feature.narrow is not None:
            condition &= feature.narrow(asdict(filters), None)
    return condition


def received_between(filters: InboxFilters, *, prefix: str = "") -> Q:
    """Matters that were received on the days of the filters. `prefix` is the path to the matter."""
    condition = Q()
    since, until = _day(filters.since), _day(filters.until)
    if since:
        condition &= Q(**{f"{prefix}opened_at__gte": end_of(since - timedelta(days=1))})
    if until:
        condition &= Q(**{f"{prefix}opened_at__lt": end_of(until)})
    return condition


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def saved_filters(actor: Actor) -> list[dict[str, Any]]:
    """The filters that the actor keeps."""
    return _SAVED.dicts(Q(person=actor.person)) if actor.person else []


def _resting() -> set[str]:
    """States, of whatever kind, in which no clock runs against anybody."""
    return {state for feature in FEATURES.values() for state in feature.resting}


def _at_desk(actor: Actor) -> Q:
    condition = Q(pk__in=())
    for appointment in actor.appointments:
        condition |= subtree("desk_path", appointment.organization_path)
    return condition


def _found(actor: Actor, condition: Q, text: str) -> Page[dict[str, Any]]:
    """What bears the number or was filed by the caller first, then what holds the words, the best first."""
    known = list(Matter.objects.filter(condition & known_as(actor, text)).order_by("-id").values(*COLUMNS)[:FOUND])
    ranks = {hit.matter: hit.rank for hit in find(text, condition, public=False)[:FOUND]}
    rows = Matter.objects.filter(pk__in=ranks.keys() - {row["id"] for row in known}).values(*COLUMNS)
    return Page([*known, *sorted(rows, key=lambda row: (-ranks[row["id"]], -row["id"]))])


def known_as(actor: Actor, text: str) -> Q:
    """Matters with this number, of ours or of another house, or of the caller with this telephone."""
    if not any(char.isdecimal() for char in text):
        return Q(pk__in=())
    condition = Q(number="".join(text.split()))
    for kind, feature in FEATURES.items():
        if feature.known_as is not None:
            condition |= Q(kind=kind) & feature.known_as(actor, text)
    return condition


def may_export(actor: Actor) -> bool:
    """Whether the actor may take any list out."""
    return any(feature.access.is_granted(actor, f"export_{kind}s") for kind, feature in FEATURES.items())


@transaction.atomic
def export_rows(actor: Actor, now: datetime, *, filters: InboxFilters, most: int) -> list[dict[str, Any]]:
    """The rows of the inbox for a spreadsheet, at most `most`; taking data out stands in the record.

    Raises:
        PermissionDenied: the actor may export nothing.
    """
    if not may_export(actor):
        raise PermissionDenied
    condition = visible(actor) & exportable(actor) & narrowed(actor, now, filters)
    if filters.q:
        rows = list(_found(actor, condition, filters.q).rows)
    else:
        rows = list(Matter.objects.filter(condition).order_by("due_at", "id").values(*COLUMNS)[:most])
    written = asdict(filters) | {"q": bool(filters.q)}
    keep("export_rows", actor=actor, now=now, codes={"rows": len(rows), "filters": written})
    return rows

"""One inbox for the whole house: matters, whatever their kind, the most urgent first."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q

from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter, SavedFilter
from linli.ground.matters.paging import PAGE_SIZE, Page, page_of, parse_cursor
from linli.ground.matters.scope import clauses_condition, subtree
from linli.ground.matters.search import find
from linli.ground.people.selectors import absent_whom
from linli.ground.record.writing import keep
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
FOUND = 100
SUPERIORS = {Role.SUPERVISOR, Role.OBSERVER, Role.AUDITOR}


@dataclass(frozen=True)
class InboxFilters:
    """What the list is narrowed to; every field lives in the address."""

    state: str = ""
    light: str = ""  # yellow: warned of; red: overdue
    who: str = ""  # mine: I am the handler; pool: nobody is
    reach: str = ""  # desk: before my unit; all: whatever I may see; closed: ended matters I may see
    q: str = ""


def inbox(
    actor: Actor, now: datetime, *, filters: InboxFilters, after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """The matters whose next step is the actor's, the most urgent first.

    Keyset by (due_at, id); one query, whatever the size of the district. A search is ranked instead.
    """
    condition = visible(actor) & narrowed(actor, now, filters)
    if filters.q:
        return _found(condition, filters.q)
    cursor = parse_cursor(after)
    newest_first = filters.reach == "closed"
    if cursor and newest_first:
        condition &= Q(closed_at__lt=cursor.moment) | Q(closed_at=cursor.moment, id__lt=cursor.id)
    elif cursor:
        condition &= Q(due_at__gt=cursor.moment) | Q(due_at=cursor.moment, id__gt=cursor.id)
    order = ("-closed_at", "-id") if newest_first else ("due_at", "id")
    rows = list(Matter.objects.filter(condition).order_by(*order).values(*COLUMNS)[: size + 1])
    return page_of(rows, "closed_at" if newest_first else "due_at", size)


def counts_by_state(actor: Actor, now: datetime, filters: InboxFilters) -> dict[str, int]:
    """How many matters stand in each state, under all filters but that of the state."""
    condition = visible(actor) & narrowed(actor, now, replace(filters, state=""))
    if filters.q:
        condition &= Q(pk__in=[hit.matter for hit in find(filters.q, condition, public=False)[:FOUND]])
    rows = Matter.objects.filter(condition).values_list("state").annotate(Count("id")).order_by("state")
    return dict(rows)


def visible(actor: Actor) -> Q:
    """Every matter that the actor may open, of any kind."""
    return _within(actor, "view_{}")


def exportable(actor: Actor) -> Q:
    """Every matter that the actor may take out in a spreadsheet: to read is not to carry away."""
    return _within(actor, "export_{}s")


def _within(actor: Actor, action: str) -> Q:
    condition = Q(pk__in=())
    for kind, feature in FEATURES.items():
        clauses = feature.access.clauses(actor, action.format(kind))
        condition |= Q(kind=kind) & clauses_condition(clauses)
    return condition


def narrowed(actor: Actor, now: datetime, filters: InboxFilters) -> Q:
    """The condition of the filters."""
    condition = Q(closed_at__isnull=filters.reach != "closed")
    if filters.reach in {"", "desk"} and not _is_superior(actor):
        condition &= _at_desk(actor)
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
    return condition


def saved_filters(actor: Actor) -> list[SavedFilter]:
    """The filters that the actor keeps."""
    return list(SavedFilter.objects.filter(person=actor.person).order_by("name")) if actor.person else []


def _resting() -> set[str]:
    """States, of whatever kind, in which no clock runs against anybody."""
    return {state for feature in FEATURES.values() for state in feature.resting}


def _is_superior(actor: Actor) -> bool:
    return bool(actor.appointments) and all(each.role in SUPERIORS for each in actor.appointments)


def _at_desk(actor: Actor) -> Q:
    condition = Q(pk__in=())
    for appointment in actor.appointments:
        condition |= subtree("desk_path", appointment.organization_path)
    return condition


def _found(condition: Q, text: str) -> Page[dict[str, Any]]:
    ranks = {hit.matter: hit.rank for hit in find(text, condition, public=False)[:FOUND]}
    rows = Matter.objects.filter(pk__in=ranks).values(*COLUMNS)
    return Page(sorted(rows, key=lambda row: (-ranks[row["id"]], -row["id"])))


@transaction.atomic
def export_rows(actor: Actor, now: datetime, *, filters: InboxFilters, most: int) -> list[dict[str, Any]]:
    """The rows of the inbox for a spreadsheet, at most `most`; taking data out stands in the record.

    Raises:
        PermissionDenied: the actor may export nothing.
    """
    if not any(feature.access.is_granted(actor, f"export_{kind}s") for kind, feature in FEATURES.items()):
        raise PermissionDenied
    condition = visible(actor) & exportable(actor) & narrowed(actor, now, filters)
    if filters.q:
        rows = list(_found(condition, filters.q).rows)
    else:
        rows = list(Matter.objects.filter(condition).order_by("due_at", "id").values(*COLUMNS)[:most])
    written = asdict(filters) | {"q": bool(filters.q)}
    keep("export_rows", actor=actor, now=now, codes={"rows": len(rows), "filters": written})
    return rows

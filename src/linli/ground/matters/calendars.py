"""Loading a year's table of working days, and computing again every open clock that reaches into the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from linli.ground.matters.action import set_next_due
from linli.ground.matters.clocks import end_of, workdays
from linli.ground.matters.features import FEATURES, Feature
from linli.ground.matters.models import CalendarYear, Matter
from linli.ground.record.writing import keep
from linli.kernel.access import SYSTEM, Actor
from linli.kernel.workdays import Status, Workdays, YearTable

BATCH = 500


class CalendarRefused(ValueError):
    """The table was not loaded: it is none, touches no loaded year, or would replace a notice by a guess."""


@dataclass(frozen=True)
class CalendarPreview:
    """What loading a table would change.

    Args:
        now_off: days that are worked today and would be rest days.
        now_worked: rest days that would be worked.
        matters: open matters whose period reaches into the year.
    """

    table: YearTable
    before: YearTable | None
    now_off: tuple[date, ...]
    now_worked: tuple[date, ...]
    matters: int


@dataclass(frozen=True)
class CalendarLoaded:
    """What loading a table changed, in open matters."""

    preview: CalendarPreview
    moved: int
    confirmed: int


def preview_calendar(text: str) -> CalendarPreview:
    """What the table in `text` (TOML, see `kernel/workdays`) would change.

    Raises:
        CalendarRefused: the table cannot be loaded; the message names the key and what to do.
    """
    calendar = workdays()
    try:
        table = YearTable.parse(text)
        calendar.replaced(table)
    except ValueError as error:
        raise CalendarRefused(str(error)) from error
    before = calendar.tables.get(table.year)
    if before is not None and before.status is Status.OFFICIAL and table.status is not Status.OFFICIAL:
        raise CalendarRefused(
            f"status: the table of {table.year} in force is official; a provisional one cannot follow"
        )
    days = sorted((before.off | before.work if before else frozenset()) | table.off | table.work)
    changed = [day for day in days if before is not None and before.is_workday(day) != table.is_workday(day)]
    return CalendarPreview(
        table=table,
        before=before,
        now_off=tuple(day for day in changed if not table.is_workday(day)),
        now_worked=tuple(day for day in changed if table.is_workday(day)),
        matters=_reaching(table.year).count(),
    )


@transaction.atomic
def load_calendar(text: str, *, actor: Actor, now: datetime) -> CalendarLoaded:
    """Put a table in force and compute every open clock that reaches into its year again, in one transaction.

    Raises:
        CalendarRefused: the table cannot be loaded; nothing is changed.
    """
    preview = preview_calendar(text)
    year = preview.table.year
    CalendarYear.objects.update_or_create(year=year, defaults={"content": text, "loaded_at": now})
    calendar = workdays()
    moved = confirmed = 0
    rows = _reaching(year).order_by("kind", "id").values_list("kind", "id")
    for kind, group in groupby(list(rows), key=lambda row: row[0]):
        for row in _locked(FEATURES[kind], [matter for _, matter in group]):
            matter: Matter = row.matter
            before = matter.due_at, matter.due_provisional
            _reclock(FEATURES[kind], row, calendar, now)
            moved += matter.due_at != before[0]
            confirmed += before[1] and not matter.due_provisional
    keep(
        "load_calendar",
        actor=actor,
        now=now,
        subject=f"calendar:{year}",
        codes={"status": str(preview.table.status), "matters": preview.matters, "moved": moved, "confirmed": confirmed},
        texts={"source": preview.table.source, "table": text},
    )
    return CalendarLoaded(preview, moved, confirmed)


def _reaching(year: int) -> models.QuerySet[Matter]:
    """Matters with a clock that has a day in `year`: the running promise, or a later moment of their feature.

    A later moment counts by its end alone: periods are shorter than a year, so those of the year after may be computed
    once too often, with the same result.
    """
    last, first = date(year, 12, 31), end_of(date(year - 1, 12, 31))
    reaching = models.Q(closed_at__isnull=True, clock_start__lte=last, due_at__gt=first)
    for feature in FEATURES.values():
        for column in feature.later_clocks:
            reaching |= models.Q(**{f"{column}__gt": first, f"{column}__lte": end_of(date(year + 1, 12, 31))})
    return Matter.objects.filter(reaching)


def _locked(feature: Feature[Any], matters: list[int]) -> Iterator[Any]:
    rows = feature.model._default_manager.select_related("matter").select_for_update(of=("self", "matter"))
    for first in range(0, len(matters), BATCH):
        yield from rows.filter(pk__in=matters[first : first + BATCH]).order_by("pk")


def _reclock(feature: Feature[Any], row: Any, calendar: Workdays, now: datetime) -> None:
    """Set the clock again as long as it was, with what the feature derives from it and the next due moment."""
    matter: Matter = row.matter
    feature.reclock(row, calendar)
    row.save(force_update=True)
    set_next_due(feature, row, SYSTEM, now)
    matter.save(update_fields=["clock_start", "clock_days", "due_at", "warn_at", "due_provisional", "next_due"])


def calendar_year(year: int) -> tuple[YearTable, datetime | None]:
    """The table in force for a year, and when it was loaded (None: shipped with the program).

    Raises:
        LookupError: no table for that year.
    """
    loaded = CalendarYear.objects.filter(year=year).values_list("loaded_at", flat=True).first()
    table = workdays().tables.get(year)
    if table is None:
        raise LookupError(year)
    return table, timezone.localtime(loaded) if loaded else None

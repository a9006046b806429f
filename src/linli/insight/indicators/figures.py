"""The figures follow the log: whatever is recorded of a demand, it is counted anew, and its sums move by the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django.db import connection, transaction

from linli.ground.record.breathing import breathe
from linli.ground.record.following import follows, holding
from linli.ground.record.models import Record
from linli.ground.territory.facade import Level, Unit
from linli.insight.indicators.models import CountedCase, DailyFigures
from linli.insight.indicators.rules.figures import MEASURES, NOTHING, Cell, Counted, Trees, Values, added
from linli.services.cases.facade import CASES, RELEASE, MeasuredCase, measured_cases, released_cases
from linli.services.catalogue.facade import Topic

NAMES = tuple(each.name for each in fields(Counted))
TREES = Trees(Unit.steplen, Level.COMMUNITY.depth, Topic.steplen)
Counting = dict[int, Counted]  # by the key of the matter
AT_ONCE = 500  # demands that are counted in one transaction


FOLLOWER = "figures"


def count_released(rows: list[Record]) -> None:
    """Count the demands of released imports: one row tells of a hundred thousand, and others wait."""
    released = released_cases([row.subject for row in rows if row.event == RELEASE])
    for start in range(0, len(released), AT_ONCE):
        recount_again(released[start : start + AT_ONCE])
        breathe()


@follows(FOLLOWER, ahead=count_released)
def count_demands(rows: list[Record]) -> None:
    """Count every demand that the rows touched anew; as many queries for one as for `AT_ONCE` of them."""
    touched = {row.entry.matter for row in rows if row.kind == CASES.kind and row.entry.matter is not None}
    matters = sorted(touched)
    for start in range(0, len(matters), AT_ONCE):
        recount(measured_cases(matters[start : start + AT_ONCE]))


@transaction.atomic
def recount(measured: Collection[MeasuredCase]) -> int:
    """Put right what is counted of these demands, and the sums; returns for how many it was another."""
    now = counted_of(measured)
    before = counted_before(now)
    changed = {key: counted for key, counted in now.items() if before.get(key) != counted}
    sums: dict[Cell, Values] = {}
    for key, counted in changed.items():
        added(sums, counted, TREES)
        if key in before:
            added(sums, before[key], TREES, sign=-1)
    _keep(changed)
    move_sums(sums)
    return len(changed)


def recount_again(matters: Collection[int]) -> int:
    """The same for demands of which somebody thinks that they are counted wrong, while the log is not followed."""
    with holding(FOLLOWER):
        return recount(measured_cases(matters))


def counted_of(measured: Iterable[MeasuredCase]) -> Counting:
    """What is to be counted of these demands."""
    return {each.matter: Counted(**{name: getattr(each, name) for name in NAMES}) for each in measured}


def counted_before(matters: Iterable[int]) -> Counting:
    """What was counted of these demands last."""
    rows = CountedCase.objects.filter(pk__in=list(matters)).values_list("pk", *NAMES)
    return {key: Counted(*values) for key, *values in rows}


def move_sums(sums: Mapping[Cell, Values]) -> None:
    """Add to the sums, day by day, place by place; a sum that was not there begins with what is added."""
    table = DailyFigures._meta.db_table
    names = ", ".join(f'"{name}"' for name in ("day", "place", "topic", *MEASURES))
    marks = ", ".join(["%s"] * (3 + len(MEASURES)))
    moved = ", ".join(f'"{name}" = {table}."{name}" + excluded."{name}"' for name in MEASURES)
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT (place, topic, day) DO UPDATE SET {moved}"
    rows = [(*_stored(cell), *values) for cell, values in sorted(sums.items()) if values != NOTHING]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def _stored(cell: Cell) -> Iterator[Any]:
    day: date = cell.day
    yield day if connection.vendor == "postgresql" else day.isoformat()
    yield from (cell.place, cell.topic)


def _keep(changed: Counting) -> None:
    rows = [CountedCase(matter_id=key, **asdict(counted)) for key, counted in changed.items()]
    CountedCase.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["matter"], update_fields=list(NAMES), batch_size=1000
    )

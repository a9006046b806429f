"""A night's check of the figures: every demand is counted anew, every sum added up anew, and what differs put right.

It reads beside the work of the house, so a difference may be one that was moved meanwhile: what differs is looked at
once more while the figures stand still, and only what is wrong then was wrong.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import structlog
from django.db.models import Q

from linli.ground.matters.scope import subtree
from linli.ground.record.following import holding
from linli.ground.territory.facade import Level, Unit
from linli.insight.indicators.figures import (
    FOLLOWER,
    NAMES,
    TREES,
    counted_before,
    counted_of,
    move_sums,
    recount_again,
)
from linli.insight.indicators.models import CountedCase, DailyFigures, FiguresCheck
from linli.insight.indicators.rules.figures import MEASURES, NOTHING, Cell, Counted, Values, added
from linli.services.cases.facade import measured_after

logger = structlog.get_logger(__name__)
AT_ONCE = 2000


def check_figures(now: datetime) -> FiguresCheck:
    """Count and add up everything anew, put right what is wrong, and keep how much that was."""
    demands, wrong_demands = _check_demands()
    sums, wrong_sums = _check_sums()
    done = FiguresCheck.objects.create(
        at=now, demands=demands, wrong_demands=wrong_demands, sums=sums, wrong_sums=wrong_sums
    )
    if wrong_demands or wrong_sums:
        logger.warning("figures were wrong and were put right", demands=wrong_demands, sums=wrong_sums)
    return done


def last_check() -> FiguresCheck | None:
    """The newest check, if there was one."""
    return FiguresCheck.objects.order_by("-at", "-pk").first()


def _check_demands() -> tuple[int, int]:
    looked_at, wrong, last = 0, 0, 0
    while measured := measured_after(last, AT_ONCE):
        now = counted_of(measured)
        before = counted_before(now)
        differing = [key for key, counted in now.items() if before.get(key) != counted]
        wrong += recount_again(differing) if differing else 0
        looked_at, last = looked_at + len(measured), measured[-1].matter
    return looked_at, wrong


def _check_sums() -> tuple[int, int]:
    """Street by street, so that no more than one street's sums are in memory; then the district as a whole."""
    looked_at, wrong = 0, 0
    for street in Unit.objects.filter(level=Level.STREET.value).order_by("path").values_list("path", flat=True):
        within = subtree("place", street)
        sums = {cell: values for cell, values in _added_up(within).items() if cell.place.startswith(street)}
        looked_at, wrong = looked_at + len(sums), wrong + _compare(within, sums)
    whole = _added_up(Q(), depth=1)
    of_districts = Q(place__in=Unit.objects.filter(depth=1).values("path"))
    return looked_at + len(whole), wrong + _compare(of_districts, whole)


def _added_up(condition: Q, depth: int = TREES.place_depth) -> dict[Cell, Values]:
    sums: dict[Cell, Values] = {}
    trees = replace(TREES, place_depth=depth)
    for values in CountedCase.objects.filter(condition).order_by().values_list(*NAMES).iterator(AT_ONCE):
        added(sums, Counted(*values), trees)
    return sums


def _compare(condition: Q, sums: dict[Cell, Values]) -> int:
    kept = DailyFigures.objects.filter(condition).order_by().values_list("day", "place", "topic", *MEASURES)
    differing = set()
    for day, place, topic, *values in kept.iterator(AT_ONCE):
        cell = Cell(day, place, topic)
        if sums.pop(cell, NOTHING) != tuple(values):
            differing.add(cell)
    differing.update(cell for cell, values in sums.items() if values != NOTHING)
    return sum(_put_right(cell) for cell in sorted(differing))


def _put_right(cell: Cell) -> bool:
    """Whether a sum is wrong while nothing moves; it is right afterwards."""
    with holding(FOLLOWER):
        sums: dict[Cell, Values] = {}
        for counted in _counted_in(cell):
            added(sums, counted, TREES)
        right = sums.get(cell, NOTHING)
        kept = DailyFigures.objects.filter(day=cell.day, place=cell.place, topic=cell.topic).values_list(*MEASURES)
        wrong = kept.first() or NOTHING
        if right == wrong:
            return False
        move_sums({cell: tuple(good - bad for good, bad in zip(right, wrong, strict=True))})
        return True


def _counted_in(cell: Cell) -> Iterator[Counted]:
    days = Q()
    for name in ("opened_on", "closed_on", "due_on", "said_on", "rated_on"):
        days |= Q(**{name: cell.day})
    rows: Iterable[tuple[object, ...]] = CountedCase.objects.filter(
        days & subtree("place", cell.place) & subtree("topic", cell.topic)
    ).values_list(*NAMES)
    for values in rows:
        yield Counted(*values)  # type: ignore[arg-type]  # in the order of the names

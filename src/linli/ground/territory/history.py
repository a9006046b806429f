"""The territory as of a day, and where what ended went on. Units are public: no read here asks who is asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from linli.ground.territory.models import FormerName, FormerOutline, Succession, Unit
from linli.ground.territory.rules.changes import Standing
from linli.ground.territory.rules.coverage import Outline, around
from linli.ground.territory.rules.levels import parent_of
from linli.ground.territory.rules.places import Place
from linli.kernel.divisions import Level


@dataclass(frozen=True)
class UnitOn:
    """A unit as it was on a day: its name, households and outline of then."""

    place: Place
    parent: str
    valid_from: date
    valid_to: date | None
    households: int | None
    outline: Outline | None = field(default=None, hash=False, repr=False)


def on_day(day: date) -> Q:
    """Units that were there on a day: from their first day up to, but not on, the day of their end."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def units_as_of(day: date, level: Level | None = None, *, drawn: bool = False) -> tuple[UnitOn, ...]:
    """The tree as of a day, parents before their children; outlines only where asked for. Three queries."""
    rows: QuerySet[Unit] = Unit.objects.filter(on_day(day)).order_by("path")
    if level is not None:
        rows = rows.filter(level=level.value)
    if not drawn:
        rows = rows.defer("outline")
    former = Q(valid_from__lte=day, valid_to__gt=day)
    names = dict(FormerName.objects.filter(former).order_by("valid_to", "pk").values_list("unit_id", "name"))
    shapes = FormerOutline.objects.filter(former).order_by("valid_to", "pk")
    kept = {row.unit_id: row for row in (shapes if drawn else shapes.defer("outline"))}
    return tuple(_as_of(row, names.get(row.pk, row.name), kept.get(row.pk), drawn=drawn) for row in rows)


def _as_of(row: Unit, name: str, kept: FormerOutline | None, *, drawn: bool) -> UnitOn:
    shape: Any = kept or row
    place = Place(row.pk, row.code, name, Level(row.level), row.path)
    outline = shape.outline if drawn else None
    return UnitOn(place, parent_of(row.code), row.valid_from, row.valid_to, shape.households, outline)


def outlines_as_of(level: Level, day: date) -> dict[str, Any]:
    """The outlines of one level as they were on a day, as a GeoJSON FeatureCollection in WGS-84."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": each.place.code,
                "properties": {
                    "code": each.place.code,
                    "name": each.place.name,
                    "level": level.value,
                    "households": each.households,
                },
                "geometry": each.outline,
            }
            for each in units_as_of(day, level, drawn=True)
            if each.outline
        ],
    }


def standing_units() -> dict[str, Standing]:
    """Every unit in force by its code, as the rules of changes ask for it."""
    rows = list(Unit.objects.filter(valid_to__isnull=True).order_by("code"))
    grids: dict[str, list[str]] = {}
    for row in rows:
        if row.level == Level.GRID.value:
            grids.setdefault(parent_of(row.code), []).append(row.code)
    return {
        row.code: Standing(
            row.code, row.name, row.valid_from, row.outline, row.households, tuple(grids.get(row.code, ()))
        )
        for row in rows
    }


@dataclass(frozen=True)
class PastChange:
    """A change of units that are no grids, by the names that they bore when it happened."""

    day: date
    kind: str
    document: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes_until(day: date, most: int = 50) -> tuple[PastChange, ...]:
    """The changes up to a day, the newest first: each once, with all that ended and all that came after it."""
    rows = Succession.objects.filter(day__lte=day).exclude(predecessor__level=Level.GRID.value)
    found: dict[tuple[date, frozenset[int]], tuple[Succession, dict[int, str], dict[int, str]]] = {}
    groups: dict[int, list[Succession]] = {}
    for row in rows.select_related("predecessor", "successor").order_by("-day", "-pk")[: most * 4]:
        groups.setdefault(row.predecessor_id, []).append(row)
    for successions in groups.values():
        first, after = successions[0], {row.successor_id: _name_on(row.successor, row.day) for row in successions}
        kept = found.setdefault((first.day, frozenset(after)), (first, {}, after))
        kept[1][first.predecessor_id] = first.predecessor.name
    return tuple(
        PastChange(first.day, first.kind, first.document, tuple(before.values())[::-1], tuple(after.values())[::-1])
        for first, before, after in list(found.values())[:most]
    )


def _name_on(unit: Unit, day: date) -> str:
    former = FormerName.objects.filter(unit=unit, valid_from__lte=day, valid_to__gt=day).order_by("valid_to", "pk")
    return former.values_list("name", flat=True).first() or unit.name


def succeeded_units() -> QuerySet[Unit]:
    """Units that ended and have successors."""
    rows: QuerySet[Unit] = Unit.objects.filter(valid_to__isnull=False, successions__isnull=False)
    return rows


def current_unit(unit: Unit, choose: Callable[[list[Unit]], Unit | None] | None = None) -> Unit:
    """The unit that stands today where `unit` stood; itself, if it stands.

    Args:
        choose: which of several successors; by default, or where it gives none, the one that keeps the history.
    """
    while unit.valid_to is not None:
        rows = Succession.objects.filter(predecessor=unit).select_related("successor").order_by("-inherits", "pk")
        successors = [row.successor for row in rows]
        if not successors:
            return unit
        chosen = choose(successors) if choose and len(successors) > 1 else None
        unit = chosen or successors[0]
    return unit


def around_point(longitude: float | None, latitude: float | None) -> Callable[[Iterable[Unit]], Unit | None]:
    """A choice among units: the one around a WGS-84 position, none where nothing is known or drawn."""

    def choose(successors: Iterable[Unit]) -> Unit | None:
        if longitude is None or latitude is None:
            return None
        rows = {row.code: row for row in successors}
        return rows.get(around(((code, row.outline) for code, row in rows.items()), longitude, latitude))

    return choose

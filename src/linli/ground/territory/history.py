"""The territory as of a day. Units are public: no read here asks who is asking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from linli.ground.territory.models import FormerName, FormerOutline, Unit
from linli.ground.territory.rules.changes import Standing
from linli.ground.territory.rules.coverage import Outline
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


def names_on(day: date, units: Collection[int]) -> dict[int, str]:
    """The names of old that these units bore on a day; none for those that had the name of today."""
    rows = FormerName.objects.filter(unit__in=list(units), valid_from__lte=day, valid_to__gt=day)
    return dict(rows.order_by("valid_to", "pk").values_list("unit_id", "name"))


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

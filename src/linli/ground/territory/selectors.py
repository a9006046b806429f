"""Reads of the territory. Units are public: no read here asks who is asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet, Sum

from linli.ground.record.prepared import Prepared
from linli.ground.record.shaped import Shaped
from linli.ground.territory.models import FormerName, Unit
from linli.ground.territory.rules import coverage
from linli.ground.territory.rules.coverage import Coverage, Outline, TopologyFault
from linli.ground.territory.rules.levels import LEVELS, kind_of
from linli.ground.territory.rules.names import Gazetteer
from linli.ground.territory.rules.places import Located, Place, Resolved
from linli.kernel.divisions import Kind, Level

NAME_SECONDS = 60
_NAMES = Shaped(lambda condition: Unit.objects.filter(condition).order_by("code").values("pk", "code", "name", "path"))

_HELD = Shaped(
    lambda condition: (
        Unit.objects.filter(condition)
        .values("valid_to")
        .annotate(units=Count("id"), newest=Max("id"), checksums=Sum("checksum"))
        .order_by()
    )
)
_BY_CODE: Prepared[Unit] = Prepared(Unit.objects.filter(code="\x00"), "\x00")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as lists of choices show it."""

    pk: int
    code: str
    name: str
    path: str


def district() -> Unit:
    """The district itself, with its outline.

    Raises:
        Unit.DoesNotExist: no district has been founded or imported.
    """
    unit: Unit = Unit.objects.get(level=Level.DISTRICT.value)
    return unit


def district_name() -> str:
    """The district's name for the head of every page; empty before a district is founded. A minute old at most."""
    name: str = cache.get_or_set("district_name", _district_name, NAME_SECONDS) or ""
    return name


def _district_name() -> str:
    return Unit.objects.filter(level=Level.DISTRICT.value).values_list("name", flat=True).first() or ""


def units(level: Level) -> QuerySet[Unit]:
    """The units of one level in force, in the order of their codes, outlines left out until asked for."""
    rows: QuerySet[Unit] = _in_force().filter(level=level.value).order_by("code").defer("outline")
    return rows


def unit_names(level: Level) -> list[UnitName]:
    """The same units, with no more than a list of choices needs."""
    return [UnitName(**row) for row in _NAMES.dicts(Q(valid_to__isnull=True, level=level.value))]


def by_code(code: str) -> Unit:
    """The unit with this code, in force or not.

    Raises:
        Unit.DoesNotExist: no unit has it.
    """
    unit = _BY_CODE.first(code)
    if unit is None:
        raise Unit.DoesNotExist
    return unit


def former_names(unit: Unit) -> tuple[FormerName, ...]:
    """What a unit was called before, the latest first."""
    return tuple(FormerName.objects.filter(unit=unit).order_by("-valid_to", "-pk"))


def places() -> tuple[Place, ...]:
    """Every unit in force as a value, in the order of the tree; from memory after the first call."""
    return atlas().places


def atlas() -> Atlas:
    """All that the reads below ask of, for who asks several of them: the table is looked at once."""
    return _atlas(_version())


def locate(longitude: float, latitude: float) -> Located:
    """The unit of each level around a WGS-84 position, and what is wrong if it is not exactly one each."""
    return atlas().coverage.locate(longitude, latitude)


def resolve_place(text: str) -> Resolved:
    """The unit a text speaks of, the district if it names none; `how` says on what ground.

    Raises:
        ValueError: no district has been founded or imported.
    """
    return atlas().gazetteer.resolve(text)


def outlines(level: Level) -> dict[str, Any]:
    """The outlines of one level as a GeoJSON FeatureCollection in WGS-84; undrawn units are left out."""
    rows = units(level).filter(outline__isnull=False).values_list("code", "name", "households", "outline")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {
                    "code": code,
                    "name": name,
                    "level": level.value,
                    "households": households,
                },
                "geometry": outline,
            }
            for code, name, households, outline in rows
        ],
    }


def drawn_level() -> Level | None:
    """The finest level of which every unit is drawn, for a map on which every place can be picked; no grids."""
    return atlas().drawn_level


def topology_faults() -> dict[Level, tuple[TopologyFault, ...]]:
    """Where the outlines of a level overlap, leave gaps or leave their parent, with areas in m²; by level.

    A level of which nothing is drawn has no faults: its points are reported as such one by one.
    """
    drawings = {level: _drawings(level) for level in LEVELS}
    above: dict[str, Outline | None] = {}
    found = {}
    for level, drawn in drawings.items():
        found[level] = coverage.topology_faults(drawn, above) if any(drawn.values()) else ()
        above = drawn
    return found


@dataclass(frozen=True)
class _Version:
    """What the table held when it was last looked at. Equal versions hold equal names and outlines."""

    units: int
    newest: int | None
    checksums: int | None


class Atlas:
    """The names and outlines of one version of the table, read once per process."""

    def __init__(self, rows: Iterable[tuple[int, str, str, str, str, Any]]) -> None:
        self._drawn = [
            (Place(pk, code, name, Level(level), path), outline) for pk, code, name, level, path, outline in rows
        ]
        self.places = tuple(place for place, _ in self._drawn)

    @cached_property
    def coverage(self) -> Coverage:
        """The outlines, indexed."""
        return Coverage((place, outline) for place, outline in self._drawn if outline)

    @cached_property
    def drawn_level(self) -> Level | None:
        """The finest level without an undrawn unit; virtual communities have no ground to draw."""
        undrawn = {place.level for place, outline in self._drawn if not outline and place.kind is not Kind.VIRTUAL}
        there = {place.level for place in self.places}
        levels = (Level.COMMUNITY, Level.STREET, Level.DISTRICT)
        return next((level for level in levels if level in there - undrawn), None)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names, indexed."""
        return Gazetteer(self.places)


def _in_force() -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.filter(valid_to__isnull=True)
    return rows


def _version() -> _Version:
    held = _HELD.dicts(Q(valid_to__isnull=True))
    return _Version(held[0]["units"], held[0]["newest"], held[0]["checksums"]) if held else _Version(0, None, None)


@lru_cache(maxsize=4)
def _atlas(_held: _Version) -> Atlas:
    rows = _in_force().order_by("path").values_list("id", "code", "name", "level", "path", "outline")
    return Atlas(rows)


def _drawings(level: Level) -> dict[str, Outline | None]:
    """The outlines of a level by code. Virtual communities have no ground to draw."""
    rows = _in_force().filter(level=level.value).values_list("code", "name", "outline")
    return {code: outline for code, name, outline in rows if outline or kind_of(code, name) is not Kind.VIRTUAL}

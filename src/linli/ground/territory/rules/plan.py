"""A district on paper: its units before they are rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zlib import crc32

from linli.ground.territory.rules.levels import kind_of, level_of, parent_of, path_of
from linli.kernel.divisions import Kind, Level
from linli.kernel.geodesy import Datum


@dataclass(frozen=True)
class PlannedUnit:
    """One unit as it is to stand in the table.

    Args:
        code: 12 digits, 15 for a grid; level, parent and kind follow from it.
        name: official name.
        outline: GeoJSON Polygon or MultiPolygon in WGS-84, None if not known.
        outline_datum: datum in which the outline was delivered, None without outline.
        longitude: of a point inside, WGS-84.
        latitude: of the same point.
        households: number of households, None if not known.
    """

    code: str
    name: str
    outline: dict[str, Any] | None = field(default=None, hash=False, repr=False)
    outline_datum: Datum | None = None
    longitude: float | None = None
    latitude: float | None = None
    households: int | None = None

    @property
    def level(self) -> Level:
        """District, street, community or grid."""
        return level_of(self.code)

    @property
    def kind(self) -> Kind:
        """What sort of unit the code stands for."""
        return kind_of(self.code, self.name)

    @property
    def parent_code(self) -> str:
        """The unit above, empty for the district."""
        return parent_of(self.code)

    def columns(self) -> dict[str, Any]:
        """The unit as columns of its row, all but the dates and the number of children."""
        return {
            "path": path_of(self.code),
            "depth": self.level.depth,
            "level": self.level.value,
            "code": self.code,
            "name": self.name,
            "outline": self.outline,
            "outline_datum": self.outline_datum.value if self.outline_datum else "",
            "longitude": self.longitude,
            "latitude": self.latitude,
            "households": self.households,
            "checksum": checksum(self.code, self.name, self.outline),
        }


@dataclass(frozen=True)
class DistrictPlan:
    """All units of one district, each parent before its children."""

    units: tuple[PlannedUnit, ...]

    @cached_property
    def district(self) -> PlannedUnit:
        """The one unit at the top."""
        (district,) = self.at(Level.DISTRICT)
        return district

    def at(self, level: Level) -> tuple[PlannedUnit, ...]:
        """The units of one level, in the order of the plan."""
        return tuple(unit for unit in self.units if unit.level is level)


def checksum(code: str, name: str, outline: dict[str, Any] | None) -> int:
    """A number that changes when the unit is renamed or redrawn; summed over the table it is its version."""
    return crc32(json.dumps([code, name, outline], sort_keys=True).encode())

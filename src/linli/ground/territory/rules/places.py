"""What is known of where something is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.ground.territory.rules.levels import kind_of
from linli.kernel.divisions import Kind, Level


@dataclass(frozen=True)
class Place:
    """A unit as others refer to it: its row without the outline."""

    id: int
    code: str
    name: str
    level: Level
    path: str

    @property
    def kind(self) -> Kind:
        """What sort of unit the code stands for."""
        return kind_of(self.code, self.name)

    def holds(self, other: Place) -> bool:
        """Whether `other` is this unit or lies below it."""
        return other.path.startswith(self.path)


class PlaceProblem(StrEnum):
    """Why a point could not be given to exactly one unit of each level."""

    OUTSIDE_DISTRICT = "outside_district"
    NO_OUTLINE = "no_outline"
    """No unit of that level has been drawn."""
    GAP = "gap"
    """Inside the district, in no unit of that level."""
    OVERLAP = "overlap"
    """Inside two units of one level at once; the one with the lowest code is given."""
    LEVELS_DISAGREE = "levels_disagree"
    """Inside a unit that belongs to another parent than the one around the point."""


@dataclass(frozen=True)
class PlaceFault:
    """One thing wrong with the outlines at a point."""

    problem: PlaceProblem
    level: Level
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Located:
    """The units around a point, the finest that is known being `finest`."""

    district: Place | None = None
    street: Place | None = None
    community: Place | None = None
    grid: Place | None = None
    faults: tuple[PlaceFault, ...] = ()

    @property
    def finest(self) -> Place | None:
        """The smallest unit the point is known to lie in."""
        return self.grid or self.community or self.street or self.district

    def at(self, level: Level) -> Place | None:
        """The unit of one level."""
        return {
            Level.DISTRICT: self.district,
            Level.STREET: self.street,
            Level.COMMUNITY: self.community,
            Level.GRID: self.grid,
        }[level]


class How(StrEnum):
    """On what ground a place was read out of a text."""

    FULL_NAME = "full_name"
    SHORT_NAME = "short_name"
    AMBIGUOUS = "ambiguous"
    """Several units answer to the name; the smallest unit around all of them is given."""
    NOT_NAMED = "not_named"
    """No unit is named; the district is given."""


@dataclass(frozen=True)
class Resolved:
    """The unit a text speaks of, by what words, and the units in question if there were several."""

    unit: Place
    how: How
    words: str = ""
    candidates: tuple[Place, ...] = ()

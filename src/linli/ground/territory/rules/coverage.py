"""Outlines on the plane: which unit lies around a point, and where outlines overlap or leave gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, isfinite, pi, radians
from typing import Any

import shapely
from shapely import STRtree
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from linli.ground.territory.rules.levels import LEVELS, parent_of
from linli.ground.territory.rules.places import Located, Place, PlaceFault, PlaceProblem
from linli.kernel.divisions import Level

Outline = dict[str, Any]
"""A GeoJSON Polygon or MultiPolygon in WGS-84."""

MEAN_RADIUS = 6_371_008.8
"""Metres, the mean radius of the Earth (IUGG)."""
NEGLIGIBLE = 1.0
"""Square metres below which an overlap or a gap is a matter of rounding."""


class Coverage:
    """The outlines of a district, ready to be asked for points. Immutable."""

    def __init__(self, outlines: Iterable[tuple[Place, Outline]]) -> None:
        layers: dict[Level, list[tuple[Place, BaseGeometry]]] = {level: [] for level in LEVELS}
        for place, outline in sorted(outlines, key=lambda pair: pair[0].code):
            layers[place.level].append((place, shape(outline)))
        self._layers = {level: _Layer(units) for level, units in layers.items() if units}

    def locate(self, longitude: float, latitude: float) -> Located:
        """The unit of each level around a WGS-84 position.

        A unit includes its border; on a border shared by several units the one with the lowest code has it.
        Codes follow the tree, so the levels agree there too. What is not exactly one unit is reported.
        """
        if not (isfinite(longitude) and isfinite(latitude)):
            return Located(faults=(PlaceFault(PlaceProblem.OUTSIDE_DISTRICT, Level.DISTRICT),))
        found: dict[Level, Place] = {}
        faults: list[PlaceFault] = []
        above: Place | None = None
        for level in LEVELS:
            layer = self._layers.get(level)
            if layer is None:
                faults.append(PlaceFault(PlaceProblem.NO_OUTLINE, level))
                continue
            places = layer.around(longitude, latitude)
            if not places and level is Level.DISTRICT:
                return Located(faults=(PlaceFault(PlaceProblem.OUTSIDE_DISTRICT, level),))
            if not places:
                faults.append(PlaceFault(PlaceProblem.GAP, level))
                continue
            place = found[level] = places[0]
            if len(places) > 1:
                faults.append(PlaceFault(PlaceProblem.OVERLAP, level, tuple(each.code for each in places)))
            if above and not above.holds(place):
                faults.append(PlaceFault(PlaceProblem.LEVELS_DISAGREE, level, (above.code, place.code)))
            above = place
        return Located(
            found.get(Level.DISTRICT),
            found.get(Level.STREET),
            found.get(Level.COMMUNITY),
            found.get(Level.GRID),
            tuple(faults),
        )


class _Layer:
    """The outlines of one level, in the order of their codes."""

    def __init__(self, units: Sequence[tuple[Place, BaseGeometry]]) -> None:
        self._places = [place for place, _ in units]
        self._outlines = [outline for _, outline in units]
        shapely.prepare(self._outlines)
        self._tree = STRtree(self._outlines)

    def around(self, longitude: float, latitude: float) -> list[Place]:
        """The one place that has the point, or every place that claims it if outlines overlap there."""
        point = shapely.Point(longitude, latitude)
        touching = sorted(
            index
            for index in self._tree.query(point).tolist()
            if shapely.intersects_xy(self._outlines[index], longitude, latitude)
        )
        if len(touching) <= 1:
            return [self._places[index] for index in touching]
        inside = [index for index in touching if self._outlines[index].contains_properly(point)]
        return [self._places[index] for index in inside or touching[:1]]


class TopologyProblem(StrEnum):
    """What may be wrong with the outlines of a level."""

    OVERLAP = "overlap"
    GAP = "gap"
    """Part of a unit that none of the units below it covers."""
    OUTSIDE_PARENT = "outside_parent"
    NOT_DRAWN = "not_drawn"
    NOT_VALID = "not_valid"
    """An outline that crosses itself."""


@dataclass(frozen=True)
class TopologyFault:
    """One fault of a level's outlines: the units concerned, its area in m², and a point inside it."""

    problem: TopologyProblem
    codes: tuple[str, ...]
    area_m2: float = 0.0
    longitude: float | None = None
    latitude: float | None = None


def topology_faults(
    units: Mapping[str, Outline | None],
    parents: Mapping[str, Outline | None],
    *,
    negligible: float = NEGLIGIBLE,
) -> tuple[TopologyFault, ...]:
    """Where the outlines of one level do not divide the level above exactly.

    Areas are measured on the plane, degrees of longitude shortened by the cosine of the mean latitude. Across
    a city district (20 km) that is exact to about 0.5 %: enough to tell a slip of the pen from a lost block.

    Args:
        units: GeoJSON outlines in WGS-84 of one level by code, None where there is none.
        parents: the same for the level above, empty for the district.
        negligible: area in m² up to which a fault is left out.

    Returns:
        Units without an outline first, then invalid ones, overlaps, and per parent what is spilt or missing.
    """
    drawn = {code: shape(outline) for code, outline in sorted(units.items()) if outline}
    bounds = {code: shape(outline) for code, outline in sorted(parents.items()) if outline}
    missing = tuple(sorted(units.keys() - drawn.keys()))
    faults = [TopologyFault(TopologyProblem.NOT_DRAWN, missing)] if missing else []
    everything = [*drawn.values(), *bounds.values()]
    if not everything:
        return tuple(faults)
    plane = _Plane(shapely.total_bounds(everything).tolist(), negligible)
    for code, outline in (*drawn.items(), *bounds.items()):
        if not outline.is_valid:
            faults.append(plane.fault(TopologyProblem.NOT_VALID, (code,), outline))
    drawn = {code: shapely.make_valid(outline) for code, outline in drawn.items()}
    bounds = {code: shapely.make_valid(outline) for code, outline in bounds.items()}
    codes, outlines = list(drawn), list(drawn.values())
    for first, second in sorted(STRtree(outlines).query(outlines, predicate="intersects").T.tolist()):
        if first < second:
            shared = outlines[first].intersection(outlines[second])
            faults += plane.faults(TopologyProblem.OVERLAP, (codes[first], codes[second]), shared)
    for parent, bound in bounds.items():
        below = {code: outline for code, outline in drawn.items() if parent_of(code) == parent}
        for code, outline in below.items():
            spilt = outline.difference(bound)
            faults += plane.faults(TopologyProblem.OUTSIDE_PARENT, (code, parent), spilt)
        if below:
            left = bound.difference(shapely.union_all(list(below.values())))
            faults += plane.faults(TopologyProblem.GAP, (parent,), left)
    return tuple(faults)


def division_error(whole: Outline, parts: Sequence[Outline], *, negligible: float = NEGLIGIBLE) -> float:
    """How many m² of `whole` are in no part, in several, or spilt; 0 if the parts divide it but for rounding."""
    bound, drawn = shape(whole), [shape(part) for part in parts]
    if not all(each.is_valid for each in drawn):
        return area_m2(whole)
    plane = _Plane(bound.bounds, 0.0)
    together = shapely.union_all(drawn)
    twice = sum(each.area for each in drawn) - together.area
    error = plane.square_metres(bound.symmetric_difference(together).area + twice)
    return error if error > negligible * len(parts) else 0.0


@dataclass(frozen=True)
class Misfit:
    """Ground that is not divided exactly: how much of it there is, and a point in the largest piece."""

    area_m2: float
    longitude: float
    latitude: float


def misfit(whole: Outline, parts: Sequence[Outline], *, negligible: float = NEGLIGIBLE) -> Misfit | None:
    """Where `parts` do not divide `whole`; none, if they divide it but for rounding."""
    error = division_error(whole, parts, negligible=negligible)
    if not error:
        return None
    bound, drawn = shape(whole), [shapely.make_valid(shape(part)) for part in parts]
    covered = shapely.union_all(drawn)
    twice = [first.intersection(second) for number, first in enumerate(drawn) for second in drawn[:number]]
    wrong = [piece for each in (bound.symmetric_difference(covered), *twice) for piece in shapely.get_parts(each)]
    point = max(wrong, key=lambda piece: float(piece.area), default=bound).representative_point()
    return Misfit(error, point.x, point.y)


def shared(first: Outline | None, second: Outline | None, *, negligible: float = NEGLIGIBLE) -> Outline | None:
    """The ground that lies in both; none, where nothing does but for rounding, or one is not drawn."""
    if not first or not second:
        return None
    ground, plane = shape(first).intersection(shape(second)), _Plane(shape(first).bounds, 0.0)
    pieces = [each for each in shapely.get_parts(ground) if plane.square_metres(each.area) > negligible]
    return dict(mapping(shapely.union_all(pieces))) if pieces else None


def holds(outline: Outline | None, longitude: float, latitude: float) -> bool:
    """Whether a position lies in an outline or on its border."""
    return outline is not None and bool(shape(outline).intersects(shapely.Point(longitude, latitude)))


def outline_bounds(outline: Outline) -> tuple[float, float, float, float]:
    """The west, south, east and north of an outline."""
    west, south, east, north = shape(outline).bounds
    return west, south, east, north


def area_m2(outline: Outline) -> float:
    """The area of an outline, on the plane around its own middle."""
    drawn = shape(outline)
    return _Plane(drawn.bounds, 0.0).square_metres(drawn.area)


def together(outlines: Sequence[Outline | None]) -> Outline | None:
    """The outline around several; none if one of them is not drawn."""
    drawn = [shape(outline) for outline in outlines if outline]
    return dict(mapping(shapely.union_all(drawn))) if drawn and len(drawn) == len(outlines) else None


def without(outline: Outline | None, part: Outline | None) -> Outline | None:
    """The outline less a part of it; as it was, if the part is not drawn, and none if nothing is left."""
    if not outline or not part:
        return outline
    pieces = shapely.get_parts(shape(outline).difference(shape(part)))
    left = [each for each in pieces if each.geom_type == "Polygon" and each.area]
    return dict(mapping(shapely.union_all(left))) if left else None


def inner_point(outline: Outline | None) -> tuple[float | None, float | None]:
    """A point inside, by longitude and latitude."""
    if not outline:
        return None, None
    point = shape(outline).representative_point()
    return point.x, point.y


def around(outlines: Iterable[tuple[str, Outline | None]], longitude: float, latitude: float) -> str:
    """The code of the first outline around a position; empty if there is none."""
    point = shapely.Point(longitude, latitude)
    return next((code for code, outline in outlines if outline and shape(outline).intersects(point)), "")


class _Plane:
    """Degrees to metres around the middle of some bounds."""

    def __init__(self, bounds: Sequence[float], negligible: float) -> None:
        degree = MEAN_RADIUS * pi / 180.0
        self._square = degree * degree * cos(radians((bounds[1] + bounds[3]) / 2.0))
        self._negligible = negligible

    def square_metres(self, square_degrees: float) -> float:
        """An area given in square degrees."""
        return square_degrees * self._square

    def fault(self, problem: TopologyProblem, codes: tuple[str, ...], part: BaseGeometry) -> TopologyFault:
        """A fault with its area and a point inside it."""
        point = part.representative_point()
        return TopologyFault(problem, codes, round(part.area * self._square, 1), point.x, point.y)

    def faults(self, problem: TopologyProblem, codes: tuple[str, ...], area: BaseGeometry) -> list[TopologyFault]:
        """One fault for each connected piece that is not negligible."""
        pieces = shapely.get_parts(area).tolist()
        return [self.fault(problem, codes, piece) for piece in pieces if piece.area * self._square > self._negligible]

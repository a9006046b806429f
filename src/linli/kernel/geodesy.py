"""The two datums in which Chinese coordinates arrive, and the way between them.

WGS-84 is what satellites give; GCJ-02 is the offset datum of the maps published in China, about 500 m away.
Linli keeps WGS-84 and remembers what was delivered.

Source:
    The transformation was never published; the polynomial, the bounds and Krasovsky's ellipsoid (1940) are
    those of github.com/googollee/eviltransform and the earlier programs it descends from.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import cos, pi, radians, sin, sqrt
from typing import Any

SEMI_MAJOR_AXIS = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
PRECISION = 1e-11
MOST_STEPS = 30

Shift = Callable[[float, float], tuple[float, float]]


class Datum(StrEnum):
    """Which datum a coordinate is given in."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"


def in_china(longitude: float, latitude: float) -> bool:
    """Whether the offset applies: a rectangle around China, wider than the country."""
    return WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Move a WGS-84 position to GCJ-02; outside China it stays where it is.

    Args:
        longitude: degrees east.
        latitude: degrees north.

    Returns:
        Longitude and latitude; (116.404, 39.915) gives (116.410244, 39.916404).
    """
    if not in_china(longitude, latitude):
        return longitude, latitude
    east, north = _offset(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """Move a GCJ-02 position back to WGS-84; outside China it stays where it is.

    The offset has no closed inverse. It changes by less than a hundredth of the distance moved, so that
    taking it at the last estimate gains two digits per step; the error left is far below 1e-7 degrees (1 cm).

    Args:
        longitude: degrees east.
        latitude: degrees north.

    Returns:
        Longitude and latitude.
    """
    if not in_china(longitude, latitude):
        return longitude, latitude
    x, y = longitude, latitude
    for _ in range(MOST_STEPS):
        east, north = _offset(x, y)
        moved = max(abs(longitude - east - x), abs(latitude - north - y))
        x, y = longitude - east, latitude - north
        if moved < PRECISION:
            break
    return x, y


def converted(geometry: dict[str, Any], datum: Datum) -> dict[str, Any]:
    """A GeoJSON geometry in WGS-84, given the datum it was delivered in.

    Args:
        geometry: a Point, LineString, Polygon, their Multi forms, or a GeometryCollection. Heights are kept.
        datum: of the coordinates in `geometry`.

    Returns:
        A new geometry; the one given is not changed.

    Raises:
        ValueError: `geometry` has neither coordinates nor geometries.
    """
    shift: Shift = gcj02_to_wgs84 if datum is Datum.GCJ02 else _unmoved
    if "geometries" in geometry:
        return {**geometry, "geometries": [converted(part, datum) for part in geometry["geometries"]]}
    if "coordinates" not in geometry:
        raise ValueError("not a GeoJSON geometry: it has neither coordinates nor geometries")
    return {**geometry, "coordinates": _moved(geometry["coordinates"], shift)}


def _moved(coordinates: Any, shift: Shift) -> list[Any]:
    """Nested coordinate lists with every position shifted."""
    if coordinates and isinstance(coordinates[0], int | float):
        return [*shift(coordinates[0], coordinates[1]), *coordinates[2:]]
    return [_moved(part, shift) for part in coordinates]


def _unmoved(longitude: float, latitude: float) -> tuple[float, float]:
    return longitude, latitude


def _offset(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees east and north from a WGS-84 position to the same place in GCJ-02."""
    x, y = longitude - 105.0, latitude - 35.0
    ripple = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
        + (ripple + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
        + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    )  # fmt: skip
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
        + (ripple + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
        + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    flattening = 1.0 - ECCENTRICITY_SQUARED * sin(radians(latitude)) ** 2
    meridian = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flattening * sqrt(flattening))
    parallel = SEMI_MAJOR_AXIS / sqrt(flattening) * cos(radians(latitude))
    return east * 180.0 / (parallel * pi), north * 180.0 / (meridian * pi)

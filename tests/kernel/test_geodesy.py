"""Datums: there and back to the centimetre, and no further than China."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.geodesy import Datum, converted, gcj02_to_wgs84, wgs84_to_gcj02

inland = st.tuples(st.floats(73.1, 134.9), st.floats(18.1, 53.4))
abroad = st.one_of(
    st.tuples(st.floats(-180.0, 72.0), st.floats(-90.0, 90.0)),
    st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 0.8)),
)


def test_a_published_position() -> None:
    """The example that coordtransform and its ports print in their manuals."""
    assert wgs84_to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-12)


@given(inland)
def test_there_and_back(position: tuple[float, float]) -> None:
    assert gcj02_to_wgs84(*wgs84_to_gcj02(*position)) == pytest.approx(position, abs=1e-9)


@given(inland)
def test_the_offset_is_some_hundred_metres(position: tuple[float, float]) -> None:
    longitude, latitude = wgs84_to_gcj02(*position)
    assert 1e-4 < abs(longitude - position[0]) + abs(latitude - position[1]) < 0.03


@given(abroad)
def test_abroad_nothing_moves(position: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(*position) == position
    assert gcj02_to_wgs84(*position) == position


def test_geometries_of_any_depth_are_converted_and_the_given_one_left_alone() -> None:
    ring = [[118.80, 32.00], [118.81, 32.00], [118.81, 32.01], [118.80, 32.00]]
    geometry: dict[str, Any] = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [118.80, 32.00, 12.5]},
            {"type": "MultiPolygon", "coordinates": [[ring]]},
        ],
    }
    point, area = converted(geometry, Datum.GCJ02)["geometries"]
    assert point["coordinates"] == [*gcj02_to_wgs84(118.80, 32.00), 12.5]
    assert area["coordinates"] == [[[list(gcj02_to_wgs84(x, y)) for x, y in ring]]]
    assert geometry["geometries"][0]["coordinates"] == [118.80, 32.00, 12.5]
    assert converted(geometry, Datum.WGS84) == geometry


def test_what_is_no_geometry_is_refused() -> None:
    with pytest.raises(ValueError, match="not a GeoJSON geometry"):
        converted({"type": "Feature"}, Datum.WGS84)

"""The demo's district and small files of one, for the tests of the territory."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from shapely.geometry import Polygon, mapping

from linli.demo.geography import district_plan
from linli.ground.territory import facade as territory
from linli.ground.territory.facade import Place, Preview
from linli.ground.territory.rules.coverage import Coverage
from linli.ground.territory.rules.levels import level_of, path_of
from linli.kernel.geodesy import Datum

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
positions = st.tuples(st.floats(118.76, 118.85), st.floats(31.96, 32.04))


@cache
def plan() -> territory.DistrictPlan:
    """The demo district on paper."""
    return district_plan()


@cache
def drawn() -> Coverage:
    """The demo district, indexed without a database."""
    return Coverage((place_of(unit.code, unit.name), unit.outline) for unit in plan().units if unit.outline)


def place_of(code: str, name: str) -> Place:
    """A place as it would be read from the table."""
    return Place(0, code, name, level_of(code), path_of(code))


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A square outline."""
    return dict(mapping(Polygon.from_bounds(west, south, west + size, south + size)))


def written(folder: Path, streets: str, communities: str, outline: Any = None) -> Preview:
    """A preview of files with these contents."""
    (folder / "streets.csv").write_text("code,name,areaCode\n" + streets, "utf-8")
    (folder / "communities.csv").write_text("code,name,streetCode\n" + communities, "utf-8")
    if outline is not None:
        (folder / "outline.json").write_text(json.dumps(outline), "utf-8")
    return territory.read_units(
        folder / "streets.csv",
        folder / "communities.csv",
        folder / "outline.json" if outline is not None else None,
        Datum.GCJ02,
        name="云汀区",
    )


def places_of(preview: Preview) -> list[tuple[str, int, str]]:
    """Where the faults of a preview lie."""
    assert all(fault.problem and fault.remedy for fault in preview.faults)
    return [(fault.file, fault.row, fault.column) for fault in preview.faults]

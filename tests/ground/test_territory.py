"""The territory: every point in one unit of each level, read from the table as from the plan."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from pytest_django import DjangoAssertNumQueries
from shapely.geometry import LineString, Point, shape
from shapely.geometry.base import BaseGeometry

from linli.demo.geography import COMMUNITY_NAMES, RIVER, STREET_NAMES, district_plan
from linli.ground.record.models import Record
from linli.ground.territory import facade as territory
from linli.ground.territory.facade import LEVELS, Kind, Level, PlaceProblem, TopologyProblem, Unit
from linli.ground.territory.rules.coverage import Coverage, topology_faults
from linli.ground.territory.rules.levels import is_code, kind_of, level_of, parent_of, path_of
from linli.ground.territory.rules.names import Gazetteer
from linli.ground.territory.rules.places import How
from linli.kernel.access import SYSTEM
from linli.kernel.paths import upper_bound
from tests.ground.territories import LATER, NOW, drawn, place_of, plan, positions, square, written


@pytest.fixture
def founded(db: None) -> None:
    """The demo district in the database."""
    territory.found_district(plan(), actor=SYSTEM, now=NOW)


# Codes


@pytest.mark.parametrize(
    ("code", "name", "level", "kind", "parent", "path"),
    [
        ("320104000000", "", Level.DISTRICT, Kind.DISTRICT, "", "0001"),
        ("441900000000", "", Level.DISTRICT, Kind.DISTRICT, "", "0001"),  # a city without districts
        ("441900003000", "", Level.STREET, Kind.STREET, "441900000000", "00010003"),
        ("320104001000", "", Level.STREET, Kind.STREET, "320104000000", "00010001"),
        ("320104100000", "", Level.STREET, Kind.TOWN, "320104000000", "00010100"),
        ("320104200000", "", Level.STREET, Kind.TOWNSHIP, "320104000000", "00010200"),
        ("320104400000", "", Level.STREET, Kind.FUNCTIONAL_AREA, "320104000000", "00010400"),
        ("320104700000", "", Level.STREET, Kind.OTHER, "320104000000", "00010700"),
        ("320104001006", "", Level.COMMUNITY, Kind.COMMITTEE, "320104001000", "000100010006"),
        ("320104001206", "", Level.COMMUNITY, Kind.VILLAGE, "320104001000", "000100010206"),
        ("320104401498", "", Level.COMMUNITY, Kind.VIRTUAL, "320104401000", "000104010498"),
        ("320104401006", "某某虚拟社区", Level.COMMUNITY, Kind.VIRTUAL, "320104401000", "000104010006"),
        ("320104001006012", "", Level.GRID, Kind.GRID, "320104001006", "0001000100060012"),
    ],
)
def test_a_code_says_level_kind_parent_and_path(
    code: str, name: str, *, level: Level, kind: Kind, parent: str, path: str
) -> None:
    assert (level_of(code), kind_of(code, name), parent_of(code), path_of(code)) == (
        level,
        kind,
        parent,
        path,
    )


@pytest.mark.parametrize(
    "code",
    [
        "",
        "320104",
        "32010400100",
        "3201040010010",
        "32010400100X",
        "020104001001",
        "320104000001",
        "320104001000001",
        "320104001001000",
        "320000000000",
        "３２０１０４００１００１",
    ],
)
def test_what_is_no_code(code: str) -> None:
    assert not is_code(code)
    with pytest.raises(ValueError, match="not a division code"):
        level_of(code)


# The demo's ground


def test_the_demo_has_the_size_of_the_study() -> None:
    assert [len(plan().at(level)) for level in LEVELS][:3] == [1, 12, 111]
    grids = {community.code: 0 for community in plan().at(Level.COMMUNITY)}
    for grid in plan().at(Level.GRID):
        grids[grid.parent_code] += 1
    assert set(grids.values()) == {2, 3, 4}
    assert all(unit.code.startswith("990104") and is_code(unit.code) for unit in plan().units)
    assert len({unit.name for unit in plan().units}) == len(plan().units)
    assert all(800 <= (community.households or 0) <= 4000 for community in plan().at(Level.COMMUNITY))


def test_the_demo_is_the_same_for_the_same_seed() -> None:
    assert district_plan(7) == plan()
    assert district_plan(8) != plan()


def test_households_roll_up_exactly() -> None:
    sums: dict[str, int] = {}
    for unit in plan().units:
        sums[unit.parent_code] = sums.get(unit.parent_code, 0) + (unit.households or 0)
    for unit in plan().units:
        if unit.level is not Level.GRID:
            assert unit.households == sums[unit.code]


@pytest.mark.parametrize("level", [Level.STREET, Level.COMMUNITY, Level.GRID])
@pytest.mark.parametrize("seed", [7, 8])
def test_the_demo_divides_exactly(seed: int, level: Level) -> None:
    district = district_plan(seed)
    above = LEVELS[level.depth - 2]
    parts = {unit.code: unit.outline for unit in district.at(level)}
    wholes = {unit.code: unit.outline for unit in district.at(above)}
    assert topology_faults(parts, wholes, negligible=0.0) == ()


def test_no_street_of_the_demo_lies_on_both_banks() -> None:
    river = LineString(RIVER)
    for street in plan().at(Level.STREET):
        crossed: BaseGeometry = shape(street.outline or {}).buffer(-1e-5)
        assert not crossed.intersects(river), street.name


@pytest.mark.real_data
def test_the_demo_bears_no_real_names(real_data: Path) -> None:
    with (real_data / "territory" / "nanjing_communities_2023.csv").open(encoding="utf-8") as file:
        real = {row["name"].removesuffix("社区居委会") for row in csv.DictReader(file)}
    with (real_data / "territory" / "nanjing_streets_2023.csv").open(encoding="utf-8") as file:
        real |= {row["name"].removesuffix("街道") for row in csv.DictReader(file)}
    assert not real.intersection(COMMUNITY_NAMES + STREET_NAMES)


# Points


@given(positions)
def test_a_point_lies_in_one_unit_per_level_or_outside(position: tuple[float, float]) -> None:
    found = drawn().locate(*position)
    if not shape(plan().district.outline or {}).intersects(Point(position)):
        assert [fault.problem for fault in found.faults] == [PlaceProblem.OUTSIDE_DISTRICT]
        assert found.finest is None
        return
    assert found.faults == ()
    chain = [found.at(level) for level in LEVELS]
    assert [place.level for place in chain if place] == list(LEVELS)
    for place in chain:
        assert place is not None
        assert found.grid is not None
        assert place.holds(found.grid)


def test_on_a_shared_border_the_lowest_code_has_the_point() -> None:
    owners: dict[tuple[float, float], list[str]] = {}
    for grid in plan().at(Level.GRID):
        for x, y in {(x, y) for ring in (grid.outline or {})["coordinates"] for x, y in ring}:
            owners.setdefault((x, y), []).append(grid.code)
    shared = {corner: codes for corner, codes in owners.items() if len(codes) > 1}
    assert len(shared) > 500
    for corner, codes in shared.items():
        found = drawn().locate(*corner)
        assert found.faults == ()
        assert found.grid is not None
        assert found.grid.code == min(codes)
        assert found.community is not None
        assert found.community.code == min(codes)[:12]


@pytest.mark.parametrize("position", [(118.70, 32.0), (118.8, 33.0), (float("nan"), 32.0), (0.0, float("inf"))])
def test_a_point_outside_is_reported(position: tuple[float, float]) -> None:
    found = drawn().locate(*position)
    assert found.finest is None
    assert [fault.problem for fault in found.faults] == [PlaceProblem.OUTSIDE_DISTRICT]


def test_gaps_overlaps_and_levels_that_disagree_are_reported() -> None:
    coverage = Coverage(
        [
            (place_of("990104000000", "区"), square(118.0, 32.0, 0.04)),
            (place_of("990104001000", "甲街道"), square(118.0, 32.0, 0.02)),
            (place_of("990104002000", "乙街道"), square(118.015, 32.0, 0.02)),
            (place_of("990104002001", "乙一社区"), square(118.0, 32.0, 0.02)),
        ]
    )

    def problems(longitude: float, latitude: float) -> list[tuple[str, str]]:
        return [(f.problem, f.level) for f in coverage.locate(longitude, latitude).faults]

    assert (PlaceProblem.OVERLAP, Level.STREET) in problems(118.017, 32.01)
    assert (PlaceProblem.GAP, Level.STREET) in problems(118.039, 32.039)
    assert (PlaceProblem.LEVELS_DISAGREE, Level.COMMUNITY) in problems(118.005, 32.01)
    assert (PlaceProblem.NO_OUTLINE, Level.GRID) in problems(118.005, 32.01)


def test_faults_of_outlines_are_measured_in_square_metres() -> None:
    parent: dict[str, dict[str, Any] | None] = {"990104000000": square(118.0, 0.0, 0.02)}
    units = {
        "990104001000": square(118.0, 0.0),
        "990104002000": square(118.005, 0.0),
        "990104003000": None,
    }
    faults = topology_faults(units, parent)
    assert [fault.problem for fault in faults] == [
        TopologyProblem.NOT_DRAWN,
        TopologyProblem.OVERLAP,
        TopologyProblem.GAP,
    ]
    half = 1_111.95 * 1_111.95 / 2
    assert faults[1].codes == ("990104001000", "990104002000")
    assert faults[1].area_m2 == pytest.approx(half, rel=1e-3)
    assert faults[2].area_m2 == pytest.approx(5 * half, rel=1e-3)
    spilt = topology_faults({"990104001000": square(118.015, 0.0)}, parent)
    assert TopologyProblem.OUTSIDE_PARENT in [fault.problem for fault in spilt]


# Names


NAMES = Gazetteer(
    place_of(code, name)
    for code, name in (
        ("990104000000", "云汀区"),
        ("990104001000", "澄波街道"),
        ("990104001001", "澄波社区居委会"),
        ("990104001002", "清荷里社区居委会"),
        ("990104001003", "阳坡社区"),
        ("990104001002001", "清荷里第一网格"),
        ("990104002000", "云栈街道"),
        ("990104002001", "阳坡社区"),
        ("990104002002", "小清荷里社区"),
    )
)


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("清荷里社区居委会门口的路灯不亮", "990104001002", How.FULL_NAME),
        ("清荷里社区的路灯不亮", "990104001002", How.FULL_NAME),
        ("我住清荷里3栋", "990104001002", How.SHORT_NAME),
        ("我住小清荷里3栋", "990104002002", How.SHORT_NAME),
        ("澄波街道办事处不接电话", "990104001000", How.FULL_NAME),
        ("澄波社区没有停车位", "990104001001", How.FULL_NAME),
        ("澄波没有停车位", "990104001000", How.AMBIGUOUS),
        ("澄波街道清荷里没有停车位", "990104001002", How.SHORT_NAME),
        ("阳坡没有停车位", "990104000000", How.AMBIGUOUS),
        ("云栈街道阳坡没有停车位", "990104002001", How.SHORT_NAME),
        ("云汀区清荷里", "990104001002", How.SHORT_NAME),
        ("云汀区什么时候修路", "990104000000", How.FULL_NAME),
        ("什么时候修路", "990104000000", How.NOT_NAMED),
        ("", "990104000000", How.NOT_NAMED),
    ],
)
def test_a_place_is_read_out_of_a_text(text: str, code: str, how: How) -> None:
    resolved = NAMES.resolve(text)
    assert (resolved.unit.code, resolved.how) == (code, how)


# The table


@pytest.mark.django_db
def test_a_district_is_founded_once(founded: None) -> None:
    assert Unit.objects.count() == len(plan().units)
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert territory.district().valid_from == date(2026, 3, 2)
    (row,) = Record.objects.filter(event="found_district")
    assert row.codes == {"streets": 12, "communities": 111, "grids": len(plan().at(Level.GRID))}
    with pytest.raises(territory.AlreadyFounded):
        territory.found_district(plan(), actor=SYSTEM, now=LATER)
    assert Unit.objects.count() == len(plan().units)
    assert Record.objects.count() == 1


@pytest.mark.django_db
def test_the_tree_is_read_from_the_table(founded: None) -> None:
    street = territory.by_code("990104003000")
    below = Unit.objects.filter(path__gte=street.path, path__lt=upper_bound(street.path)).values_list("code", flat=True)
    assert sorted(below) == sorted(unit.code for unit in plan().units if unit.code.startswith("990104003"))
    assert [unit.code for unit in territory.units(Level.STREET)] == [u.code for u in plan().at(Level.STREET)]
    features = territory.outlines(Level.COMMUNITY)["features"]
    assert [each["properties"]["code"] for each in features] == [u.code for u in plan().at(Level.COMMUNITY)]
    assert territory.topology_faults() == dict.fromkeys(LEVELS, ())


@pytest.mark.django_db
def test_locating_reads_the_outlines_once(founded: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    points = [(unit.longitude or 0.0, unit.latitude or 0.0) for unit in plan().at(Level.GRID)]
    territory.locate(*points[0])
    with django_assert_num_queries(1):
        coverage = territory.atlas().coverage
        found = [coverage.locate(*point) for point in points]
    assert [each.grid.code for each in found if each.grid] == [unit.code for unit in plan().at(Level.GRID)]
    with django_assert_num_queries(1):
        assert territory.locate(*points[0]) == found[0]
    with django_assert_num_queries(1):
        assert territory.resolve_place("清荷里社区").unit.name == "清荷里社区"


@pytest.mark.django_db
def test_what_is_remembered_follows_the_table(founded: None, tmp_path: Path) -> None:
    assert territory.resolve_place("新名里").how is How.NOT_NAMED
    rows = [f"{u.code[:9]},{u.name},990104\n" for u in plan().at(Level.STREET)]
    preview = written(tmp_path, "".join(rows), "990104001002,新名里社区,990104001\n")
    territory.import_territory(preview, actor=SYSTEM, now=LATER)
    assert territory.resolve_place("新名里").unit.code == "990104001002"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"level": Level.STREET.value},
        {"code": "9901"},
        {"outline_datum": ""},
        {"longitude": None},
        {"longitude": 200.0},
        {"valid_to": date(2026, 3, 2)},
        {"level": Level.DISTRICT.value, "depth": 1},
    ],
)
def test_the_database_refuses_what_cannot_be(founded: None, columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(code="990104001001").update(**columns)

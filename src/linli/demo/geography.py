"""The ground on which the demo plays: a district that does not exist.

云汀区 lies on both banks of a river near 118.8° E, 32.0° N, with 12 streets, 111 communities and two to four
grids in each. Names, codes (990104 is assigned to nobody) and numbers are invented. The outlines divide one
another exactly: neighbours share their border vertex by vertex.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import shapely
from shapely import LineString, MultiPoint, Point, Polygon, STRtree
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from linli.demo.chances import shares
from linli.ground.territory.facade import DistrictPlan, PlannedUnit
from linli.kernel.geodesy import Datum

DISTRICT_NAME = "云汀区"
DISTRICT_CODE = "990104"
STREETS = "澄波 云栈 鹤汀 烟堤 青岚 南薰 书带 桐荫 星渚 月砧 芦荻 松风"
COMMUNITIES = """
    澄波 清荷里 拾翠巷 采菱桥 浣纱里 藕香园 鸥鹭里 白蘋渡 钓雪里 枕河巷 步云里 晴岚苑 归鹤园 半山亭
    霞客巷 流云巷 栖云里 飞鸿桥 折柳桥 烟柳里 问柳巷 莺歌里 絮飞园 新堤里 长亭里 短亭巷 青梅巷 竹溪里
    兰皋园 菊潭里 梅影巷 桂魄里 杏帘里 桃蹊巷 榴火里 槐序里 书声里 砚池巷 墨香苑 笔架里 棋枰巷 画舫里
    诗筒巷 弦歌里 梧叶巷 橘井巷 银杏坊 椿树里 楝花巷 枫桥里 樟木坊 星桥里 斗宿巷 天河园 参商里 银汉桥
    启明苑 长庚里 摘星巷 月砧里 玉兔巷 蟾宫里 望舒园 捣衣巷 霜砧里 秋千巷 团扇里 芦花渡 荻浦里 蓼汀巷
    菰米里 沙鸥苑 归帆里 渔火桥 晚潮里 系舟巷 松针里 听松苑 石泉里 煮茶里 瓦当巷 青砖里 响水桥 油纸巷
    灯市里 染坊里 陶灶巷 铜铺里 伞铺巷 纸鸢里 麦香园 谷雨里 白露巷 小满里 霜降苑 清和里 惊蛰巷 芒种里
    夏至苑 冬藏里 暖阳新村 和煦新村 朝晖里 晚晴苑 同乐新村 安步里 从容巷 知足里 常乐坊 守望巷 相助里
"""
STREET_NAMES = tuple(STREETS.split())
COMMUNITY_NAMES = tuple(COMMUNITIES.split())
"""The first community bears the name of its street, as happens in every city."""

SHORE = (
    (118.7612, 32.0021), (118.7630, 32.0148), (118.7688, 32.0262), (118.7791, 32.0335), (118.7902, 32.0371),
    (118.8033, 32.0366), (118.8158, 32.0389), (118.8262, 32.0347), (118.8317, 32.0251), (118.8421, 32.0198),
    (118.8468, 32.0079), (118.8439, 31.9952), (118.8481, 31.9841), (118.8402, 31.9738), (118.8276, 31.9701),
    (118.8161, 31.9642), (118.8027, 31.9668), (118.7912, 31.9641), (118.7803, 31.9702), (118.7741, 31.9801),
    (118.7659, 31.9896),
)  # fmt: skip
"""The district's outline before its border is drawn to the decimetre."""
RIVER = (
    (118.7550, 32.0105), (118.7660, 32.0079), (118.7752, 32.0019), (118.7829, 31.9962), (118.7921, 31.9958),
    (118.8003, 32.0008), (118.8087, 32.0034), (118.8176, 31.9999), (118.8240, 31.9928), (118.8329, 31.9889),
    (118.8423, 31.9898), (118.8560, 31.9870),
)  # fmt: skip
"""The middle of the river 芦溪, from west to east. No street lies on both banks."""

FEWEST_COMMUNITIES = 6
HOUSEHOLDS = range(800, 4001)
HOUSEHOLDS_PER_GRID = 1000
RELAXATIONS = 12
GRAIN = 1e-6
"""Degrees to which outlines are drawn, about a decimetre."""
DIGITS = 6
NUMERALS = "一二三四"


def district_plan(seed: int = 7) -> DistrictPlan:
    """The fictional district, the same for the same seed.

    Args:
        seed: moves every border but the district's and the river, and every number of households.

    Returns:
        1 district, 12 streets, 111 communities and their grids, each with an outline, a point inside and
        households that add up exactly from level to level.
    """
    random = Random(seed)  # noqa: S311  # repeatable, and nothing secret
    banks = sorted(split(Polygon(SHORE), LineString(RIVER)).geoms, key=lambda bank: -bank.centroid.y)
    parts = shares(len(STREET_NAMES), [bank.area for bank in banks])
    streets = [
        street for bank, share in zip(banks, parts, strict=True) for street in _in_order(_divided(bank, share, random))
    ]
    extra = len(COMMUNITY_NAMES) - FEWEST_COMMUNITIES * len(streets)
    counts = [FEWEST_COMMUNITIES + more for more in shares(extra, [street.area for street in streets])]
    codes: list[str] = []
    cells: list[BaseGeometry] = []
    households: dict[str, int] = {}
    for number, (street, count) in enumerate(zip(streets, counts, strict=True), start=1):
        for serial, community in enumerate(_in_order(_divided(street, count, random)), start=1):
            code = f"{DISTRICT_CODE}{number:03}{serial:03}"
            total = random.choice(HOUSEHOLDS)
            grids = _in_order(_divided(community, _grids_for(total), random))
            parts = shares(total, [grid.area + community.area / 4 for grid in grids])
            for place, (grid, part) in enumerate(zip(grids, parts, strict=True), start=1):
                codes.append(f"{code}{place:03}")
                cells.append(grid)
                households[codes[-1]] = part
    return DistrictPlan(_units(dict(zip(codes, _fitted(cells), strict=True)), households))


def _units(grids: dict[str, BaseGeometry], households: dict[str, int]) -> tuple[PlannedUnit, ...]:
    """Every level from its grids: outlines joined, households added up."""
    names = iter(COMMUNITY_NAMES)
    communities = {code: next(names) for code in sorted({code[:12] for code in grids})}
    levels: tuple[tuple[int, Callable[[str], str]], ...] = (
        (6, lambda _: DISTRICT_NAME),
        (9, lambda code: f"{STREET_NAMES[int(code[6:9]) - 1]}街道"),
        (12, lambda code: f"{communities[code]}社区"),
        (15, lambda code: f"{communities[code[:12]]}第{NUMERALS[int(code[12:]) - 1]}网格"),
    )
    units = []
    for digits, name in levels:
        members: defaultdict[str, list[str]] = defaultdict(list)
        for grid in sorted(grids):
            members[grid[:digits]].append(grid)
        for code, within in members.items():
            outline = shapely.union_all([grids[grid] for grid in within])
            point = outline.representative_point()
            units.append(
                PlannedUnit(
                    code=code.ljust(12, "0"),
                    name=name(code),
                    outline=_geojson(outline),
                    outline_datum=Datum.WGS84,
                    longitude=round(point.x, DIGITS),
                    latitude=round(point.y, DIGITS),
                    households=sum(households[grid] for grid in within),
                )
            )
    return tuple(units)


def _grids_for(households: int) -> int:
    """Two to four grids, by the number of households."""
    return min(max(-(-households // HOUSEHOLDS_PER_GRID), 2), len(NUMERALS))


def _divided(area: BaseGeometry, parts: int, random: Random) -> list[BaseGeometry]:
    """Parts of similar size: Voronoi cells of points that have moved to the middle of their cells (Lloyd)."""
    seeds = _scattered(area, parts, random)
    cells: list[Any] = []
    for _ in range(RELAXATIONS):
        diagram = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=area)
        cells = [cell for cell in shapely.intersection(area, shapely.get_parts(diagram)).tolist() if cell.area]
        seeds = [cell.centroid if cell.contains(cell.centroid) else cell.representative_point() for cell in cells]
    whole = [max(shapely.get_parts(cell).tolist(), key=lambda piece: float(piece.area)) for cell in cells]
    strays = area.difference(shapely.union_all(whole))
    for stray in shapely.get_parts(strays).tolist():
        nearest = max(range(len(whole)), key=lambda index: _common_border(whole[index], stray))
        whole[nearest] = whole[nearest].union(stray)
    return whole


def _common_border(cell: BaseGeometry, stray: BaseGeometry) -> float:
    """Length along which a stray piece lies against a cell, a hair's breadth allowed for rounding."""
    return float(cell.buffer(GRAIN).intersection(stray.boundary).length)


def _scattered(area: BaseGeometry, number: int, random: Random) -> list[Point]:
    """Points anywhere inside an area."""
    west, south, east, north = area.bounds
    points: list[Point] = []
    while len(points) < number:
        point = Point(random.uniform(west, east), random.uniform(south, north))
        if area.contains(point):
            points.append(point)
    return points


def _in_order(cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Cells as their serial numbers go: in rows from north to south, each from west to east (DB11 grids)."""
    rows = max(round(len(cells) ** 0.5), 1)
    by_latitude = sorted(cells, key=lambda cell: -cell.centroid.y)
    row_of = {id(cell): index * rows // len(cells) for index, cell in enumerate(by_latitude)}
    return sorted(cells, key=lambda cell: (row_of[id(cell)], cell.centroid.x))


def _fitted(cells: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """The cells redrawn on one grid of coordinates, without gap or overlap.

    All borders are laid on top of each other, rounded and cut where they meet. What they enclose goes to the
    cell that it lies in, so that the pieces between two cells can only belong to one of them.
    """
    borders = shapely.union_all(shapely.boundary(cells), grid_size=GRAIN)
    faces = shapely.get_parts(shapely.polygonize([borders])).tolist()
    tree = STRtree(cells)
    pieces: defaultdict[int, list[Any]] = defaultdict(list)
    for face, nearest in zip(faces, tree.nearest(shapely.point_on_surface(faces)).tolist(), strict=True):
        pieces[nearest].append(face)
    return [shapely.union_all(pieces[index]) for index in range(len(cells))]


def _geojson(outline: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON polygon with its coordinates written out to the decimetre."""
    rings = mapping(outline)["coordinates"]
    rounded = [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring] for ring in rings]
    return {"type": "Polygon", "coordinates": rounded}

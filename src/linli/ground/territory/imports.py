"""Reading division codes and outlines from files, with every fault named by its row.

Two tables as the statistics office publishes them, and one GeoJSON file: streets (`code`, `name`,
`areaCode`), communities (`code`, `name`, `streetCode`), outlines with a `code` or `adcode` property. Nothing
is written here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from linli.ground.territory.rules.levels import is_code, level_of
from linli.ground.territory.rules.plan import DistrictPlan, PlannedUnit
from linli.kernel.divisions import DISTRICT_DIGITS, STREET_DIGITS, UNIT_DIGITS, Level
from linli.kernel.geodesy import Datum, converted

ENCODINGS = ("utf-8-sig", "gb18030")
STREET_COLUMNS = ("code", "name", "areaCode")
COMMUNITY_COLUMNS = ("code", "name", "streetCode")
CODE_PROPERTIES = ("code", "adcode")
LONGEST_NAME = 60
SHORT_CODES = (DISTRICT_DIGITS, STREET_DIGITS)


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file, and what to do about it.

    Args:
        file: name of the file.
        row: line as an editor counts it, the heading being 1; 0 concerns the whole file. In an outline file
            the number of the feature, from 1.
        column: heading of the column, empty if the whole row is meant.
        problem: what is wrong, in the words of the page.
        remedy: what to do about it.
    """

    file: str
    row: int
    column: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class Preview:
    """What an import would bring in. With faults it cannot be imported."""

    units: tuple[PlannedUnit, ...]
    faults: tuple[Fault, ...]

    @cached_property
    def plan(self) -> DistrictPlan:
        """The units as a plan; only a preview without faults has one."""
        return DistrictPlan(self.units)


class Unreadable(ValueError):
    """A file that cannot be read at all; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.problem)
        self.fault = fault


def read_units(streets: Path, communities: Path, outline: Path | None, datum: Datum, *, name: str = "") -> Preview:
    """Read a district's files.

    Functional areas and virtual communities are kept like any other unit; their codes tell them apart
    (`PlannedUnit.kind`).

    Args:
        streets: CSV in UTF-8 or GB 18030 with the columns code, name and areaCode.
        communities: the same with code, name and streetCode.
        outline: GeoJSON; the feature without a unit's code, or with the district's, draws the district.
        datum: of the coordinates in `outline`.
        name: the district's name, if no outline file gives it or it is to be another.

    Returns:
        The units with the district first, and every fault found.
    """
    reading = _Reading(name)
    try:
        for line, row in _rows(streets, STREET_COLUMNS):
            reading.street(streets.name, line, row)
        for line, row in _rows(communities, COMMUNITY_COLUMNS):
            reading.community(communities.name, line, row)
        features = _features(outline) if outline else []
    except Unreadable as unreadable:
        return Preview((), (*reading.faults, unreadable.fault))
    reading.found(streets.name, features)
    if outline:
        for number, feature in enumerate(features, start=1):
            reading.drawing(outline.name, number, feature, datum)
    units = sorted(reading.units.values(), key=lambda unit: (unit.level.depth, unit.code))
    return Preview(tuple(units), tuple(reading.faults))


class _Reading:
    """The units and faults found so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.area = ""
        self.units: dict[str, PlannedUnit] = {}
        self.faults: list[Fault] = []

    def street(self, file: str, line: int, row: Mapping[str, str]) -> None:
        """Take on one row of the streets' table."""
        unit = self._unit(file, line, row, Level.STREET)
        area = row["areaCode"]
        self.area = self.area or area[:DISTRICT_DIGITS]
        if area[:DISTRICT_DIGITS] != self.area or not area:
            self._fault(
                file,
                line,
                "areaCode",
                _("区代码“%(code)s”与前面各行的“%(area)s”不同") % {"code": area, "area": self.area},
                _("一次只导入一个区：请删去其他区的行"),
            )
        elif unit and unit.code[:DISTRICT_DIGITS] != self.area:
            self._fault(
                file,
                line,
                "code",
                _("街道代码“%(code)s”不属于区“%(area)s”") % {"code": row["code"], "area": self.area},
                _("请核对街道代码的前六位"),
            )
        elif unit:
            self.units[unit.code] = unit

    def community(self, file: str, line: int, row: Mapping[str, str]) -> None:
        """Take on one row of the communities' table."""
        unit = self._unit(file, line, row, Level.COMMUNITY)
        if unit is None:
            return
        street = _filled(row["streetCode"])
        if street not in self.units:
            self._fault(
                file,
                line,
                "streetCode",
                _("街道表中没有“%(code)s”") % {"code": row["streetCode"]},
                _("请先在街道表中补上这个街道，或更正街道代码"),
            )
        elif unit.parent_code != street:
            self._fault(
                file,
                line,
                "code",
                _("社区代码“%(code)s”的前九位不是街道“%(street)s”")
                % {"code": row["code"], "street": row["streetCode"]},
                _("请核对社区代码与街道代码"),
            )
        else:
            self.units[unit.code] = unit

    def found(self, file: str, features: Sequence[Mapping[str, Any]]) -> None:
        """Add the district itself: its code from the streets, its name as given or from the outline."""
        code = _filled(self.area)
        if not is_code(code):
            self._fault(
                file,
                0,
                "areaCode",
                _("没有可用的区代码"),
                _("请在街道表的 areaCode 列填写六位区代码"),
            )
            return
        drawn = (feature for feature in features if _code_of(feature) in ("", code))
        name = self.name or next((str(_properties(feature).get("name") or "") for feature in drawn), "")
        if not name:
            self._fault(
                file,
                0,
                "",
                _("不知道区的名称"),
                _("请用 --name 写明，或提供带有名称的边界文件"),
            )
        self.units[code] = PlannedUnit(code, name)

    def drawing(self, file: str, number: int, feature: Mapping[str, Any], datum: Datum) -> None:
        """Give one outline to its unit."""
        code = _code_of(feature) or _filled(self.area)
        if code not in self.units or self.units[code].outline:
            known = code in self.units
            self._fault(
                file,
                number,
                "code",
                (_("“%(code)s”有两个边界") if known else _("表中没有“%(code)s”")) % {"code": code},
                _("每个单位只留一个边界") if known else _("请更正代码，或在表中补上这个单位"),
            )
            return
        try:
            geometry = converted(dict(feature["geometry"]), datum)
            area = shape(geometry)
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
            area, geometry = None, {}
        if area is None or area.geom_type not in ("Polygon", "MultiPolygon") or not area.is_valid or not area:
            self._fault(
                file,
                number,
                "geometry",
                _("“%(code)s”的边界不是完好的面") % {"code": code},
                _("请在制图软件中修复自相交等错误后重新导出"),
            )
            return
        point = area.representative_point()
        self.units[code] = replace(
            self.units[code], outline=geometry, outline_datum=datum, longitude=point.x, latitude=point.y
        )

    def _unit(self, file: str, line: int, row: Mapping[str, str], level: Level) -> PlannedUnit | None:
        """The unit of a row if its code and name will do."""
        code = _filled(row["code"])
        if not is_code(code) or level_of(code) is not level:
            digits = STREET_DIGITS if level is Level.STREET else UNIT_DIGITS
            self._fault(
                file,
                line,
                "code",
                _("代码“%(code)s”不合规") % {"code": row["code"]},
                _("应为 %(digits)s 位数字，末三位不为 000") % {"digits": digits},
            )
            return None
        if code in self.units:
            self._fault(
                file,
                line,
                "code",
                _("代码“%(code)s”已用于“%(name)s”") % {"code": row["code"], "name": self.units[code].name},
                _("每个代码只留一行"),
            )
            return None
        if not 0 < len(row["name"]) <= LONGEST_NAME:
            self._fault(
                file,
                line,
                "name",
                _("名称为空或过长"),
                _("请填写不超过 %(longest)s 个字的名称") % {"longest": LONGEST_NAME},
            )
            return None
        return PlannedUnit(code, row["name"])

    def _fault(self, file: str, row: int, column: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(file, row, column, problem, remedy))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their line numbers, every wanted column present and stripped."""
    reader = csv.DictReader(StringIO(_text(path), newline=""), restval="")
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise Unreadable(
            Fault(
                path.name,
                1,
                missing[0],
                _("缺少列：%(columns)s") % {"columns": ", ".join(missing)},
                _("首行应有列名 %(columns)s，用英文逗号分隔") % {"columns": ", ".join(columns)},
            )
        )
    try:
        for row in reader:
            yield reader.line_num, {column: (row[column] or "").strip() for column in columns}
    except csv.Error as error:
        remedy = _("请另存为 CSV 格式后重试")
        raise Unreadable(Fault(path.name, reader.line_num, "", _("这一行不是 CSV 格式"), remedy)) from error


def _features(path: Path) -> list[Mapping[str, Any]]:
    """The features of a GeoJSON file; a lone feature or geometry counts as one."""
    try:
        content = json.loads(_text(path))
        kind = content["type"]
        features = content["features"] if kind == "FeatureCollection" else [content]
        if kind not in ("FeatureCollection", "Feature"):
            features = [{"type": "Feature", "properties": {}, "geometry": content}]
        return [dict(feature) for feature in features]
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, Unreadable):
            raise
        remedy = _("请导出为 GeoJSON（FeatureCollection）")
        raise Unreadable(Fault(path.name, 0, "", _("不是 GeoJSON 文件"), remedy)) from error


def _text(path: Path) -> str:
    """The text of a file in UTF-8, with or without mark, or GB 18030."""
    try:
        content = path.read_bytes()
    except OSError as error:
        remedy = _("请核对文件的位置和读取权限")
        raise Unreadable(Fault(path.name, 0, "", _("无法读取文件"), remedy)) from error
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    remedy = _("请另存为 UTF-8 或 GB 18030 编码")
    raise Unreadable(Fault(path.name, 0, "", _("无法识别文件的文字编码"), remedy))


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _code_of(feature: Mapping[str, Any]) -> str:
    """The unit's code among a feature's properties, filled up to 12 digits; empty if there is none."""
    properties = _properties(feature)
    return _filled(next((str(properties[key]) for key in CODE_PROPERTIES if properties.get(key)), ""))


def _filled(code: str) -> str:
    """A code of 6 or 9 digits written out in 12; any other as it stands."""
    return code.ljust(UNIT_DIGITS, "0") if len(code) in SHORT_CODES else code

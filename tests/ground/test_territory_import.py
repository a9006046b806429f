"""Imports of a territory: every fault with its row, every import whole, names and paths kept."""

import csv
import gzip
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from shapely.geometry import Point, shape

from linli.ground.record.models import Record
from linli.ground.territory import facade as territory
from linli.ground.territory.facade import Kind, Preview, Unit
from linli.ground.territory.rules.places import How
from linli.kernel.access import SYSTEM
from linli.kernel.geodesy import Datum, gcj02_to_wgs84
from tests.ground.territories import LATER, NOW, places_of, plan, square, written


@pytest.fixture
def founded(db: None) -> None:
    """The demo district in the database."""
    territory.found_district(plan(), actor=SYSTEM, now=NOW)


# Files

STREETS = "990104001,澄波街道,990104\n990104400,高新园区,990104\n"
COMMUNITIES = "990104001001,清荷里社区居委会,990104001\n990104400498,高新园虚拟社区,990104400\n"


def test_files_give_every_unit_and_virtual_ones_are_marked(tmp_path: Path) -> None:
    preview = written(tmp_path, STREETS, COMMUNITIES)
    assert preview.faults == ()
    assert [(unit.code, unit.kind) for unit in preview.units] == [
        ("990104000000", Kind.DISTRICT),
        ("990104001000", Kind.STREET),
        ("990104400000", Kind.FUNCTIONAL_AREA),
        ("990104001001", Kind.COMMITTEE),
        ("990104400498", Kind.VIRTUAL),
    ]


@pytest.mark.parametrize(
    ("streets", "communities", "where"),
    [
        ("99010400,澄波街道,990104\n", "", ("streets.csv", 2, "code")),
        (STREETS + "990104001,云栈街道,990104\n", "", ("streets.csv", 4, "code")),
        (STREETS + "990105001,云栈街道,990105\n", "", ("streets.csv", 4, "areaCode")),
        (STREETS + "990105001,云栈街道,990104\n", "", ("streets.csv", 4, "code")),
        (STREETS + "990104003,,990104\n", "", ("streets.csv", 4, "name")),
        (STREETS, "99010400100,清荷里,990104001\n", ("communities.csv", 2, "code")),
        (STREETS, COMMUNITIES + "990104002001,拾翠巷,990104002\n", ("communities.csv", 4, "streetCode")),
        (STREETS, COMMUNITIES + "990104002001,拾翠巷,990104001\n", ("communities.csv", 4, "code")),
        (STREETS, COMMUNITIES + "990104001001,拾翠巷,990104001\n", ("communities.csv", 4, "code")),
        (STREETS, COMMUNITIES + "\n990104001002,拾翠巷\n", ("communities.csv", 5, "streetCode")),
        ("", "", ("streets.csv", 0, "areaCode")),
    ],
)
def test_a_fault_names_its_row(tmp_path: Path, streets: str, communities: str, where: tuple[str, int, str]) -> None:
    assert places_of(written(tmp_path, streets, communities)) == [where]


def test_a_missing_column_an_unknown_encoding_and_a_missing_file_are_named(tmp_path: Path) -> None:
    good = tmp_path / "streets.csv"
    good.write_text("code,name,areaCode\n" + STREETS, "utf-8")
    short, binary = tmp_path / "short.csv", tmp_path / "binary.csv"
    short.write_text("code,name\n", "utf-8")
    binary.write_bytes(b"code,name,streetCode\n\xff\xff\xff\n")
    for path, where in ((short, (1, "streetCode")), (binary, (0, "")), (tmp_path / "none.csv", (0, ""))):
        preview = territory.read_units(good, path, None, Datum.WGS84, name="云汀区")
        assert places_of(preview) == [(path.name, *where)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_chinese_offices_are_read(tmp_path: Path, encoding: str) -> None:
    streets, communities = tmp_path / "streets.csv", tmp_path / "communities.csv"
    streets.write_text("code,name,areaCode\n" + STREETS, encoding)
    communities.write_text("code,name,streetCode\n" + COMMUNITIES, encoding)
    preview = territory.read_units(streets, communities, None, Datum.WGS84, name="云汀区")
    assert preview.faults == ()
    assert preview.units[1].name == "澄波街道"


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_outlines_are_converted_and_given_to_their_units(tmp_path: Path) -> None:
    features = [feature(square(118.8, 32.0), adcode=990104), feature(square(118.8, 32.0), code="990104001")]
    preview = written(tmp_path, STREETS, COMMUNITIES, {"type": "FeatureCollection", "features": features})
    assert preview.faults == ()
    district, street = preview.units[:2]
    assert district.outline_datum is street.outline_datum is Datum.GCJ02
    corner = tuple((district.outline or {})["coordinates"][0][0])
    assert corner == gcj02_to_wgs84(*square(118.8, 32.0)["coordinates"][0][0])
    assert shape(district.outline or {}).contains(Point(district.longitude or 0.0, district.latitude or 0.0))


@pytest.mark.parametrize(
    ("outline", "where"),
    [
        ("no geometry", (0, "")),
        (feature({"type": "Point", "coordinates": [118.8, 32.0]}), (1, "geometry")),
        (feature(None), (1, "geometry")),
        (
            feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}),
            (1, "geometry"),
        ),
        (feature(square(118.8, 32.0), code="990104009"), (1, "code")),
    ],
)
def test_a_bad_outline_is_named(tmp_path: Path, outline: Any, where: tuple[int, str]) -> None:
    assert places_of(written(tmp_path, STREETS, COMMUNITIES, outline)) == [("outline.json", *where)]


def test_a_district_without_a_name_is_a_fault(tmp_path: Path) -> None:
    written(tmp_path, STREETS, COMMUNITIES)
    preview = territory.read_units(tmp_path / "streets.csv", tmp_path / "communities.csv", None, Datum.WGS84)
    assert "--name" in preview.faults[0].remedy


# Imports


@pytest.mark.django_db
def test_an_import_is_idempotent(tmp_path: Path) -> None:
    preview = written(tmp_path, STREETS, COMMUNITIES, square(118.8, 32.0))
    first = territory.import_territory(preview, actor=SYSTEM, now=NOW)
    assert first == territory.ImportResult(created=5, renamed=0, redrawn=0, unchanged=0)
    before = list(Unit.objects.order_by("path").values())
    second = territory.import_territory(preview, actor=SYSTEM, now=LATER)
    assert second == territory.ImportResult(created=0, renamed=0, redrawn=0, unchanged=5)
    assert list(Unit.objects.order_by("path").values()) == before
    (row,) = Record.objects.filter(event="import_territory")
    assert (row.subject, row.codes) == ("unit:990104000000", {"streets": 2, "communities": 2})


@pytest.mark.django_db
def test_a_later_import_renames_redraws_and_adds_without_moving_anything(tmp_path: Path) -> None:
    territory.import_territory(written(tmp_path, STREETS, COMMUNITIES), actor=SYSTEM, now=NOW)
    paths = dict(Unit.objects.values_list("code", "path"))
    streets = STREETS.replace("高新园区", "云栈高新园区")
    added = COMMUNITIES + "990104001002,拾翠巷社区居委会,990104001\n"
    preview = written(tmp_path, streets, added, square(118.8, 32.0))
    result = territory.import_territory(preview, actor=SYSTEM, now=LATER)
    assert result == territory.ImportResult(created=1, renamed=1, redrawn=1, unchanged=3)
    assert paths.items() <= dict(Unit.objects.values_list("code", "path")).items()
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    area = territory.by_code("990104400000")
    assert (area.name, area.outline) == ("云栈高新园区", None)
    (former,) = territory.former_names(area)
    assert (former.name, former.valid_from, former.valid_to) == (
        "高新园区",
        date(2026, 3, 2),
        date(2026, 9, 1),
    )


@pytest.mark.django_db
def test_an_import_with_faults_or_of_another_district_changes_nothing(founded: None, tmp_path: Path) -> None:
    before = list(Unit.objects.order_by("path").values())
    faulty = written(tmp_path, STREETS + "1,二,3\n", COMMUNITIES)
    other = written(tmp_path, "990105001,甲街道,990105\n", "")
    for preview in (faulty, replace(faulty, units=()), other):
        with pytest.raises(territory.ImportRefused):
            territory.import_territory(preview, actor=SYSTEM, now=LATER)
    assert list(Unit.objects.order_by("path").values()) == before
    assert not Record.objects.filter(event="import_territory").exists()


# Real codes and places


def real_preview(real_data: Path) -> Preview:
    """Qinhuai's own files."""
    folder = real_data / "territory"
    return territory.read_units(
        folder / "qinhuai_streets_2023.csv",
        folder / "qinhuai_communities_2023.csv",
        folder / "qinhuai_district_gcj02.geojson",
        Datum.GCJ02,
    )


@pytest.mark.real_data
@pytest.mark.django_db
def test_the_real_district_is_imported(real_data: Path, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    preview = real_preview(real_data)
    assert preview.faults == ()
    with django_assert_max_num_queries(20):
        result = territory.import_territory(preview, actor=SYSTEM, now=NOW)
    assert result == territory.ImportResult(created=125, renamed=0, redrawn=0, unchanged=0)
    kinds = [unit.kind for unit in Unit.objects.all()]
    assert [kinds.count(kind) for kind in (Kind.STREET, Kind.FUNCTIONAL_AREA)] == [12, 4]
    assert [kinds.count(kind) for kind in (Kind.COMMITTEE, Kind.VIRTUAL)] == [104, 4]
    assert territory.district().name == "秦淮区"
    assert not any(territory.topology_faults().values())
    again = territory.import_territory(preview, actor=SYSTEM, now=LATER)
    assert again == territory.ImportResult(created=0, renamed=0, redrawn=0, unchanged=125)
    assert territory.resolve_place("月牙湖").how is How.AMBIGUOUS
    assert territory.resolve_place("月牙湖社区").unit.code == "320104010003"


@pytest.mark.real_data
@pytest.mark.django_db
def test_real_places_lie_in_the_real_district(real_data: Path) -> None:
    """Places and outline were published separately, both in GCJ-02; converted they must still agree."""
    territory.import_territory(real_preview(real_data), actor=SYSTEM, now=NOW)
    file = real_data / "places" / "qinhuai_poi_amap2018_gcj02.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))[::20]
    points = [gcj02_to_wgs84(float(row["lng"]), float(row["lat"])) for row in rows]
    found = [territory.atlas().coverage.locate(*point) for point in points]
    inside = sum(each.district is not None for each in found)
    assert inside / len(found) > 0.98

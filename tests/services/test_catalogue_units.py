"""A catalogue of topics with a unit for each level of government in one row."""

import pytest

from linli.kernel.access import SYSTEM
from linli.services.catalogue.actions.import_topics import CatalogueRefused, ImportResult
from linli.services.catalogue.facade import Responsible, Topic, import_topics, preview_topics, responsible_unit
from tests.services.test_catalogue import LEVELS, sheet
from tests.world import Snapshot, World


def topic(name: str) -> Topic:
    found: Topic = Topic.objects.get(name=name, depth=3)
    return found


def bring_in(world: World, *rows: tuple[str, ...], columns: tuple[str, ...]) -> ImportResult:
    preview = preview_topics(sheet([("甲", "乙", *row) for row in rows], (*LEVELS, *columns)))
    assert not preview.faults
    return import_topics(preview, actor=SYSTEM, now=world.now)


def test_a_unit_for_each_level_stands_in_one_row(world: World) -> None:
    department = world.office["department"]
    bring_in(
        world,
        ("灯杆", "街道", "城市管理部", department.name),
        ("井盖", "区", "urban_management", department.name),
        ("调解", "社区", "", department.name),
        ("办证", "街道", "市民服务中心", ""),
        columns=("责任层级", "街道责任单位", "区责任单位"),
    )
    place = world.community["A1"]
    assert responsible_unit(topic("灯杆"), place) == world.office["urban_management A"]
    assert responsible_unit(topic("灯杆"), place, for_district=True) == department
    assert responsible_unit(topic("井盖"), place) == department
    assert responsible_unit(topic("调解"), place) == world.office["committee A1"]
    assert responsible_unit(topic("调解"), place, for_district=True) == department
    assert (topic("井盖").street_unit, topic("调解").street_unit) == ("urban_management", "")
    assert (topic("办证").street_unit, topic("办证").department) == ("citizen_service_center", None)


def test_the_columns_are_known_by_other_names_too(world: World) -> None:
    preview = preview_topics(sheet([("甲", "乙", "丙", "", "")], (*LEVELS, "区职能部门", "街道责任部门")))
    assert set(preview.columns) == {*LEVELS, "街道责任单位", "区责任单位"}


def test_a_unit_that_a_later_file_does_not_name_stays(world: World) -> None:
    department = world.office["department"]
    first = ("灯杆", "街道", "城市管理部", department.name)
    bring_in(world, first, columns=("责任层级", "责任单位", "区责任单位"))
    result = bring_in(world, ("灯杆", "街道", "城市管理部", "9"), columns=("责任层级", "责任单位", "承诺工作日"))
    assert (result.changed, topic("灯杆").promised_days) == (1, 9)
    assert (topic("灯杆").street_unit, topic("灯杆").department) == ("urban_management", department)
    bring_in(world, ("灯杆", "区", ""), columns=("责任层级", "区责任单位"))
    moved = topic("灯杆")
    assert (moved.responsible, moved.street_unit, moved.department) == (Responsible.DISTRICT, "", department)


def test_units_that_are_none_or_contradict_are_named_by_row_and_nothing_comes_in(world: World) -> None:
    name = world.office["department"].name
    preview = preview_topics(
        sheet(
            [
                ("甲", "乙", "一", "街道", "城市管理部", "城市管理部", name),
                ("甲", "乙", "二", "街道", "", "不存在的部门", ""),
                ("甲", "乙", "三", "街道", "", "", "A1社区居民委员会"),
                ("甲", "乙", "四", "街道", "城市管理部", "社会管理部", ""),
                ("甲", "乙", "五", "区", name, "社会管理部", name),
                ("甲", "乙", "六", "", "", "城市管理局", "城市管理部"),
            ],
            (*LEVELS, "责任层级", "责任单位", "街道责任单位", "区责任单位"),
        )
    )
    assert [(fault.row, fault.column, fault.code) for fault in preview.faults] == [
        (3, "街道责任单位", "unknown_unit"),
        (4, "区责任单位", "unknown_unit"),
        (5, "街道责任单位", "units_differ"),
        (7, "街道责任单位", "unknown_unit"),
        (7, "区责任单位", "unknown_unit"),
    ]
    assert all(fault.problem and fault.remedy for fault in preview.faults)
    snapshot = Snapshot()
    with pytest.raises(CatalogueRefused):
        import_topics(preview, actor=SYSTEM, now=world.now)
    assert snapshot.unchanged()


def test_the_optional_columns_are_told_where_a_file_lacks_the_needed_ones(db: None) -> None:
    (fault,) = preview_topics(sheet([("甲", "乙")], LEVELS[:2])).faults
    assert "街道责任单位、区责任单位" in fault.remedy

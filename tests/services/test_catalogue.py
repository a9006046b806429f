import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM
from linli.services.catalogue.actions.import_topics import CatalogueRefused
from linli.services.catalogue.facade import (
    Responsible,
    Topic,
    import_topics,
    preview_topics,
    responsible_unit,
    topics,
)
from linli.services.catalogue.importing import FAULTS
from linli.site.commands.catalogue import catalogue as catalogue_command
from tests.world import Snapshot, World

LEVELS = ("一级分类", "二级分类", "三级分类")
FULL = (*LEVELS, "责任层级", "责任单位", "承诺工作日", "可免复核")


def sheet(rows: Iterable[Sequence[Any]], headings: Sequence[str] = FULL, merge: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(headings))
    for row in rows:
        book.active.append(list(row))
    for cells in merge:
        book.active.merge_cells(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


GOOD = sheet(
    [
        ("城乡建设", "市政", "路灯", "街道", "城市管理部", 3, "是"),
        ("城乡建设", "市政", "井盖", "区", "青溪区城市管理局", 7, "否"),
        ("社区", "邻里", "调解", "社区居委会", "", "", ""),
        ("社区", "邻里", "咨询", "", "", "", ""),
    ]
)


def topic(full_name: str) -> Topic:
    """The topic in use that is shown under these names."""
    found: Topic = Topic.objects.get(pk=next(each.pk for each in topics() if each.full_name == full_name))
    return found


def bring_in(world: World, content: bytes) -> Any:
    return import_topics(preview_topics(content), actor=SYSTEM, now=world.now)


def test_a_catalogue_comes_in_with_who_answers_and_by_when(world: World) -> None:
    result = bring_in(world, GOOD)
    assert (result.created, result.branches, result.changed, result.unchanged) == (4, 4, 0, 0)
    lamp = topic("城乡建设 / 市政 / 路灯")
    assert (lamp.responsible, lamp.street_unit, lamp.promised_days) == (Responsible.STREET, "urban_management", 3)
    assert lamp.waives_second_person
    assert topic("城乡建设 / 市政 / 井盖").department == world.office["department"]
    assert not Topic.find_problems()[0]
    assert Topic.find_problems() == ([], [], [], [], [])


def test_the_same_file_again_changes_nothing(world: World) -> None:
    bring_in(world, GOOD)
    snapshot = Snapshot()
    result = bring_in(world, GOOD)
    assert (result.created, result.branches, result.changed, result.unchanged) == (0, 0, 0, 4)
    assert snapshot.unchanged()
    assert Record.objects.filter(event="import_topics").count() == 1


def test_what_a_file_does_not_say_stays(world: World) -> None:
    bring_in(world, GOOD)
    result = bring_in(world, sheet([("城乡建设", "市政", "路灯"), ("城乡建设", "市政", "座椅")], LEVELS))
    assert (result.created, result.changed, result.unchanged) == (1, 0, 1)
    lamp = topic("城乡建设 / 市政 / 路灯")
    assert lamp.promised_days == 3
    result = bring_in(world, sheet([("城乡建设", "市政", "路灯", "区", "青溪区城市管理局", 4, "")]))
    lamp.refresh_from_db()
    assert result.changed == 1
    assert (lamp.responsible, lamp.street_unit, lamp.promised_days) == (Responsible.DISTRICT, "", 4)
    assert lamp.waives_second_person


def test_merged_parents_mean_the_ones_above(world: World) -> None:
    rows = [
        ("城乡建设", "市政", "路灯"),
        (None, None, "井盖"),
        (None, "环卫", "垃圾"),
        ("城乡建设", None, "厕所"),
        ("社区", "邻里", "调解"),
    ]
    preview = preview_topics(sheet(rows, LEVELS, merge=["A2:A4", "B2:B3"]))
    assert not preview.faults
    assert [topic.path for topic in preview.topics] == [
        ("城乡建设", "市政", "路灯"),
        ("城乡建设", "市政", "井盖"),
        ("城乡建设", "环卫", "垃圾"),
        ("城乡建设", "环卫", "厕所"),
        ("社区", "邻里", "调解"),
    ]


def test_faults_are_named_by_row_and_nothing_comes_in(world: World) -> None:
    content = sheet(
        [
            ("甲", "乙", "丙", "街道", "城市管理部", 3, "是"),
            ("甲", "乙", "", "", "", "", ""),
            ("甲", "乙", "丙", "", "", "", ""),
            ("丁", "", "戊", "", "", "", ""),
            ("甲", "乙", "己", "市", "", "", ""),
            ("甲", "乙", "庚", "街道", "不存在的部门", "", ""),
            ("甲", "乙", "辛", "区", "城市管理部", "", ""),
            ("甲", "乙", "壬", "社区", "A1社区居民委员会", "", ""),
            ("甲", "乙", "癸", "", "城市管理部", "", ""),
            ("甲", "乙", "子", "", "", "五天", ""),
            ("甲", "乙", "丑", "", "", "", "也许"),
            ("甲", "乙", "长" * 61, "", "", "", ""),
        ]
    )
    preview = preview_topics(content)
    assert [(fault.row, fault.column, fault.code) for fault in preview.faults] == [
        (3, "三级分类", "missing"),
        (4, "三级分类", "repeated"),
        (5, "二级分类", "missing"),
        (6, "责任层级", "unknown_level"),
        (7, "责任单位", "unknown_unit"),
        (8, "责任单位", "unknown_unit"),
        (9, "责任单位", "unit_not_wanted"),
        (10, "责任层级", "unit_without_level"),
        (11, "承诺工作日", "not_days"),
        (12, "可免复核", "not_yes_or_no"),
        (13, "三级分类", "too_long"),
    ]
    assert all(fault.problem and fault.remedy for fault in preview.faults)
    assert {fault.code for fault in preview.faults} <= set(FAULTS)
    snapshot = Snapshot()
    with pytest.raises(CatalogueRefused):
        import_topics(preview, actor=SYSTEM, now=world.now)
    assert snapshot.unchanged()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"a,b,c\n", "not_a_workbook"),
        (sheet([], ()), "empty"),
        (sheet([], LEVELS), "empty"),
        (sheet([("甲", "乙")], LEVELS[:2]), "columns_missing"),
        (b"\x00" * (5 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_other_files_are_refused(db: None, content: bytes, code: str) -> None:
    assert [fault.code for fault in preview_topics(content).faults] == [code]


def test_topics_are_the_leaves_in_use_in_one_query(world: World) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = topics()
    assert len(queries) == 1
    assert [topic.full_name for topic in found] == ["城市管理 / 市政设施 / 路灯", "城市管理 / 市政设施 / 咨询"]
    assert found[0].pk == world.topic.pk
    Topic.objects.filter(pk=world.simple_topic.pk).update(active=False)
    assert [topic.pk for topic in topics()] == [world.topic.pk]
    Topic.objects.filter(name="城市管理").update(active=False)
    assert topics() == []


@pytest.mark.parametrize(
    ("responsible", "place", "office"),
    [
        ("community", "A1", "committee A1"),
        ("community", "A", None),
        ("community", "", None),
        ("street", "A1", "urban_management A"),
        ("street", "B", "urban_management B"),
        ("street", "", None),
        ("district", "A1", "department"),
        ("district", "", "department"),
    ],
)
def test_who_answers_for_a_topic_at_a_place(world: World, responsible: str, place: str, office: str | None) -> None:
    places = {"": world.district} | world.street | world.community
    world.topic.responsible = responsible
    world.topic.department = world.office["department"]
    expected = world.office[office] if office else None
    assert responsible_unit(world.topic, places[place]) == expected


def test_a_closed_department_answers_for_nothing(world: World) -> None:
    department = world.office["department"]
    department.active = False
    world.topic.responsible, world.topic.department = Responsible.DISTRICT, department
    assert responsible_unit(world.topic, world.district) is None


def test_the_command_line_previews_imports_and_refuses(world: World, tmp_path: Path) -> None:
    file, bad = tmp_path / "topics.xlsx", tmp_path / "bad.xlsx"
    file.write_bytes(GOOD)
    bad.write_bytes(sheet([("甲", "乙", "")]))
    snapshot = Snapshot()
    run = CliRunner().invoke
    assert json.loads(run(catalogue_command, ["import", str(file), "--preview", "--json"]).stdout)["topics"] == 4
    refused = run(catalogue_command, ["import", str(bad)])
    assert refused.exit_code == 1
    assert "Row 2, 三级分类" in refused.stdout
    assert snapshot.unchanged()
    assert json.loads(run(catalogue_command, ["import", str(file), "--json"]).stdout)["created"] == 4


@pytest.mark.real_data
def test_the_real_catalogue_comes_in_whole_and_once(world: World, real_data: Path) -> None:
    content = (real_data / "messages" / "categories.xlsx").read_bytes()
    result = bring_in(world, content)
    assert (result.created, result.branches) == (517, 15 + 118)
    assert bring_in(world, content).unchanged == 517
    assert len(topics()) == 517 + 2
    assert Topic.find_problems() == ([], [], [], [], [])

"""The commands of households: what they enter, refuse and show."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import connection

from linli.ground.people.actions.import_households import HouseholdsRefused, import_households
from linli.ground.people.importing_households import preview_households
from linli.ground.people.models import Dwelling, Household, Person
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM
from linli.site.commands.households import households
from tests.ground.test_households import NUMBER, check_digit
from tests.world import NOW, Snapshot, World

HEADINGS = ("社区", "地址", "入住日期", "姓名", "身份证号", "电话", "户号")
OTHER = "99000020000101003" + check_digit("99000020000101003")
GOOD = [
    ("A1社区", "幸福里3栋2单元501室", date(2026, 1, 1), "程采薇", NUMBER, "138 0000 0001", ""),
    ("", "", "", "沈怀瑾", "", "", ""),
    ("990104001002", "柳巷12号", "2026/2/3", "欧阳知秋", OTHER.lower(), 13800000002, "1"),
    ("990104001002", "柳巷12号", "2026年2月3日", "陆行舟", "", "", "2"),
]


@pytest.fixture(autouse=True)
def _fixed_clock() -> None:
    settings.LINLI_CLOCK.set(NOW)


def file_of(folder: Path, rows: Any, headings: Any = HEADINGS) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (headings, *rows):
        sheet.append(list(row))
    path = folder / "households.xlsx"
    book.save(path)
    return path


def run(*arguments: object) -> Result:
    result: Any = CliRunner().invoke(households, [str(each) for each in arguments])
    return result


def test_households_come_in_encrypted_and_each_leaves_its_row(world: World, tmp_path: Path) -> None:
    done = run("import", file_of(tmp_path, GOOD), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {"households": 3, "members": 4, "known": 0}
    lived = {
        (each.household.dwelling.address, each.name, each.phone, each.household.entered_on)
        for each in Person.objects.exclude(household=None).select_related("household__dwelling")
        if each.household
    }
    assert lived == {
        ("幸福里3栋2单元501室", "程采薇", "13800000001", date(2026, 1, 1)),
        ("幸福里3栋2单元501室", "沈怀瑾", "", date(2026, 1, 1)),
        ("柳巷12号", "欧阳知秋", "13800000002", date(2026, 2, 3)),
        ("柳巷12号", "陆行舟", "", date(2026, 2, 3)),
    }
    assert {each.community for each in Dwelling.objects.all()} == {world.community["A1"], world.community["A2"]}
    rows = Record.objects.filter(event="register_household")
    assert [each.codes["members"] for each in rows.order_by("pk")] == [2, 1, 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, resident_number, phone FROM people_person")
        stored = str(cursor.fetchall())
    assert not any(text in stored for text in ("程采薇", NUMBER, "13800000001"))


def test_the_same_file_again_enters_nobody_twice_and_moves_nobody_back(world: World, tmp_path: Path) -> None:
    file = file_of(tmp_path, GOOD)
    assert run("import", file).exit_code == 0
    moved = [
        ("A2社区", "柳巷9号", "2026-03-01", name, number, "")
        for name, number in (("程采薇", NUMBER), ("欧阳知秋", OTHER))
    ]
    assert run("import", file_of(tmp_path, moved, HEADINGS[:-1])).exit_code == 0
    before = dict(Person.objects.values_list("pk", "household"))
    snapshot = Snapshot()
    again = run("import", file_of(tmp_path, GOOD))
    assert again.output == "0 households with 0 members entered, 3 known already\n"
    assert dict(Person.objects.values_list("pk", "household")) == before
    assert snapshot.unchanged()


def test_a_preview_writes_nothing(world: World, tmp_path: Path) -> None:
    snapshot = Snapshot()
    done = run("import", file_of(tmp_path, GOOD), "--preview", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert (told["households"], told["members"], told["faults"]) == (3, 4, [])
    assert told["columns"] == ["社区", "地址", "户号", "入住日期", "姓名", "公民身份号码", "电话"]
    assert snapshot.unchanged()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (("B1社区", "", "2026-01-01", "某人", "", "", ""), "地址", "missing"),
        (("", "柳巷1号", "2026-01-01", "某人", "", "", ""), "社区", "missing"),
        (("B1社区", "柳巷1号", "", "某人", "", "", ""), "入住日期", "missing"),
        (("B1社区", "柳巷1号", "2026-02-30", "某人", "", "", ""), "入住日期", "not_a_day"),
        (("B1社区", "柳巷1号", "2026-01-01", "", "", "", ""), "姓名", "missing"),
        (("B1社区", "柳" * 201, "2026-01-01", "某人", "", "", ""), "地址", "too_long"),
        (
            ("B1社区", "柳巷1号", "2026-01-01", "某人", "110105194912310021", "", ""),
            "公民身份号码",
            "not_a_resident_number",
        ),
        (("B1社区", "柳巷1号", "2026-01-01", "某人", "", "12345", ""), "电话", "not_a_phone"),
        (("没有社区", "柳巷1号", "2026-01-01", "某人", "", "", ""), "社区", "unknown_community"),
        (("甲街道", "柳巷1号", "2026-01-01", "某人", "", "", ""), "社区", "unknown_community"),
    ],
)
def test_a_bad_row_is_named_without_its_value_and_nothing_is_entered(
    world: World, tmp_path: Path, row: Any, column: str, code: str
) -> None:
    snapshot = Snapshot()
    file = file_of(tmp_path, [row, *GOOD])
    done = run("import", file, "--json")
    assert done.exit_code == 1
    (fault,) = json.loads(done.output)["faults"]
    assert (fault["row"], fault["column"], fault["code"]) == (2, column, code)
    told = run("import", file).output
    assert f"Row 2, {column}: " in told
    assert not any(value in told for value in row if len(str(value)) > 4 and column not in {"社区", "入住日期"})
    with pytest.raises(HouseholdsRefused):
        import_households(preview_households(file.read_bytes()), actor=SYSTEM, now=NOW)
    assert snapshot.unchanged()


def test_rows_that_contradict_one_another(world: World, tmp_path: Path) -> None:
    rows = [
        ("B1社区", "柳巷1号", "2026-01-01", "程采薇", NUMBER, "", ""),
        ("", "", "2026-01-02", "沈怀瑾", "", "", ""),
        ("B1社区", "柳巷2号", "2026-01-01", "程采薇", NUMBER, "", ""),
    ]
    faults = preview_households(file_of(tmp_path, rows).read_bytes()).faults
    assert [(each.row, each.code) for each in faults] == [(3, "another_day"), (4, "repeated")]
    assert "第 2 行" in faults[0].problem
    assert "第 2 行" in faults[1].problem


def test_a_number_of_somebody_else_moves_nobody(world: World, tmp_path: Path) -> None:
    assert run("import", file_of(tmp_path, GOOD)).exit_code == 0
    wrong = [("A2社区", "柳巷3号", "2026-03-01", "陆行舟", NUMBER, "", "")]
    done = run("import", file_of(tmp_path, wrong))
    assert done.exit_code == 1
    assert "Row 2, 姓名: " in done.output
    assert "程采薇" not in done.output
    assert Household.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no workbook", "not_a_workbook"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_file_of_households(world: World, content: bytes, code: str) -> None:
    assert [each.code for each in preview_households(content).faults] == [code]


def test_a_file_without_rows_or_columns(world: World, tmp_path: Path) -> None:
    assert preview_households(file_of(tmp_path, []).read_bytes()).faults[0].code == "empty"
    (fault,) = preview_households(file_of(tmp_path, [("A1社区",)], ("社区",)).read_bytes()).faults
    assert (fault.code, fault.column) == ("columns_missing", "地址、入住日期、姓名")


def test_the_list_is_masked(world: World, tmp_path: Path) -> None:
    assert run("import", file_of(tmp_path, GOOD)).exit_code == 0
    told = json.loads(run("list", "--json").output)
    assert [(each["community"], each["address"]) for each in told] == [
        ("A1社区", "幸福里※栋※单元※室"),
        ("A2社区", "柳巷※号"),
        ("A2社区", "柳巷※号"),
    ]
    assert {"name": "程**", "resident_number": "990*************" + NUMBER[-2:], "phone": "138****0001"} in told[0][
        "members"
    ]
    lines = run("list", "--community", world.community["A2"].code).output.splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == [
        "A2社区  柳巷※号  2026-02-03  欧阳**",
        "A2社区  柳巷※号  2026-02-03  陆**",
    ]
    assert "no community has the code" in run("list", "--community", "1").output
    assert "is no community" in run("list", "--community", world.street["A"].code).output


def test_a_household_that_moved_on_is_no_longer_listed(world: World, tmp_path: Path) -> None:
    assert run("import", file_of(tmp_path, GOOD[2:3])).exit_code == 0
    moved = [("A1社区", "柳巷9号", "2026-03-01", "欧阳知秋", OTHER, "", "")]
    assert run("import", file_of(tmp_path, moved)).exit_code == 0
    (told,) = json.loads(run("list", "--json").output)
    assert told["community"] == "A1社区"

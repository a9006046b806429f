import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest

from linli.ground.look.spreadsheets import workbook_of
from linli.ground.matters.timeline import newest_text
from linli.ground.record import breathing
from linli.services.cases.models import Case
from tests.services.sheets import OPEN_HEADINGS, imported, message
from tests.world import World


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breathing, "BREATH_SECONDS", 0)


def test_a_text_that_looks_like_a_formula_goes_in_and_out_as_text(world: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(OPEN_HEADINGS))
    book.active.append(message(1, title="+86 电话打不通", text="-1 楼漏水"))
    book.active["E2"].value = '=HYPERLINK("http://x")'
    book.active["E2"].data_type = "s"
    content = io.BytesIO()
    book.save(content)
    imported(world, content.getvalue())
    case = Case.objects.select_related("matter").get()
    assert newest_text(case.pk, "text").startswith("=HYPERLINK")
    exported = workbook_of([{"title": case.matter.title}], {"title": "标题"})
    cell = openpyxl.load_workbook(io.BytesIO(exported)).active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "+86 电话打不通", True)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_an_exported_text_is_never_computed(start: str) -> None:
    content = workbook_of([{"a": f"{start}1+1"}], {"a": f"{start}A"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    for cell in openpyxl.load_workbook(io.BytesIO(content)).active["A"]:
        assert cell.data_type in {"s", "inlineStr"}
        assert cell.quotePrefix


def test_an_export_shows_local_time_and_leaves_out_what_is_not_asked(world: World) -> None:
    rows = [
        {"at": datetime(2026, 3, 3, 2, 0, 5, 7, tzinfo=UTC), "day": date(2026, 3, 3), "n": 7, "x": None, "secret": "s"},
        {"at": None, "day": "坏\x00字" + "长" * 40_000, "n": 1.5},
    ]
    columns = {"at": "时间", "day": "日期", "n": "数", "x": "空"}
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(rows, columns))).active
    assert [cell.value for cell in sheet[1]] == ["时间", "日期", "数", "空"]
    assert [str(cell.value) for cell in sheet[2]] == ["2026-03-03 10:00:05", "2026-03-03 00:00:00", "7", "None"]
    assert sheet["B3"].value.startswith("坏字长")
    assert len(sheet["B3"].value) == 32_767

"""Lists as spreadsheets, safe to open: a text that looks like a formula stays a text."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from itertools import chain, islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767
WIDEST_COLUMN, NARROWEST_COLUMN = 60, 10
MEASURED = 500  # so many rows tell how wide a column has to be
LAST_NARROW = 0x2E7F
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(file_name: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> HttpResponse:
    """The rows as a download; arguments as for `workbook_of`."""
    response = HttpResponse(workbook_of(rows, columns), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def workbook_of(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> bytes:
    """The rows as an .xlsx file.

    Args:
        rows: one mapping per row; fields that are not in `columns` are left out.
        columns: field → heading, in the order of the columns.
    """
    content = BytesIO()
    write_workbook(content, rows, columns)
    return content.getvalue()


def write_workbook(target: IO[bytes], rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Write the rows to an open file; one row at a time is in memory, however many there are."""
    book = Workbook(write_only=True)
    _write_sheet(book.create_sheet(), rows, columns)
    book.save(target)


def write_sheets(
    target: IO[bytes], sheets: Mapping[str, tuple[Iterable[Mapping[str, Any]], Mapping[str, str]]]
) -> None:
    """Write several sheets to an open file: title → rows and columns as for `workbook_of`."""
    book = Workbook(write_only=True)
    for title, (rows, columns) in sheets.items():
        _write_sheet(book.create_sheet(title), rows, columns)
    book.save(target)


def _write_sheet(sheet: Any, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    sheet.freeze_panes = "A2"
    onward = iter(rows)
    first = list(islice(onward, MEASURED))  # columns are made wide before the first row is written
    for position, (field, heading) in enumerate(columns.items(), start=1):
        widest = max([_width(heading), *(_width(row.get(field)) for row in first)])
        width = min(max(widest + 3, NARROWEST_COLUMN), WIDEST_COLUMN)
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.append([_heading(sheet, heading) for heading in columns.values()])
    last = 1
    for last, row in enumerate(chain(first, onward), start=2):  # noqa: B007 -- the last row is wanted
        sheet.append([_cell(sheet, row.get(field)) for field in columns])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"


def _width(value: Any) -> int:
    """How many narrow characters a value takes; a Chinese one takes two."""
    if isinstance(value, datetime):
        return len("2026-11-23 09:15:00")
    return sum(2 if ord(char) > LAST_NARROW else 1 for char in str(value if value is not None else "")[:WIDEST_COLUMN])


def _heading(sheet: Any, heading: str) -> Any:
    cell = _text(sheet, str(heading))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """A cell: moments in the district's time, numbers as numbers, everything else as text."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value.replace(microsecond=0))
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, bool | int | float | date):
        return value
    return _text(sheet, str(value))


def _text(sheet: Any, text: str) -> Any:
    """A typed text: never computed when the file opens, and quoted so that editing the cell does not compute it."""
    shown = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    if shown.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    return cell

"""Tables from files: csv, csv.gz and xlsx, with the number of each row as the reader of the file sees it."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

LARGEST_FILE = 512 * 1024 * 1024
"""Bytes after unpacking; a larger file is refused before it fills the memory."""

LONGEST_FIELD = 1_000_000
Value = str | int | float | bool | datetime | date | None


@dataclass(frozen=True)
class InputFault:
    """One thing wrong in a file; row 1 is the heading, row 0 is the file itself."""

    file: str
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        """The place and the problem: `messages.csv:3 label: is empty`."""
        place = f"{self.file}:{self.row}" if self.row else self.file
        return f"{place} {self.column}: {self.problem}" if self.column else f"{place}: {self.problem}"


class UnreadableInput(ValueError):
    """A file that cannot be used; `faults` name every row and column found wrong."""

    def __init__(self, faults: Sequence[InputFault]) -> None:
        super().__init__("; ".join(map(str, faults[:20])))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Table:
    """The rows of a file below its heading; every row holds every column."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, Value]], ...]
    """Row number in the file and the values; rows that are empty throughout are left out."""

    def fault(self, row: int, column: str, problem: str) -> InputFault:
        """A fault of this file."""
        return InputFault(self.file, row, column, problem)


def read_table(path: Path, headings: Mapping[str, str]) -> Table:
    """The first sheet of an xlsx file, or a csv file (UTF-8 or GB 18030), packed with gzip or not.

    Args:
        path: named .csv, .csv.gz or .xlsx.
        headings: other words for a column → its name; a heading that is not in it keeps its own name.

    Raises:
        UnreadableInput: the file is none of these, is too large, is broken, has no heading, or names a column twice.
    """
    readers: dict[str, Callable[[Path], Iterable[tuple[int, Sequence[Any]]]]] = {
        ".csv": _csv_rows,
        ".gz": _csv_rows,
        ".xlsx": _xlsx_rows,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableInput([InputFault(path.name, 0, "", "is not named .csv, .csv.gz or .xlsx")])
    try:
        found = [(number, row) for number, row in reader(path) if any(str(value).strip() for value in row)]
    except (OSError, EOFError, csv.Error, UnicodeDecodeError, CalamineError, zipfile.BadZipFile, zlib.error) as error:
        raise UnreadableInput([InputFault(path.name, 0, "", f"cannot be read: {error}")]) from error
    if not found:
        raise UnreadableInput([InputFault(path.name, 0, "", "is empty: a heading is needed")])
    (heading_row, heading), *body = found
    columns = tuple(headings.get(name, name) for name in (str(each).strip() for each in heading))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UnreadableInput(
            [InputFault(path.name, heading_row, name, "stands twice in the heading") for name in twice]
        )
    width = len(columns)
    rows = tuple(
        (number, dict(zip(columns, [*row[:width], *[None] * (width - len(row))], strict=True))) for number, row in body
    )
    return Table(path.name, columns, rows)


def require_columns(table: Table, columns: Iterable[str]) -> None:
    """Raise `UnreadableInput` that names every missing column."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(filter(None, table.columns))
        raise UnreadableInput(
            [table.fault(1, name, f"this column is missing (there are: {there})") for name in missing]
        )


def text_of(value: Value) -> str:
    """A value as text; a whole number without a decimal point, nothing as the empty text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", " ").strip()


def _csv_rows(path: Path) -> Iterable[tuple[int, Sequence[Any]]]:
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise csv.Error(f"more than {LARGEST_FILE // 2**20} MiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    csv.field_size_limit(LONGEST_FIELD)
    return [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1)]


def _xlsx_rows(path: Path) -> Iterable[tuple[int, Sequence[Any]]]:
    with zipfile.ZipFile(path) as packed:
        if sum(each.file_size for each in packed.infolist()) > LARGEST_FILE:
            raise csv.Error(f"more than {LARGEST_FILE // 2**20} MiB")
    with path.open("rb") as stream:
        sheet = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0)
        return list(enumerate(sheet.to_python(skip_empty_area=False), start=1))

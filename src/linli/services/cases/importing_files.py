"""Files to import: kept outside the database, opened only after they have been looked over.

Spreadsheets are compressed, and their cells refer to shared texts: a small file can unfold to any size. Both ways
of growing are measured before the reader, which holds a sheet in memory, is let near them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from linli.ground.files.scanning import ScannerSilent, scan
from linli.services.cases.rules.imported import match_columns

MAX_BYTES = 100 * 1024 * 1024  # a hundred thousand messages of the usual length have 70 MB
MAX_UNPACKED = 300 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
HEADING_ROWS = 10
CHUNK = 1 << 20

CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(?:\s*<(?:\w+:)?v>(\d+)<)?")
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]+)(\d+)""")
SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
END_OF_SHARED = re.compile(rb"</(?:\w+:)?si>")


class UnusableFile(ValueError):
    """The file is not used; `code` is `not_a_workbook`, `too_large`, `empty`, `missing`, `infected` or `try_later`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Table:
    """A sheet with its heading row found: cells are read from it row by row."""

    sheet: CalamineSheet
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    heading_row: int

    def rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """The rows below the headings, each with the number that the spreadsheet shows."""
        for number, cells in enumerate(self.sheet.iter_rows(), start=1):
            if number > self.heading_row:
                yield number, cells


def imports_folder() -> Path:
    """Where uploaded files lie until they are in."""
    return Path(settings.LINLI_HOME) / "imports"


def store(content: bytes) -> str:
    """Keep a file under a new name, readable by this installation only; returns the name."""
    folder = imports_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{uuid4().hex}.xlsx"
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(content)
    return name


def stored(name: str) -> Path:
    """The path of a kept file."""
    return imports_folder() / name


def forget(name: str) -> None:
    """Remove a kept file, if it is still there."""
    stored(name).unlink(missing_ok=True)


def check_workbook(content: bytes) -> None:
    """Make sure that the bytes are a spreadsheet of a bearable size.

    Raises:
        UnusableFile: `not_a_workbook`, or `too_large`: packed, unpacked, or in rows and columns.
    """
    if len(content) > MAX_BYTES:
        raise UnusableFile("too_large")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                raise UnusableFile("not_a_workbook")
            parts = _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnusableFile("not_a_workbook") from error
    shared = _lengths(parts.pop("xl/sharedStrings.xml", b""))
    for sheet in parts.values():
        _check_sheet(sheet, shared)


def require_clean(content: bytes) -> None:
    """Show the bytes to the virus scanner.

    Raises:
        UnusableFile: `infected`, or `try_later` where the scanner is silent.
    """
    try:
        found = scan(content)
    except ScannerSilent as silent:
        raise UnusableFile("try_later") from silent
    if found:
        raise UnusableFile("infected")


def open_table(file: Path | bytes, chosen: Mapping[str, str] | None = None) -> Table:
    """The first sheet, among those shown, that has the most of the wanted headings.

    The heading row is looked for among the first rows: other systems like to put a title above it.

    Raises:
        UnusableFile: it is no spreadsheet, it is gone, or no sheet holds anything.
    """
    try:
        source = BytesIO(file) if isinstance(file, bytes) else BytesIO(file.read_bytes())
        book = CalamineWorkbook.from_filelike(source)
        shown = [each.name for each in book.sheets_metadata if each.visible is SheetVisibleEnum.Visible]
        tables = [table for name in shown if (table := _table(book.get_sheet_by_name(name), chosen))]
    except FileNotFoundError as error:
        raise UnusableFile("missing") from error
    except CalamineError as error:
        raise UnusableFile("not_a_workbook") from error
    if not tables:
        raise UnusableFile("empty")
    return max(tables, key=lambda table: len(table.columns))


def _table(sheet: CalamineSheet, chosen: Mapping[str, str] | None) -> Table | None:
    """The sheet under its best heading row: the one with most known headings, else the first that is not empty."""
    best: Table | None = None
    for number, cells in zip(range(1, HEADING_ROWS + 1), sheet.iter_rows(), strict=False):
        headings = tuple("".join(str(cell).split()) for cell in cells)
        columns = match_columns(headings, chosen)
        if any(headings) and (best is None or len(columns) > len(best.columns)):
            best = Table(sheet, headings, columns, number)
    return best


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The sheets and shared texts. Sizes are counted while unpacking: what a file says of itself may be wrong."""
    left = MAX_UNPACKED
    parts: dict[str, bytes] = {}
    for info in archive.infolist():
        wanted = info.filename == "xl/sharedStrings.xml" or (
            info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")
        )
        info.file_size = left + 2 * CHUNK  # more than is ever read: the end is found by reading
        with archive.open(info) as member:
            if wanted:
                parts[info.filename] = member.read(left + 1)
                left -= len(parts[info.filename])
            else:
                while left >= 0 and (chunk := member.read(CHUNK)):
                    left -= len(chunk)
        if left < 0:
            raise UnusableFile("too_large")
    return parts


def _lengths(texts: bytes) -> list[int]:
    """How long each shared text is, with what marks it up."""
    ends = [0, *(each.end() for each in END_OF_SHARED.finditer(texts))]
    return [after - before for before, after in pairwise(ends)]


def _check_sheet(sheet: bytes, shared: Sequence[int]) -> None:
    """Refuse a sheet with a cell far out, or whose cells repeat shared texts beyond what memory bears."""
    text = 0
    for cell in CELL.finditer(sheet):
        attributes, value = cell.groups()
        place = PLACE.search(attributes)
        if place and (int(place[2]) > MAX_ROWS or _column(place[1]) > MAX_COLUMNS):
            raise UnusableFile("too_large")
        if value and SHARED.search(attributes) and int(value) < len(shared):
            text += shared[int(value)]
        if text > MAX_UNPACKED:
            raise UnusableFile("too_large")


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number

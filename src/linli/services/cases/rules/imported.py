"""Reading rows of other systems: columns by name, dates in the forms people type, faults by row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

LONGEST: Mapping[str, int] = {
    "number": 60,
    "title": 200,
    "text": 20_000,
    "reply": 20_000,
}

# The headings under which other systems deliver a field; the first ones are those of the two message files.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("留言编号", "编号", "工单编号", "工单号", "受理编号", "诉求编号", "number"),
    "asker": ("留言用户", "用户", "诉求人", "来电人", "姓名", "asker"),
    "title": ("留言主题", "主题", "标题", "诉求标题", "title"),
    "asked_at": ("留言时间", "时间", "诉求时间", "来电时间", "受理时间", "asked_at"),
    "text": ("留言详情", "内容", "诉求内容", "详情", "text"),
    "reply": ("答复意见", "答复", "答复内容", "办理结果", "reply"),
    "replied_at": ("答复时间", "回复时间", "办结时间", "replied_at"),
    "place": ("地址", "地点", "诉求地址", "事发地址", "place"),
}
REQUIRED = ("number", "title", "text")
TEXTS = ("number", "asker", "title", "text", "reply", "place")
MOMENTS = ("asked_at", "replied_at")

STAMP = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}))?[秒分]?)?"
)


class _Printable(dict[int, int | str | None]):
    """A translation that keeps what can be printed, makes odd spaces plain and drops the rest; remembers each sign."""

    def __missing__(self, code: int) -> int | str | None:
        sign = chr(code)
        self[code] = code if sign.isprintable() or sign == "\t" else " " if sign.isspace() else None
        return self[code]


PRINTABLE = _Printable()


@dataclass(frozen=True)
class ImportedRow:
    """One demand of another system. Times are aware, or None where the file has none."""

    row: int
    number: str
    title: str
    text: str
    asker: str = ""
    asked_at: datetime | None = None
    reply: str = ""
    replied_at: datetime | None = None
    place: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return not self.reply


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one field of one row, as a code, and the cell it stands in."""

    row: int
    field: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Reading:
    """How the cells of one file are read.

    Args:
        columns: position of each field that the file has.
        zone: where its times of day are meant.
        earliest: first day for which working days are known; a clock cannot start before it.
        latest: the moment of the upload; nothing in the file can be later.
    """

    columns: Mapping[str, int]
    zone: ZoneInfo
    earliest: date
    latest: datetime


def match_columns(headings: Sequence[Any], chosen: Mapping[str, str] | None = None) -> dict[str, int]:
    """Which column holds which field, by its heading; fields that are not there are left out.

    Args:
        headings: the cells of the heading row.
        chosen: field → heading, where somebody has decided; an empty heading leaves the field out.
    """
    names = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for field, known in HEADINGS.items():
        wanted = (chosen[field],) if chosen and field in chosen else known
        at = next((names.index(_plain(name)) for name in wanted if name and _plain(name) in names), None)
        if at is not None:
            found[field] = at
    return found


def checked_rows(
    rows: Iterable[tuple[int, Sequence[Any]]], reading: Reading
) -> Iterator[tuple[ImportedRow, tuple[RowFault, ...]]]:
    """Every row that is not empty, with all that is wrong with it. No row is dropped silently.

    Args:
        rows: number of each row as the spreadsheet shows it, and its cells.
        reading: how to read them.
    """
    seen: dict[str, int] = {}
    for number, cells in rows:
        if not any(str(cell).strip() for cell in cells):
            continue
        row, faults = _read_row(number, cells, reading)
        if row.number and row.number in seen:
            where = f"{row.number}（{seen[row.number]}）"
            faults.append(RowFault(number, "number", "repeated_in_file", where))
        seen.setdefault(row.number, number)
        yield row, tuple(faults)


def clean_text(value: Any) -> str:
    """A cell as text: whole numbers without a decimal point, empty lines, odd spaces and control characters gone."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # most lines need no translation, and to see that costs a tenth of it
    lines = ((line if line.isprintable() else line.translate(PRINTABLE)).strip() for line in str(value).splitlines())
    return "\n".join(line for line in lines if line)


def read_moment(value: Any, zone: ZoneInfo) -> datetime | None:
    """A moment from a cell: a real date, or a string as 2019/2/28 11:25:05, 2019年2月28日, 2019-02-28 11:25.

    Returns:
        An aware moment, midnight where only the day is known; None for an empty cell.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    text = str(value).strip()
    if not text:
        return None
    match = STAMP.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _read_row(number: int, cells: Sequence[Any], reading: Reading) -> tuple[ImportedRow, list[RowFault]]:
    raw = {field: cells[at] if at < len(cells) else "" for field, at in reading.columns.items()}
    values = {field: clean_text(raw.get(field, "")) for field in TEXTS}
    values["title"] = " ".join(values["title"].split())
    faults = [RowFault(number, field, "missing") for field in REQUIRED if not values[field]]
    faults += [
        RowFault(number, field, "too_long", str(len(values[field])))
        for field, longest in LONGEST.items()
        if len(values[field]) > longest
    ]
    times: dict[str, datetime | None] = {}
    for field in MOMENTS:
        times[field], code = _moment(raw.get(field, ""), reading)
        if code:
            faults.append(RowFault(number, field, code, str(raw[field])[:40]))
    row = ImportedRow(row=number, asked_at=times["asked_at"], replied_at=times["replied_at"], **values)
    if row.asked_at and row.replied_at and row.replied_at.date() < row.asked_at.date():
        faults.append(RowFault(number, "replied_at", "replied_before_asked", str(raw["replied_at"])[:40]))
    return row, faults


def _moment(value: Any, reading: Reading) -> tuple[datetime | None, str]:
    """The moment in a cell, or the code of what is wrong with it."""
    try:
        moment = read_moment(value, reading.zone)
    except (ValueError, OverflowError):
        return None, "not_a_date"
    if moment is None:
        return None, ""
    if moment.date() < reading.earliest:
        return None, "too_early"
    if moment > reading.latest:
        return None, "in_future"
    return moment, ""


def _plain(heading: Any) -> str:
    return "".join(str(heading).split())

"""Reading rows of other systems: columns by name, dates in the forms people type, faults by row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000

# The headings under which other systems deliver a field; the first ones are those of the two message files.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("留言编号", "编号", "工单编号", "工单号", "受理编号", "number"),
    "asker": ("留言用户", "用户", "诉求人", "来电人", "asker"),
    "title": ("留言主题", "主题", "标题", "诉求标题", "title"),
    "asked_at": ("留言时间", "时间", "诉求时间", "来电时间", "受理时间", "asked_at"),
    "text": ("留言详情", "内容", "诉求内容", "详情", "text"),
    "reply": ("答复意见", "答复", "答复内容", "办理结果", "reply"),
    "replied_at": ("答复时间", "回复时间", "办结时间", "replied_at"),
    "place": ("地址", "地点", "诉求地址", "place"),
}
REQUIRED = ("number", "title", "text")

STAMP = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[::时](\d{1,2})(?:[::分](\d{1,2}))?[秒分]?)?"
)


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
    """What is wrong in one row, and what to do."""

    row: int
    column: str
    code: str
    value: str = ""


def match_columns(headings: Sequence[Any]) -> dict[str, int]:
    """Which column holds which field, by its heading; fields that are not there are left out."""
    names = ["".join(str(heading).split()) for heading in headings]
    found: dict[str, int] = {}
    for field, known in HEADINGS.items():
        for name in known:
            if name in names:
                found[field] = names.index(name)
                break
    return found


def read_rows(
    rows: Iterable[Sequence[Any]], columns: Mapping[str, int], zone: ZoneInfo, *, first_row: int = 2
) -> tuple[list[ImportedRow], list[RowFault]]:
    """Turn sheet rows into demands; every bad cell becomes a fault and no row is dropped silently."""
    good: list[ImportedRow] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows, start=first_row):
        if not any(str(cell).strip() for cell in cells):
            continue
        row, problems = _read_row(number, cells, columns, zone)
        if row.number and row.number in seen:
            problems.append(RowFault(number, "number", "repeated_in_file", f"{row.number}({seen[row.number]})"))
        seen.setdefault(row.number, number)
        faults += problems
        if not problems:
            good.append(row)
    return good, faults


def _read_row(
    number: int, cells: Sequence[Any], columns: Mapping[str, int], zone: ZoneInfo
) -> tuple[ImportedRow, list[RowFault]]:
    faults: list[RowFault] = []

    def cell(field: str) -> Any:
        at = columns.get(field)
        return cells[at] if at is not None and at < len(cells) else ""

    values = {field: clean_text(cell(field)) for field in ("number", "asker", "title", "text", "reply", "place")}
    values["title"] = " ".join(values["title"].split())
    for field in REQUIRED:
        if not values[field]:
            faults.append(RowFault(number, field, "missing"))
    for field, longest in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT), ("reply", LONGEST_TEXT)):
        if len(values[field]) > longest:
            faults.append(RowFault(number, field, "too_long", str(len(values[field]))))
    times: dict[str, datetime | None] = {}
    for field in ("asked_at", "replied_at"):
        try:
            times[field] = read_moment(cell(field), zone)
        except ValueError:
            times[field] = None
            faults.append(RowFault(number, field, "not_a_date", str(cell(field))[:40]))
    return ImportedRow(row=number, **values, **times), faults


def clean_text(value: Any) -> str:
    """A cell as text: whole numbers without a decimal point, control characters and outer white space gone."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "".join(char for char in str(value) if char in "\n\t" or char.isprintable() or char == "\u3000")
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


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

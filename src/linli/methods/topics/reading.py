"""Messages of a period from a file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from linli.methods.tables import InputFault, Table, UnreadableInput, Value, read_table, require_columns, text_of

HEADINGS = {
    "留言编号": "id",
    "编号": "id",
    "留言用户": "user",
    "用户": "user",
    "留言主题": "title",
    "标题": "title",
    "留言时间": "time",
    "时间": "time",
    "留言详情": "detail",
    "内容": "detail",
    "反对数": "against",
    "点赞数": "in_favour",
    "赞成数": "in_favour",
}
TIMES = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")


@dataclass(frozen=True)
class PeriodMessage:
    """One message with what the grouping and the heat need."""

    number: str
    user: str
    title: str
    detail: str
    at: datetime
    """Local time, without a zone."""
    in_favour: int
    against: int

    @property
    def support(self) -> int:
        """In favour less against, at least 0."""
        return max(0, self.in_favour - self.against)


def read_period(path: Path) -> list[PeriodMessage]:
    """Read a csv or xlsx file with the columns id, title, detail, time; user, in_favour and against where there.

    The headings of the citizens' mailbox (留言编号, 留言主题, …) are understood as well.

    Raises:
        UnreadableInput: with every missing column, empty text, unreadable time and wrong number.
    """
    table = read_table(path, HEADINGS)
    require_columns(table, ["id", "title", "detail", "time"])
    faults: list[InputFault] = []
    messages: list[PeriodMessage] = []
    rows_of: dict[str, int] = {}
    for row, values in table.rows:
        number, title, detail = (text_of(values[name]) for name in ("id", "title", "detail"))
        if not number:
            faults.append(table.fault(row, "id", "is empty"))
        elif number in rows_of:
            faults.append(table.fault(row, "id", f"{number} stands in row {rows_of[number]} already"))
        rows_of.setdefault(number, row)
        if not title and not detail:
            faults.append(table.fault(row, "title, detail", "are empty"))
        at = _moment(values["time"])
        if at is None:
            faults.append(table.fault(row, "time", f"{text_of(values['time'])!r} is no time (2026/11/25 09:30:00)"))
        counts = [_count(table, row, column, values.get(column), faults) for column in ("in_favour", "against")]
        user = text_of(values.get("user")) or number
        messages.append(PeriodMessage(number, user, title, detail, at or datetime.min, *counts))  # noqa: DTZ901 -- local time
    if not messages:
        faults.append(table.fault(0, "", "holds no message below the heading"))
    if faults:
        raise UnreadableInput(faults)
    return messages


def _moment(value: Value) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    for form in TIMES:
        try:
            return datetime.strptime(text_of(value), form).replace(tzinfo=UTC).replace(tzinfo=None)
        except ValueError:
            continue
    return None


def _count(table: Table, row: int, column: str, value: Value, faults: list[InputFault]) -> int:
    text = text_of(value) or "0"
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        faults.append(table.fault(row, column, f"{text!r} is no number of people"))
        return 0
    return int(text)

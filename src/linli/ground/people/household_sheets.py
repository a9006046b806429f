"""Reading households from a sheet: one row for each person, the rows of one dwelling together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from linli.ground.people.actions.register_household import Member, MemberRefused, checked_member
from linli.kernel.cells import cell_day, cell_text

# The headings under which a field is found; faults name it by the first one.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "community": ("社区", "社区代码", "所属社区"),
    "address": ("地址", "住址", "门牌地址"),
    "serial": ("户号",),
    "entered_on": ("入住日期", "迁入日期"),
    "name": ("姓名",),
    "resident_number": ("公民身份号码", "身份证号", "身份证号码"),
    "phone": ("电话", "联系电话", "手机", "手机号"),
}
REQUIRED = ("community", "address", "entered_on", "name")
LONGEST = {"address": 200, "name": 60}


@dataclass(frozen=True)
class RowFault:
    """What is wrong in one row, as a code. Never the value: it may be personal."""

    row: int
    field: str
    code: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class SheetHousehold:
    """A household as the sheet has it; the community as it is written. `rows` are those of its members."""

    community: str
    address: str
    entered_on: date
    members: tuple[Member, ...] = ()
    rows: tuple[int, ...] = ()


def match_household_columns(headings: Sequence[Any]) -> dict[str, int]:
    """Which column holds which field."""
    names = ["".join(str(heading).split()) for heading in headings]
    found = {each: next((names.index(name) for name in known if name in names), -1) for each, known in HEADINGS.items()}
    return {each: at for each, at in found.items() if at >= 0}


def read_households(
    rows: Iterable[tuple[int, Sequence[Any]]], columns: Mapping[str, int]
) -> tuple[list[SheetHousehold], list[RowFault]]:
    """The households in the order of the sheet, and everything that is wrong.

    Rows with the same community, address and serial (户号) are one household. A row without an address, as merged cells
    leave it, belongs to the household above.

    Args:
        rows: number of each row as the spreadsheet shows it, and its cells.
        columns: field → position.
    """
    reading = _Reading()
    for number, cells in rows:
        row = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        if any(cell_text(cell) for cell in row.values()):
            reading.take(number, row)
    return list(reading.households.values()), reading.faults


class _Reading:
    """The households and faults found so far."""

    def __init__(self) -> None:
        self.households: dict[tuple[str, ...], SheetHousehold] = {}
        self.faults: list[RowFault] = []
        self._above: tuple[str, ...] = ("", "", "")
        self._days: dict[tuple[str, ...], tuple[date, int]] = {}
        self._numbers: dict[str, int] = {}

    def take(self, number: int, row: Mapping[str, Any]) -> None:
        """Take on one row."""
        texts = {name: cell_text(row.get(name, "")) for name in HEADINGS}
        own = (texts["community"] or self._above[0], texts["address"], texts["serial"])
        goes_on = not texts["address"] and own[0] == self._above[0]
        self._above = key = self._above if goes_on else own
        before = len(self.faults)
        for name, text in (("community", key[0]), ("address", key[1])):
            if not text:
                self._fault(number, name, "missing")
        for name, longest in LONGEST.items():
            if len(texts[name]) > longest:
                self._fault(number, name, "too_long", longest=longest)
        day = self._day(number, row.get("entered_on", ""), key)
        member = self._member(number, texts)
        if day and member and len(self.faults) == before:
            known = self.households.get(key) or SheetHousehold(key[0], key[1], day)
            self.households[key] = replace(known, members=(*known.members, member), rows=(*known.rows, number))

    def _day(self, number: int, cell: Any, key: tuple[str, ...]) -> date | None:
        """The day on which the household entered; the further members of one may leave it blank."""
        above, first = self._days.get(key, (None, number))
        if not cell_text(cell):
            if above is None:
                self._fault(number, "entered_on", "missing")
            return above
        day = cell_day(cell)
        if day is None:
            self._fault(number, "entered_on", "not_a_day")
        elif above is None:
            self._days[key] = day, number
        elif above != day:
            self._fault(number, "entered_on", "another_day", row=first)
        return day

    def _member(self, number: int, texts: Mapping[str, str]) -> Member | None:
        try:
            member = checked_member(1, Member(texts["name"], texts["resident_number"], texts["phone"]))
        except MemberRefused as refused:
            self._fault(number, refused.field, "missing" if refused.fault == "missing" else f"not_a_{refused.field}")
            return None
        first = self._numbers.setdefault(member.resident_number, number) if member.resident_number else number
        if first != number:
            self._fault(number, "resident_number", "repeated", row=first)
        return member

    def _fault(self, number: int, field: str, code: str, **values: int) -> None:
        self.faults.append(RowFault(number, field, code, values))

"""Households from a spreadsheet, looked over before anything is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from linli.ground.people.actions.register_household import Member
from linli.ground.people.encryption import blind_index
from linli.ground.people.household_sheets import (
    HEADINGS,
    REQUIRED,
    RowFault,
    SheetHousehold,
    match_household_columns,
    read_households,
)
from linli.ground.people.models import Household, Person
from linli.ground.territory.facade import Level, Unit, units

MAX_BYTES = 5 * 1024 * 1024
ASKED_AT_ONCE = 500

# code → (what is wrong, what to do)
FAULTS: Mapping[str, tuple[Promise, Promise]] = {
    "missing": (_("这一格没有填写"), _("请补填后重新导入")),
    "too_long": (_("超过了 %(longest)s 个字"), _("请缩短后重新导入")),
    "not_a_day": (_("不是日期"), _("请写成 2026-03-03")),
    "another_day": (
        _("与同一户前面一行（第 %(row)s 行）的日期不同"),
        _("一户只有一个入住日期；不是同一户的请填写户号"),
    ),
    "not_a_resident_number": (
        _("公民身份号码不对：位数、出生日期或校验码不符"),
        _("请与证件核对；这一列须为文本格式，否则末几位会丢失"),
    ),
    "not_a_phone": (_("这不像一个电话号码"), _("手机为 11 位；座机请加区号，如 025-84401234")),
    "repeated": (_("公民身份号码与前面一行（第 %(row)s 行）相同"), _("每人只留一行")),
    "unknown_community": (_("找不到这个社区"), _("请填写社区的全称或 12 位代码")),
    "several_communities": (_("有几个社区叫这个名称"), _("请填写 12 位代码")),
    "another_name": (_("这个公民身份号码登记在另一个姓名下"), _("请与证件核对姓名和号码")),
    "columns_missing": (_("缺少列"), _("首行应有列名 社区、地址、入住日期、姓名")),
    "not_a_workbook": (_("这不是可以读取的 .xlsx 文件"), _("请在电子表格软件中另存为 .xlsx 后重试")),
    "too_large": (_("文件过大"), _("文件不应超过 5 MB；请按社区分成几个文件")),
    "empty": (_("文件里没有内容"), _("请核对是否选对了文件")),
}


@dataclass(frozen=True)
class HouseholdFault:
    """One thing wrong: row as the spreadsheet shows it (0: the whole file), column, and what to do. Never the value."""

    row: int
    column: str
    code: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class PlannedHousehold:
    """A household as it is to be registered."""

    community: Unit
    address: str
    entered_on: date
    members: tuple[Member, ...]


@dataclass(frozen=True)
class HouseholdsPreview:
    """What a file would bring in. With faults it cannot be imported.

    Args:
        households: those that are new.
        known: how many stand in the table already and are left as they are.
    """

    columns: tuple[str, ...]
    households: tuple[PlannedHousehold, ...]
    known: int
    faults: tuple[HouseholdFault, ...]


def preview_households(content: bytes) -> HouseholdsPreview:
    """Read households from the bytes of an .xlsx file. Nothing is written."""
    if len(content) > MAX_BYTES:
        return _unusable("too_large")
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = list(enumerate(book.get_sheet_by_index(0).iter_rows(), start=1))
    except CalamineError:
        return _unusable("not_a_workbook")
    heading = next((number for number, cells in rows if any(str(cell).strip() for cell in cells)), 0)
    if not heading or heading == len(rows):
        return _unusable("empty")
    columns = match_household_columns(rows[heading - 1][1])
    if missing := [HEADINGS[each][0] for each in REQUIRED if each not in columns]:
        return _unusable("columns_missing", row=heading, column="、".join(missing))
    found, faults = read_households(rows[heading:], columns)
    planned, more = _placed(found)
    faults = sorted([*faults, *more, *_otherwise_named(found)], key=lambda fault: fault.row)
    new = [] if faults else _not_there_yet(planned)
    return HouseholdsPreview(
        tuple(HEADINGS[each][0] for each in columns),
        tuple(new),
        0 if faults else len(planned) - len(new),
        tuple(_in_words(fault.row, HEADINGS[fault.field][0], fault.code, fault.values) for fault in faults),
    )


def _placed(found: Sequence[SheetHousehold]) -> tuple[list[PlannedHousehold], list[RowFault]]:
    """The households with their communities, known by code or full name."""
    named: dict[str, list[Unit]] = defaultdict(list)
    for unit in units(Level.COMMUNITY):
        named[unit.name].append(unit)
        named[unit.code].append(unit)
    planned, faults = [], []
    for each in found:
        match named.get(each.community, []):
            case [unit]:
                planned.append(PlannedHousehold(unit, each.address, each.entered_on, each.members))
            case several:
                code = "several_communities" if several else "unknown_community"
                faults.append(RowFault(each.rows[0], "community", code, {}))
    return planned, faults


def _otherwise_named(found: Sequence[SheetHousehold]) -> list[RowFault]:
    """Members whose number is somebody else's by name: moving them in would move the other."""
    rows = {
        blind_index(member.resident_number, "resident_number"): (row, member.name)
        for each in found
        for member, row in zip(each.members, each.rows, strict=True)
        if member.resident_number
    }
    indexes, faults = list(rows), []
    for start in range(0, len(indexes), ASKED_AT_ONCE):
        asked = indexes[start : start + ASKED_AT_ONCE]
        for person in Person.objects.filter(resident_number_index__in=asked):
            row, name = rows[person.resident_number_index]
            if person.name != name:
                faults.append(RowFault(row, "name", "another_name", {}))
    return faults


def _not_there_yet(planned: Sequence[PlannedHousehold]) -> list[PlannedHousehold]:
    """Those that no earlier import has entered: same dwelling, same day, and a member in common or all moved on since.

    Addresses are encrypted, so those of the communities concerned are read.
    """
    there: dict[tuple[int, str, date], list[set[str]]] = defaultdict(list)
    communities = {each.community.pk for each in planned}
    rows = Household.objects.filter(dwelling__community__in=communities).select_related("dwelling")
    for row in rows.prefetch_related("person_set"):
        key = row.dwelling.community_id, row.dwelling.address, row.entered_on
        there[key].append({person.name for person in row.person_set.all()})

    def is_there(each: PlannedHousehold) -> bool:
        names = {member.name for member in each.members}
        known = there.get((each.community.pk, each.address, each.entered_on), [])
        return any(not others or not others.isdisjoint(names) for others in known)

    return [each for each in planned if not is_there(each)]


def _unusable(code: str, *, row: int = 0, column: str = "") -> HouseholdsPreview:
    return HouseholdsPreview((), (), 0, (_in_words(row, column, code, {}),))


def _in_words(row: int, column: str, code: str, values: Mapping[str, int]) -> HouseholdFault:
    problem, remedy = (str(words) % values for words in FAULTS[code])
    return HouseholdFault(row, column, code, problem, remedy)

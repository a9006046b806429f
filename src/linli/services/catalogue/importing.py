"""A catalogue of topics from a spreadsheet, looked over before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.services.catalogue.models import Responsible
from linli.services.catalogue.rules.sheets import (
    DEPARTMENT_HEADING,
    LEVELS,
    LONGEST_DAYS,
    LONGEST_NAME,
    OPTIONAL,
    RESPONSIBLE_HEADING,
    STREET_UNIT_HEADING,
    UNIT_HEADING,
    SheetFault,
    TopicRow,
    match_topic_columns,
    read_topics,
)

MAX_BYTES = 5 * 1024 * 1024

LEVEL_WORDS: Mapping[str, str] = {
    "社区": Responsible.COMMUNITY,
    "街道": Responsible.STREET,
    "区": Responsible.DISTRICT,
} | {str(level.label): level.value for level in Responsible}

STREET_UNITS: Mapping[str, str] = {str(unit.label): unit.value for unit in StreetUnit} | {
    unit.value: unit.value for unit in StreetUnit
}

# code → (what is wrong, what to do)
FAULTS: Mapping[str, tuple[Promise | str, Promise | str]] = {
    "missing": (_("分类名称没有填写"), _("三级分类都要填写；上级与上一行相同的可以留空")),
    "too_long": (_("分类名称超过 %(longest)s 个字"), _("请缩短名称")),
    "repeated": (_("与前面一行是同一个分类（括号内为行号）"), _("每个分类只留一行")),
    "unknown_level": (_("没有这个责任层级"), _("请填写 社区、街道 或 区")),
    "unknown_unit": (_("找不到这个责任单位"), _("街道级请填写四部一中心之一，区级请填写职能部门的全称")),
    "unit_without_level": (_("写了责任单位，没有写责任层级"), _("请补填责任层级：街道 或 区")),
    "unit_not_wanted": (_("社区级事项由所在社区居委会负责"), _("请清空责任单位")),
    "units_differ": (_("与“责任单位”一栏不是同一个单位"), _("请只填一处，或填写同一个单位")),
    "not_days": (_("不是工作日数"), _("请填写 1 到 %(most)s 的整数")),
    "not_yes_or_no": (_("不是“是”或“否”"), _("请填写 是 或 否")),
    "columns_missing": (_("缺少列"), _("首行应有列名 一级分类、二级分类、三级分类；另外可以有 %(optional)s")),
    "not_a_workbook": (_("这不是可以读取的 .xlsx 文件"), _("请在电子表格软件中另存为 .xlsx 后重试")),
    "too_large": (_("文件过大"), _("分类表不应超过 5 MB,请核对是否选对了文件")),
    "empty": (_("文件里没有内容"), _("请核对是否选对了文件")),
}


@dataclass(frozen=True)
class CatalogueFault:
    """One thing wrong: row as the spreadsheet shows it (0: the whole file), column, value, and what to do."""

    row: int
    column: str
    value: str
    code: str
    problem: str
    remedy: str


@dataclass(frozen=True)
class PlannedTopic:
    """A leaf as it is to stand in the catalogue; what the file does not say is None."""

    path: tuple[str, ...]
    responsible: str | None = None
    street_unit: str | None = None
    department: int | None = None
    promised_days: int | None = None
    waives_second_person: bool | None = None


@dataclass(frozen=True)
class CataloguePreview:
    """What a file would bring in. With faults it cannot be imported."""

    columns: tuple[str, ...]
    topics: tuple[PlannedTopic, ...]
    faults: tuple[CatalogueFault, ...]


def preview_topics(content: bytes) -> CataloguePreview:
    """Read a catalogue from the bytes of an .xlsx file. Nothing is written."""
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
    columns = match_topic_columns(rows[heading - 1][1])
    missing = [known[0] for known in LEVELS if known[0] not in columns]
    if missing:
        return _unusable("columns_missing", row=heading, column="、".join(missing))
    found, faults = read_topics(rows[heading:], columns, LEVEL_WORDS)
    departments = _departments()
    planned = []
    for row in found:
        topic, more = _planned(row, departments)
        planned.append(topic)
        faults += more
    faults.sort(key=lambda fault: fault.row)
    return CataloguePreview(tuple(columns), tuple(planned), tuple(_in_words(fault) for fault in faults))


def _planned(row: TopicRow, departments: Mapping[str, int]) -> tuple[PlannedTopic, list[SheetFault]]:
    """The topic of a row, its units resolved: the one of its own level, and those given for a level by name."""
    topic = PlannedTopic(row.path, row.responsible, promised_days=row.days, waives_second_person=row.waives)
    topic, fault = _own_unit(topic, row, departments)
    if fault:
        return topic, [fault]
    faults: list[SheetFault] = []
    street_unit = STREET_UNITS.get(row.street_unit or "")
    department = departments.get(row.department or "")
    for heading, typed, found, own in (
        (STREET_UNIT_HEADING, row.street_unit, street_unit, topic.street_unit),
        (DEPARTMENT_HEADING, row.department, department, topic.department),
    ):
        if typed and found is None:
            faults.append(SheetFault(row.row, heading, "unknown_unit", typed))
        elif typed and own is not None and own != found:
            faults.append(SheetFault(row.row, heading, "units_differ", typed))
    topic = replace(topic, street_unit=street_unit or topic.street_unit, department=department or topic.department)
    return topic, faults


def _own_unit(
    topic: PlannedTopic, row: TopicRow, departments: Mapping[str, int]
) -> tuple[PlannedTopic, SheetFault | None]:
    """The topic with the unit that the row names for its own level."""
    if row.unit is None:
        return topic, None
    match row.responsible:
        case Responsible.STREET if row.unit in STREET_UNITS:
            return replace(topic, street_unit=STREET_UNITS[row.unit]), None
        case Responsible.DISTRICT if row.unit in departments:
            return replace(topic, department=departments[row.unit]), None
        case Responsible.COMMUNITY:
            return topic, SheetFault(row.row, UNIT_HEADING, "unit_not_wanted", row.unit)
        case None:
            return topic, SheetFault(row.row, RESPONSIBLE_HEADING, "unit_without_level", row.unit)
        case _:
            return topic, SheetFault(row.row, UNIT_HEADING, "unknown_unit", row.unit)


def _departments() -> dict[str, int]:
    """The district's departments by name."""
    rows = Organization.objects.filter(kind=Kind.DEPARTMENT, active=True)
    return dict(rows.values_list("name", "pk"))


def _unusable(code: str, *, row: int = 0, column: str = "") -> CataloguePreview:
    return CataloguePreview((), (), (_in_words(SheetFault(row, column, code)),))


def _in_words(fault: SheetFault) -> CatalogueFault:
    optional = "、".join(names[0] for names in OPTIONAL)
    values = {"longest": LONGEST_NAME, "most": LONGEST_DAYS, "optional": optional}
    problem, remedy = (str(words) % values for words in FAULTS[fault.code])
    return CatalogueFault(fault.row, fault.column, fault.value, fault.code, problem, remedy)

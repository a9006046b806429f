"""Reading a catalogue of topics from a sheet: three levels, and who answers for them by when.

One row may name a unit for each level of government that can have the topic in hand: the unit of the street and the
department of the district. The community's is the residents' committee of the place and has no column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.kernel.cells import cell_text

LEVELS: tuple[tuple[str, ...], ...] = (
    ("一级分类", "一级", "大类"),
    ("二级分类", "二级", "中类"),
    ("三级分类", "三级", "小类"),
)
# Besides the levels every column is optional. `UNIT_HEADING` is the unit of the row's own level, the two after it are
# those of a certain level, whichever answers.
RESPONSIBLE_HEADING, UNIT_HEADING = "责任层级", "责任单位"
STREET_UNIT_HEADING, DEPARTMENT_HEADING = "街道责任单位", "区责任单位"
DAYS_HEADING, WAIVES_HEADING = "承诺工作日", "可免复核"
OPTIONAL: tuple[tuple[str, ...], ...] = (
    (RESPONSIBLE_HEADING,),
    (UNIT_HEADING,),
    (STREET_UNIT_HEADING, "街道责任部门"),
    (DEPARTMENT_HEADING, "区责任部门", "区职能部门"),
    (DAYS_HEADING,),
    (WAIVES_HEADING,),
)
LONGEST_NAME = 60
LONGEST_DAYS = 365
YES, NO = {"是", "可", "√", "1", "yes", "true"}, {"否", "不可", "0", "no", "false"}


@dataclass(frozen=True)
class TopicRow:
    """A leaf of the catalogue. What the sheet does not say is None and stays as it is."""

    row: int
    path: tuple[str, ...]
    responsible: str | None = None
    unit: str | None = None
    street_unit: str | None = None
    department: str | None = None
    days: int | None = None
    waives: bool | None = None


@dataclass(frozen=True)
class SheetFault:
    """What is wrong in one row, as a code."""

    row: int
    column: str
    code: str
    value: str = ""


def match_topic_columns(headings: Sequence[Any]) -> dict[str, int]:
    """Which column holds what, under the heading it is shown with; columns of several names go by their first."""
    names = ["".join(str(heading).split()) for heading in headings]
    found = {}
    for known in (*LEVELS, *OPTIONAL):
        at = next((names.index(name) for name in known if name in names), None)
        if at is not None:
            found[known[0]] = at
    return found


def read_topics(
    rows: Iterable[tuple[int, Sequence[Any]]], columns: Mapping[str, int], levels: Mapping[str, str]
) -> tuple[list[TopicRow], list[SheetFault]]:
    """The leaves in the order of the sheet, and everything that is wrong.

    A blank cell of an upper level, as merged cells leave it, means the one above it.

    Args:
        rows: number of each row as the spreadsheet shows it, and its cells.
        columns: heading → position.
        levels: word of the sheet → code of the level of government that answers.
    """
    good: list[TopicRow] = []
    faults: list[SheetFault] = []
    above: tuple[str, ...] = ()
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in rows:
        texts = {name: cell_text(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        if not any(texts.values()):
            continue
        path, problems = _path(number, [texts[known[0]] for known in LEVELS], above)
        above = path or above
        row, more = _answering(number, path, texts, levels)
        problems += more
        if path in seen:
            problems.append(SheetFault(number, LEVELS[2][0], "repeated", f"{' / '.join(path)}（{seen[path]}）"))
        if not problems:
            seen[path] = number
            good.append(row)
        faults += problems
    return good, faults


def _path(number: int, names: Sequence[str], above: Sequence[str]) -> tuple[tuple[str, ...], list[SheetFault]]:
    """The names from the top down to the leaf, upper blanks filled from the row above."""
    filled = list(names)
    if not filled[0] and above:
        filled[0] = above[0]
        if not filled[1]:
            filled[1] = above[1]
    elif not filled[1] and above and filled[0] == above[0]:
        filled[1] = above[1]
    faults = []
    for known, name in zip(LEVELS, filled, strict=True):
        if not name:
            faults.append(SheetFault(number, known[0], "missing"))
        elif len(name) > LONGEST_NAME:
            faults.append(SheetFault(number, known[0], "too_long", name[:40]))
    return (() if faults else tuple(filled)), faults


def _answering(
    number: int, path: tuple[str, ...], texts: Mapping[str, str], levels: Mapping[str, str]
) -> tuple[TopicRow, list[SheetFault]]:
    """Who answers for the topic and by when, as far as the row says."""
    faults: list[SheetFault] = []
    level, unit = texts.get(RESPONSIBLE_HEADING), texts.get(UNIT_HEADING)
    days, waives = texts.get(DAYS_HEADING), (texts.get(WAIVES_HEADING) or "").lower()
    if level and level not in levels:
        faults.append(SheetFault(number, RESPONSIBLE_HEADING, "unknown_level", level))
    if days and not (days.isascii() and days.isdigit() and 0 < int(days) <= LONGEST_DAYS):
        faults.append(SheetFault(number, DAYS_HEADING, "not_days", days))
    if waives and waives not in YES | NO:
        faults.append(SheetFault(number, WAIVES_HEADING, "not_yes_or_no", waives))
    row = TopicRow(
        row=number,
        path=path,
        responsible=levels.get(level) if level else None,
        unit=unit or None,
        street_unit=texts.get(STREET_UNIT_HEADING) or None,
        department=texts.get(DEPARTMENT_HEADING) or None,
        days=int(days) if days and not faults else None,
        waives=waives in YES if waives else None,
    )
    return row, faults

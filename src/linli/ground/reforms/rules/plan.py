"""A reform on paper: the changes of units and of offices that one document decrees for one day.

Sources: 行政区划管理条例 15, 17 (rules.md B11.21); 撤消街道原有科室 (the study, L11; requirement R07): every old office
is given the ones that take over, so that nothing open stays with what is no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from linli.ground.territory.rules.changes import ChangeFault, ChangeKind, UnitChange


@dataclass(frozen=True)
class OfficePart:
    """An organization that takes over.

    Args:
        name: its full name.
        new: whether it is to be established; else one of this name is there.
        area: code of the unit that a new one serves; empty for that of the source.
        under: full name of the organization above a new one; empty for that of the source.
        staff: login names of those who go along to this part of a split; all others go to the heir.
    """

    name: str
    new: bool = False
    area: str = ""
    under: str = ""
    staff: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfficeChange:
    """Organizations that end, and those that take over; `heir` is the part that keeps their history."""

    kind: ChangeKind
    sources: tuple[str, ...]
    parts: tuple[OfficePart, ...]
    heir: str


@dataclass(frozen=True)
class ReformPlan:
    """All that one document decrees: carried out whole, on its day."""

    day: date
    document: str
    reason: str
    units: tuple[UnitChange, ...]
    offices: tuple[OfficeChange, ...]


def plan_faults(plan: ReformPlan) -> tuple[ChangeFault, ...]:
    """What is wrong with a reform whatever stands in the tables: one unit or office in two changes, or no document."""
    faults = [] if plan.document.strip() else [ChangeFault("no_document")]
    if not (plan.units or plan.offices):
        faults.append(ChangeFault("nothing_changes"))
    codes = [code for change in plan.units for code in {*change.sources, *(part.code for part in change.parts)}]
    names = [name for change in plan.offices for name in change.sources]
    faults += [ChangeFault("changed_twice", {"code": each}) for each, count in Counter(codes).items() if count > 1]
    faults += [ChangeFault("changed_twice", {"code": each}) for each, count in Counter(names).items() if count > 1]
    for change in plan.offices:
        if change.kind is ChangeKind.REDRAW:
            faults.append(ChangeFault("no_boundary", {"name": "、".join(change.sources)}))
        parts = [part.name for part in change.parts]
        if change.heir not in parts or len(set(parts)) < len(parts) or not change.sources:
            faults.append(ChangeFault("no_heir", {"code": change.heir}))
    return tuple(faults)


def part_of_address(address: str, beginnings: Mapping[str, Iterable[str]], rest: str) -> str:
    """The part of a split to which an address goes: that with the longest fitting beginning, else `rest`."""
    fitting = [(len(begin), code) for code, each in beginnings.items() for begin in each if address.startswith(begin)]
    return max(fitting)[1] if fitting else rest

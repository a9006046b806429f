"""Changes of the territory on paper: which units end, which come after them, and what is wrong with that.

Sources: 行政区划管理条例 15, 17 (rules.md B11.21): a change is carried out within twelve months and its new codes are
published, so old codes keep their history; the residents' committee law (B1.2) for who decides on communities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from linli.ground.territory.rules.coverage import Outline, division_error
from linli.ground.territory.rules.levels import is_code, level_of, parent_of
from linli.kernel.divisions import Level

CHANGEABLE = frozenset({Level.COMMUNITY, Level.GRID})


class ChangeKind(StrEnum):
    """How units or organizations come after others."""

    MERGE = "merge"
    """Several become one: a new one, or one of them."""
    SPLIT = "split"
    """One becomes several, all of them new."""
    RENAME = "rename"
    """One goes on under another code."""
    TRANSFER = "transfer"
    """One goes on elsewhere in the tree, and therefore under another code."""


@dataclass(frozen=True)
class Part:
    """A unit as it is to be after a change.

    Args:
        code: its code; that of a source, where the source goes on.
        name: official name; empty keeps that of a source which goes on.
        outline: GeoJSON in WGS-84; only a split has to be drawn, else it follows from the sources.
        datum: in which the outline was delivered.
        households: how many; only a split has to say so, else it follows from the sources.
        grids: codes of the grids of the split unit that go to this part.
        addresses: how the addresses begin that go to this part of a split.
    """

    code: str
    name: str = ""
    outline: Outline | None = field(default=None, hash=False, repr=False)
    datum: str = ""
    households: int | None = None
    grids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitChange:
    """Units that become others; `heir` is the part that keeps the history of what ends."""

    kind: ChangeKind
    sources: tuple[str, ...]
    parts: tuple[Part, ...]
    heir: str

    @property
    def ending(self) -> tuple[str, ...]:
        """The sources that are no more afterwards."""
        return tuple(code for code in self.sources if code not in {part.code for part in self.parts})


@dataclass(frozen=True)
class Standing:
    """A unit in force, as far as a change asks."""

    code: str
    name: str
    valid_from: date
    outline: Outline | None = field(default=None, hash=False, repr=False)
    households: int | None = None
    grids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangeFault:
    """One thing that keeps a change from being carried out."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def change_faults(
    change: UnitChange, standing: Mapping[str, Standing], taken: Collection[str], day: date
) -> tuple[ChangeFault, ...]:
    """What is wrong with a change of units; nothing, if it leaves the district divided as exactly as before.

    Args:
        standing: the units in force.
        taken: every code that ever stood for a unit: none is given out twice.
        day: the first day of what comes.
    """
    unknown = [code for code in change.sources if code not in standing]
    if unknown:
        return tuple(ChangeFault("unknown_unit", {"code": code}) for code in unknown)
    sources = [standing[code] for code in change.sources]
    faults = [*_form_faults(change), *_code_faults(change, standing, taken)]
    touched = [*sources, *(standing[grid] for each in sources for grid in each.grids)]
    faults += [ChangeFault("too_young", {"code": each.code}) for each in touched if each.valid_from >= day]
    if not faults and change.kind is ChangeKind.SPLIT:
        faults += _division_faults(change, sources[0])
    return tuple(faults)


def _form_faults(change: UnitChange) -> Iterator[ChangeFault]:
    """Whether the numbers fit the kind of change, and what has no name or no heir."""
    many = len(change.sources) > 1, len(change.parts) > 1
    fits = {
        ChangeKind.MERGE: many == (True, False),
        ChangeKind.SPLIT: many == (False, True) and bool(change.ending),
        ChangeKind.RENAME: many == (False, False) and bool(change.ending),
        ChangeKind.TRANSFER: many == (False, False) and bool(change.ending),
    }[change.kind]
    codes = [part.code for part in change.parts]
    if not (fits and change.sources and codes) or len(set(change.sources)) < len(change.sources):
        yield ChangeFault("wrong_number", {"kind": change.kind})
    if len(set(codes)) < len(codes) or change.heir not in codes:
        yield ChangeFault("no_heir", {"code": change.heir})
    yield from (
        ChangeFault("no_name", {"code": part.code})
        for part in change.parts
        if not part.name and part.code not in change.sources
    )


def _code_faults(change: UnitChange, standing: Mapping[str, Standing], taken: Collection[str]) -> Iterator[ChangeFault]:
    """Whether the new codes stand for units of the same level, in the right place of the tree."""
    levels = {level_of(code) for code in change.sources}
    parents = {parent_of(code) for code in change.sources}
    if len(levels) > 1 or not levels <= CHANGEABLE:
        yield ChangeFault("wrong_level")
        return
    for part in change.parts:
        if part.code in change.sources:
            continue
        if not is_code(part.code) or level_of(part.code) not in levels or parent_of(part.code) not in standing:
            yield ChangeFault("bad_code", {"code": part.code})
        elif part.code in taken:
            yield ChangeFault("code_taken", {"code": part.code})
        elif (parent_of(part.code) not in parents) is not (change.kind is ChangeKind.TRANSFER):
            yield ChangeFault("wrong_parent", {"code": part.code})


def _division_faults(change: UnitChange, source: Standing) -> Iterator[ChangeFault]:
    """Whether the parts of a split divide ground, grids and households exactly."""
    outlines = [part.outline for part in change.parts]
    if source.outline and not all(outlines):
        yield ChangeFault("not_drawn", {"code": source.code})
    elif source.outline:
        error = division_error(source.outline, [each for each in outlines if each])
        if error:
            yield ChangeFault("not_divided", {"code": source.code, "area": round(error)})
    given = Counter(grid for part in change.parts for grid in part.grids)
    if given != Counter(source.grids):
        wrong = sorted((given - Counter(source.grids)) + (Counter(source.grids) - given))
        yield ChangeFault("grids_not_divided", {"codes": "、".join(wrong)})
    counts = [part.households for part in change.parts]
    if source.households is not None and sum(count or 0 for count in counts) != source.households:
        yield ChangeFault("households_not_divided", {"code": source.code, "households": source.households})


def households_together(counts: Sequence[int | None]) -> int | None:
    """The households of several units; not known if those of one are not."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def new_grid_codes(parent: str, grids: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """A code below `parent` for each grid that moves there, after all that were ever given out (B8.5)."""
    used = [int(code[-3:]) for code in taken if len(code) == len(parent) + 3 and code.startswith(parent)]
    first = max(used, default=0) + 1
    return {grid: f"{parent}{number:03d}" for number, grid in enumerate(sorted(grids), first)}

"""Changes of the territory on paper: which units end, which come after them, and what is wrong with that.

Sources: 行政区划管理条例 15, 17 (rules.md B11.21): a change is carried out within twelve months and its new codes are
published, so old codes keep their history; the residents' committee law (B1.2) for who decides on communities.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from linli.ground.territory.rules.coverage import Outline
from linli.ground.territory.rules.levels import is_code, level_of, parent_of
from linli.kernel.divisions import COMMUNITY_KINDS, STREET_DIGITS, Level


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
    REDRAW = "redraw"
    """Ground goes from one to another; all of them go on."""


_SMALL = frozenset({Level.COMMUNITY, Level.GRID})
CHANGEABLE: Mapping[ChangeKind, frozenset[Level]] = {
    ChangeKind.MERGE: _SMALL | {Level.STREET},
    ChangeKind.SPLIT: _SMALL,
    ChangeKind.RENAME: _SMALL | {Level.STREET},
    ChangeKind.TRANSFER: _SMALL,
    ChangeKind.REDRAW: frozenset({Level.COMMUNITY}),
}


@dataclass(frozen=True)
class Part:
    """A unit as it is to be after a change.

    Args:
        code: its code; that of a source, where the source goes on.
        name: official name; empty keeps that of a source which goes on.
        outline: GeoJSON in WGS-84; only a split and a new boundary have to be drawn, else it follows from the sources.
        datum: in which the outline was delivered.
        households: how many; only a split and a new boundary have to say so, else it follows from the sources.
        grids: codes of the grids that come to this part: of the split unit, or of a neighbour.
        addresses: how the addresses begin that come to this part, by a split or from a neighbour.
        codes: for a street, the new codes of the communities that come to it, by their old ones; others are numbered.
    """

    code: str
    name: str = ""
    outline: Outline | None = field(default=None, hash=False, repr=False)
    datum: str = ""
    households: int | None = None
    grids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)


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


def form_faults(
    change: UnitChange, standing: Mapping[str, Standing], taken: Collection[str], day: date
) -> tuple[ChangeFault, ...]:
    """What is wrong with the form of a change: numbers, levels, codes and names, whatever the ground.

    Args:
        standing: the units in force.
        taken: every code that ever stood for a unit: none is given out twice.
        day: the first day of what comes.
    """
    unknown = [code for code in change.sources if code not in standing]
    if unknown:
        return tuple(ChangeFault("unknown_unit", {"code": code}) for code in unknown)
    sources = [standing[code] for code in change.sources]
    faults = [*_form_faults(change, standing), *_code_faults(change, standing, taken)]
    moving = [each for code in change.ending for each in below(standing, code)]
    if change.kind is ChangeKind.REDRAW:
        moving = [standing[grid] for part in change.parts for grid in part.grids if grid in standing]
    faults += [ChangeFault("too_young", {"code": each.code}) for each in (*sources, *moving) if each.valid_from >= day]
    return tuple(faults)


def below(standing: Mapping[str, Standing], code: str) -> list[Standing]:
    """The units in force below one."""
    start = code[:STREET_DIGITS] if level_of(code) is Level.STREET else code
    return [each for key, each in standing.items() if key.startswith(start) and key != code]


def _form_faults(change: UnitChange, standing: Mapping[str, Standing]) -> Iterator[ChangeFault]:
    """Whether the numbers fit the kind of change, and what has no name or no heir."""
    many = len(change.sources) > 1, len(change.parts) > 1
    codes = [part.code for part in change.parts]
    renamed = any(part.code in standing and part.name not in ("", standing[part.code].name) for part in change.parts)
    fits = {
        ChangeKind.MERGE: many == (True, False),
        ChangeKind.SPLIT: many == (False, True) and bool(change.ending),
        ChangeKind.RENAME: many == (False, False) and (bool(change.ending) or renamed),
        ChangeKind.TRANSFER: many == (False, False) and bool(change.ending),
        ChangeKind.REDRAW: many == (True, True) and set(codes) == set(change.sources),
    }[change.kind]
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
    if len(levels) > 1 or not levels <= CHANGEABLE[change.kind]:
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
    for part in change.parts:
        yield from _following_faults(change, part, standing, taken)


def _following_faults(
    change: UnitChange, part: Part, standing: Mapping[str, Standing], taken: Collection[str]
) -> Iterator[ChangeFault]:
    """Whether the communities of a street that ends all get a code of their own below the new one."""
    communities = moving_communities(change, standing)
    new = list(part.codes.values())
    for old, code in part.codes.items():
        if old not in communities:
            yield ChangeFault("not_below", {"code": old})
        elif not is_code(code) or level_of(code) is not Level.COMMUNITY or parent_of(code) != part.code:
            yield ChangeFault("bad_code", {"code": code})
        elif code in taken or new.count(code) > 1:
            yield ChangeFault("code_taken", {"code": code})
    given = new_community_codes(part.code, communities, taken, part.codes) if communities else {}
    yield from (ChangeFault("no_code_left", {"code": old}) for old, code in given.items() if not code)


def moving_communities(change: UnitChange, standing: Mapping[str, Standing]) -> tuple[str, ...]:
    """The communities of the streets that end."""
    streets = [code for code in change.ending if code in standing and level_of(code) is Level.STREET]
    found = [each.code for code in streets for each in below(standing, code)]
    return tuple(sorted(code for code in found if level_of(code) is Level.COMMUNITY))


def households_together(counts: Sequence[int | None]) -> int | None:
    """The households of several units; not known if those of one are not."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def new_grid_codes(parent: str, grids: Sequence[str], taken: Collection[str]) -> dict[str, str]:
    """A code below `parent` for each grid that moves there, after all that were ever given out (B8.5)."""
    used = [int(code[-3:]) for code in taken if len(code) == len(parent) + 3 and code.startswith(parent)]
    first = max(used, default=0) + 1
    return {grid: f"{parent}{number:03d}" for number, grid in enumerate(sorted(grids), first)}


def new_community_codes(
    street: str, communities: Sequence[str], taken: Collection[str], given: Mapping[str, str]
) -> dict[str, str]:
    """A code below `street` for each community that moves there: the given one, else its old serial, else the next.

    A serial stays in the range of its kind (committee, village, virtual community). Empty where none is left.
    """
    start, found = street[:STREET_DIGITS], dict(given)
    used = {code[-3:] for code in (*taken, *given.values()) if len(code) == len(street) and code.startswith(start)}
    for old in sorted(set(communities) - given.keys()):
        serial = old[-3:]
        if serial in used:
            room = next((kinds for kinds, _ in COMMUNITY_KINDS if int(serial) in kinds), range(600, 1000))
            last = max((int(each) for each in used if int(each) in room), default=room.start - 1)
            free = [*range(last + 1, room.stop), *room]
            serial = next((f"{each:03d}" for each in free if f"{each:03d}" not in used), "")
        used.add(serial)
        found[old] = start + serial if serial else ""
    return found

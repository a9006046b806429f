"""Boundaries between communities that go on: ground, grids and households go from one to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linli.ground.territory.changing import Changing
from linli.ground.territory.models import Unit
from linli.ground.territory.rules.changes import ChangeKind, Part, new_grid_codes
from linli.ground.territory.rules.coverage import Outline, shared, together, without
from linli.ground.territory.rules.levels import parent_of


@dataclass(frozen=True)
class Shape:
    """What a unit looked like, and how many households it had, before a change."""

    outline: Outline | None
    households: int | None


def redraw_boundary(changing: Changing, taken: set[str]) -> list[Unit]:
    """Draw every part anew, keep what it looked like, and bring over the grids that come with the ground."""
    parts = changing.change.parts
    before = {part.code: Shape(changing.row(part.code).outline, changing.row(part.code).households) for part in parts}
    ground = {
        (loser, part.code): shared(shape.outline, part.outline)
        for part in parts
        for loser, shape in before.items()
        if loser != part.code
    }
    for part in parts:
        row = changing.row(part.code)
        households = row.households if part.households is None else part.households
        changing.reshape(row, part.outline or row.outline, households, part.name)
    for (loser, winner), outline in ground.items():
        part = next(each for each in parts if each.code == winner)
        if outline or part.addresses or any(grid.startswith(loser) for grid in part.grids):
            changing.ground_moved(changing.row(loser), changing.row(winner), outline)
    for part in parts:
        _bring_grids(changing, part, taken)
    _redraw_streets(changing, parts, before, ground)
    return [changing.row(part.code) for part in parts]


def _bring_grids(changing: Changing, part: Part, taken: set[str]) -> None:
    """The grids that come to a part, under codes of their new community."""
    codes = new_grid_codes(part.code, part.grids, taken)
    for grid in part.grids:
        row = changing.row(grid)
        new = changing.born(codes[grid], row.name, row.outline, row.outline_datum, row.households)
        changing.end(row)
        changing.succeed(row, new, ChangeKind.TRANSFER, inherits=True)


def _redraw_streets(
    changing: Changing,
    parts: Sequence[Part],
    before: dict[str, Shape],
    ground: dict[tuple[str, str], Outline | None],
) -> None:
    """The streets, where the boundary is one between streets too."""
    for street in sorted({parent_of(part.code) for part in parts}):
        own = [part.code for part in parts if parent_of(part.code) == street]
        crossing = {pair: outline for pair, outline in ground.items() if (pair[0] in own) is not (pair[1] in own)}
        if len(own) == len(parts):
            continue
        changes = [_difference(changing.row(code).households, before[code].households) for code in own]
        redraw_parent(
            changing,
            changing.row(street),
            None if None in changes else sum(each or 0 for each in changes),
            lost=[outline for (loser, _), outline in crossing.items() if loser in own],
            won=[outline for (_, winner), outline in crossing.items() if winner in own],
        )


def _difference(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before


def redraw_parent(
    changing: Changing,
    row: Unit,
    households: int | None,
    *,
    lost: Iterable[Outline | None] = (),
    won: Iterable[Outline | None] = (),
) -> None:
    """A unit less the ground that it lost and with what it won, and with so many households more (or fewer)."""
    outline, won = row.outline, list(won)
    for each in lost:
        outline = without(outline, each)
    for each in won:
        outline = together([outline, each]) or outline if each else outline
    changing.reshape(row, outline, _plus(row.households, households))


def _plus(count: int | None, change: int | None) -> int | None:
    return count if count is None or change is None else max(0, count + change)

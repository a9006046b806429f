"""Units end and others come after them, or are drawn anew: all that a document may decree of the territory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from linli.ground.record.writing import keep
from linli.ground.territory.changing import Changing
from linli.ground.territory.history import standing_units
from linli.ground.territory.models import Unit
from linli.ground.territory.redrawing import Shape, redraw_boundary, redraw_parent
from linli.ground.territory.rules.changes import (
    ChangeFault,
    ChangeKind,
    Part,
    UnitChange,
    households_together,
    new_community_codes,
    new_grid_codes,
)
from linli.ground.territory.rules.coverage import together
from linli.ground.territory.rules.dividing import change_faults
from linli.ground.territory.rules.levels import parent_of
from linli.kernel.access import Actor
from linli.kernel.divisions import Level


class ChangeRefused(ValueError):
    """The change was not carried out and nothing is written; `faults` say why."""

    def __init__(self, faults: tuple[ChangeFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@transaction.atomic
def change_unit(
    change: UnitChange, *, day: date, document: str, reason: str = "", actor: Actor, now: datetime
) -> list[Unit]:
    """Carry out one change from `day` on; returns what is there afterwards, part by part.

    Paths stay what they were: what ends keeps its row, and what follows gets a row of its own. What lies below goes
    along under new codes, since a grid's code begins with that of its community, and a community's with its street's.

    Raises:
        ChangeRefused: the change does not leave the district divided exactly; nothing is written.
    """
    taken = set(Unit.objects.values_list("code", flat=True))
    faults = change_faults(change, standing_units(), taken, day)
    if faults:
        raise ChangeRefused(faults)
    sources = list(Unit.objects.select_for_update().filter(code__in=change.sources).order_by("code"))
    changing = Changing(change, day, now, document, reason, {row.code: row for row in sources})
    if change.kind is ChangeKind.REDRAW:
        parts = redraw_boundary(changing, taken)
    else:
        parts = _succeeded(changing, sources, taken)
    keep(
        "change_unit",
        actor=actor,
        now=now,
        subject=f"unit:{change.heir}",
        codes={
            "kind": str(change.kind),
            "from": list(change.sources),
            "to": [part.code for part in change.parts],
            "day": day.isoformat(),
        },
        texts={"document": document, "reason": reason},
    )
    return parts


def _succeeded(changing: Changing, sources: list[Unit], taken: set[str]) -> list[Unit]:
    """What ends has its successors, and what lies below follows."""
    change = changing.change
    shapes = {row.code: Shape(row.outline, row.households) for row in sources}
    parts = [_take_shape(changing, part, sources) for part in change.parts]
    ending = [row for row in sources if row.code in change.ending]
    for row in ending:
        changing.end(row)
        for part in parts:
            changing.succeed(row, part, change.kind, inherits=part.code == change.heir)
    streets = [row for row in ending if row.level == Level.STREET.value]
    communities = [row for row in ending if row.level == Level.COMMUNITY.value]
    _move_communities(changing, streets, taken)
    given = {grid: part.code for part in change.parts for grid in part.grids}
    _move_grids(changing, communities, given, taken)
    _redraw_parents(changing, ending, shapes)
    return parts


def _take_shape(changing: Changing, part: Part, sources: list[Unit]) -> Unit:
    """The row of one part, drawn: a split by its file, everything else by what the sources were."""
    outline, households, datum = part.outline, part.households, part.datum
    if changing.change.kind is not ChangeKind.SPLIT:
        outline = together([row.outline for row in sources if not _is_empty(row)])
        households = households_together([row.households for row in sources])
        datum = next((row.outline_datum for row in sources if row.outline_datum), "")
    if part.code in changing.change.sources:
        row = changing.row(part.code)
        changing.reshape(row, outline or row.outline, households, part.name)
        return row
    return changing.born(part.code, part.name, outline, datum, households)


def _is_empty(row: Unit) -> bool:
    """Whether a street has given all its communities, and its ground with them, to others."""
    return row.level == Level.STREET.value and row.outline is None and not _below(row)


def _below(row: Unit) -> list[Unit]:
    """The units in force of the next level below one."""
    found = Unit.objects.select_for_update().filter(
        path__startswith=row.path, depth=row.depth + 1, valid_to__isnull=True
    )
    return list(found.order_by("code"))


def _move_communities(changing: Changing, streets: Iterable[Unit], taken: set[str]) -> None:
    """Every community of a street that ends goes on in the new street, under a code that begins with its."""
    moving = [community for street in streets for community in _below(street)]
    if not moving:
        return
    (part,) = changing.change.parts
    codes = new_community_codes(part.code, [each.code for each in moving], taken, part.codes)
    for community in moving:
        new = _gone_on(changing, community, codes[community.code])
        _move_grids(changing, [community], {}, taken, heir=new.code)


def _move_grids(
    changing: Changing, ending: Iterable[Unit], given: dict[str, str], taken: set[str], *, heir: str = ""
) -> None:
    """Every grid of what ends goes on under a code of its new community."""
    moving: dict[str, list[Unit]] = defaultdict(list)
    for community in ending:
        for grid in _below(community):
            moving[given.get(grid.code, heir or changing.change.heir)].append(grid)
    for community_code, grids in moving.items():
        codes = new_grid_codes(community_code, [grid.code for grid in grids], taken)
        for grid in grids:
            _gone_on(changing, grid, codes[grid.code])


def _gone_on(changing: Changing, row: Unit, code: str) -> Unit:
    """The unit as it was, under another code."""
    new = changing.born(code, row.name, row.outline, row.outline_datum, row.households)
    changing.end(row)
    changing.succeed(row, new, ChangeKind.TRANSFER, inherits=True)
    return new


def _redraw_parents(changing: Changing, ending: Iterable[Unit], shapes: dict[str, Shape]) -> None:
    """Where ground goes to another parent, both parents are drawn and counted anew."""
    heir = changing.change.heir
    winner = changing.row(parent_of(heir))
    for row in ending:
        loser = changing.row(parent_of(row.code))
        if loser == winner:
            continue
        shape = shapes[row.code]
        others = Unit.objects.filter(path__startswith=winner.path, depth=winner.depth + 1, valid_to__isnull=True)
        empty = winner.outline is None and not others.exclude(code=heir).exists()
        redraw_parent(changing, loser, -shape.households if shape.households else None, lost=[shape.outline])
        if empty:
            changing.reshape(winner, shape.outline, winner.households)
        redraw_parent(changing, winner, shape.households, won=[shape.outline])

"""Units end and others come after them: a merger, a split, a new code, a move to another parent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.ground.record.writing import keep
from linli.ground.territory.history import standing_units
from linli.ground.territory.models import FormerName, FormerOutline, Succession, Unit
from linli.ground.territory.rules.changes import (
    ChangeFault,
    ChangeKind,
    Part,
    UnitChange,
    change_faults,
    households_together,
    new_grid_codes,
)
from linli.ground.territory.rules.coverage import Outline, inner_point, together, without
from linli.ground.territory.rules.levels import level_of, parent_of, path_of
from linli.ground.territory.rules.plan import checksum
from linli.kernel.access import Actor
from linli.kernel.divisions import Level
from linli.kernel.geodesy import Datum


class ChangeRefused(ValueError):
    """The change was not carried out and nothing is written; `faults` say why."""

    def __init__(self, faults: tuple[ChangeFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@dataclass
class _Changing:
    """The rows of one change, and under which decision it is made."""

    change: UnitChange
    day: date
    document: str
    reason: str
    rows: dict[str, Unit]

    def succeed(self, old: Unit, new: Unit, kind: ChangeKind, *, inherits: bool) -> None:
        """Write that `new` comes after `old`; with the history of the old one, if it inherits."""
        Succession.objects.create(
            predecessor=old,
            successor=new,
            kind=kind,
            day=self.day,
            inherits=inherits,
            document=self.document,
            reason=self.reason,
        )
        if inherits:
            new.former_paths = sorted({*new.former_paths, old.path, *old.former_paths})
            new.save(update_fields=["former_paths"])

    def end(self, row: Unit) -> None:
        """The unit is no more from the day on."""
        row.valid_to = self.day
        row.save(update_fields=["valid_to"])

    def born(self, code: str, name: str, outline: Outline | None, datum: str, households: int | None) -> Unit:
        """A new unit below the parent that its code names."""
        longitude, latitude = inner_point(outline)
        row = Unit(
            path=path_of(code),
            depth=level_of(code).depth,
            level=level_of(code).value,
            code=code,
            name=name,
            outline=outline,
            outline_datum=datum if outline else "",
            longitude=longitude,
            latitude=latitude,
            households=households,
            valid_from=self.day,
            checksum=checksum(code, name, outline),
        )
        row.save(force_insert=True)
        self.rows[code] = row
        parent = self.row(parent_of(code))
        parent.numchild += 1
        parent.save(update_fields=["numchild"])
        return row

    def reshape(self, row: Unit, outline: Outline | None, households: int | None, name: str = "") -> None:
        """Another outline, number of households or name from the day on; what held until then is kept."""
        if (outline, households) != (row.outline, row.households):
            keep_outline(row, self.day)
            row.outline, row.households = outline, households
            row.outline_datum = (row.outline_datum or Datum.WGS84.value) if outline else ""
            row.longitude, row.latitude = inner_point(outline)
        if name and name != row.name:
            keep_name(row, self.day)
            row.name = name
        row.checksum = checksum(row.code, row.name, row.outline)
        shape = ["outline", "outline_datum", "longitude", "latitude"]
        row.save(update_fields=[*shape, "households", "name", "checksum"])

    def row(self, code: str) -> Unit:
        """The row with this code, locked."""
        if code not in self.rows:
            self.rows[code] = Unit.objects.select_for_update().get(code=code)
        return self.rows[code]


@transaction.atomic
def change_unit(
    change: UnitChange, *, day: date, document: str, reason: str = "", actor: Actor, now: datetime
) -> list[Unit]:
    """Carry out one change from `day` on; returns what is there afterwards, part by part.

    Paths stay what they were: what ends keeps its row, and what follows gets a row of its own. Grids go along under
    new codes, since a grid's code begins with that of its community.

    Raises:
        ChangeRefused: the change does not leave the district divided exactly; nothing is written.
    """
    taken = set(Unit.objects.values_list("code", flat=True))
    faults = change_faults(change, standing_units(), taken, day)
    if faults:
        raise ChangeRefused(faults)
    sources = list(Unit.objects.select_for_update().filter(code__in=change.sources).order_by("code"))
    changing = _Changing(change, day, document, reason, {row.code: row for row in sources})
    shapes = {row.code: (row.outline, row.households) for row in sources}
    parts = [_take_shape(changing, part, sources) for part in change.parts]
    ending = [row for row in sources if row.code in change.ending]
    for row in ending:
        changing.end(row)
        for part in parts:
            changing.succeed(row, part, change.kind, inherits=part.code == change.heir)
    _move_grids(changing, ending, taken)
    _redraw_parents(changing, ending, shapes)
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


def keep_outline(row: Unit, day: date) -> None:
    """Keep what a unit looks like until `day`; nothing, where that would be less than a day."""
    latest = FormerOutline.objects.filter(unit=row).order_by("-valid_to").values_list("valid_to", flat=True).first()
    since = latest or row.valid_from
    if since < day:
        FormerOutline.objects.create(
            unit=row, outline=row.outline, households=row.households, valid_from=since, valid_to=day
        )


def keep_name(row: Unit, day: date) -> None:
    """Keep the name that a unit bears until `day`."""
    latest = FormerName.objects.filter(unit=row).order_by("-valid_to").values_list("valid_to", flat=True).first()
    FormerName.objects.create(unit=row, name=row.name, valid_from=latest or row.valid_from, valid_to=day)


def _take_shape(changing: _Changing, part: Part, sources: list[Unit]) -> Unit:
    """The row of one part, drawn: a split by its file, everything else by what the sources were."""
    outline, households, datum = part.outline, part.households, part.datum
    if changing.change.kind is not ChangeKind.SPLIT:
        outline = together([row.outline for row in sources])
        households = households_together([row.households for row in sources])
        datum = next((row.outline_datum for row in sources if row.outline_datum), "")
    if part.code in changing.change.sources:
        row = changing.row(part.code)
        changing.reshape(row, outline or row.outline, households, part.name)
        return row
    return changing.born(part.code, part.name, outline, datum, households)


def _move_grids(changing: _Changing, ending: Iterable[Unit], taken: set[str]) -> None:
    """Every grid of what ends goes on under a code of its new community."""
    given = {grid: part.code for part in changing.change.parts for grid in part.grids}
    moving: dict[str, list[Unit]] = defaultdict(list)
    for community in ending:
        if community.level == Level.COMMUNITY.value:
            below = Unit.objects.select_for_update().filter(
                path__startswith=community.path, level=Level.GRID.value, valid_to__isnull=True
            )
            for grid in below.order_by("code"):
                moving[given.get(grid.code, changing.change.heir)].append(grid)
    for community_code, grids in moving.items():
        codes = new_grid_codes(community_code, [grid.code for grid in grids], taken)
        for grid in grids:
            new = changing.born(codes[grid.code], grid.name, grid.outline, grid.outline_datum, grid.households)
            changing.end(grid)
            changing.succeed(grid, new, ChangeKind.TRANSFER, inherits=True)


def _redraw_parents(
    changing: _Changing, ending: Iterable[Unit], shapes: dict[str, tuple[Outline | None, int | None]]
) -> None:
    """Where ground goes to another parent, both parents are drawn and counted anew."""
    to = parent_of(changing.change.heir)
    for row in ending:
        at, (outline, households) = parent_of(row.code), shapes[row.code]
        if at == to:
            continue
        loser, winner = changing.row(at), changing.row(to)
        changing.reshape(loser, without(loser.outline, outline), _plus(loser.households, households, -1))
        others = Unit.objects.filter(path__startswith=winner.path, depth=winner.depth + 1, valid_to__isnull=True)
        empty = winner.outline is None and not others.exclude(code=changing.change.heir).exists()
        drawn = outline if empty else together([winner.outline, outline]) or winner.outline
        changing.reshape(winner, drawn, _plus(winner.households, households, 1))


def _plus(count: int | None, change: int | None, sign: int) -> int | None:
    return count if count is None or change is None else max(0, count + sign * change)

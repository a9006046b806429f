"""The rows of one change of units: what ends, what begins, what is drawn anew, and what is kept of before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.territory.models import FormerName, FormerOutline, MovedGround, Succession, Unit
from linli.ground.territory.rules.changes import ChangeKind, UnitChange
from linli.ground.territory.rules.coverage import Outline, inner_point
from linli.ground.territory.rules.levels import level_of, parent_of, path_of
from linli.ground.territory.rules.plan import checksum
from linli.kernel.geodesy import Datum


@dataclass
class Changing:
    """The rows of one change, and under which decision it is made."""

    change: UnitChange
    day: date
    now: datetime
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

    def ground_moved(self, loser: Unit, winner: Unit, ground: Outline | None) -> None:
        """Write that ground goes from one unit to another, both of which go on."""
        MovedGround.objects.create(
            loser=loser,
            winner=winner,
            outline=ground,
            day=self.day,
            at=self.now,
            document=self.document,
            reason=self.reason,
        )


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

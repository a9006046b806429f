"""The district's units come in from the statistics office's files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.record.writing import keep
from linli.ground.territory.actions.found_district import rows_of
from linli.ground.territory.changing import keep_outline
from linli.ground.territory.imports import Preview
from linli.ground.territory.models import FormerName, Unit
from linli.ground.territory.rules.levels import parent_of
from linli.ground.territory.rules.plan import PlannedUnit, checksum
from linli.kernel.access import Actor
from linli.kernel.divisions import Level


class ImportRefused(ValueError):
    """The preview has faults, or the files are another district's; nothing was written."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did, in units. A unit both renamed and redrawn is counted under both."""

    created: int
    renamed: int
    redrawn: int
    unchanged: int


@transaction.atomic
def import_territory(preview: Preview, *, actor: Actor, now: datetime) -> ImportResult:
    """Bring the table in line with a preview: whole or not at all.

    Units are known by their codes. New ones are created, names and outlines brought up to date (former names and
    outlines are kept), and units that the files do not mention left alone, as are those that have ended. An import
    that changes nothing leaves no record either, so that it can be repeated.

    Args:
        preview: what the files say, without faults.
        actor: who imports.
        now: the present moment; its day is the first of new units and new names.

    Raises:
        ImportRefused: the preview has faults, or is of another district; nothing is written.
    """
    if preview.faults:
        raise ImportRefused(f"the files have {len(preview.faults)} faults; correct them and try again")
    today = timezone.localdate(now)
    codes = [unit.code for unit in preview.units]
    known: dict[str, Unit] = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    if not known and Unit.objects.exists():
        raise ImportRefused("the files are of another district; one database is one district")
    new = [unit for unit in preview.units if unit.code not in known]
    pairs = [
        (unit, known[unit.code]) for unit in preview.units if unit.code in known and known[unit.code].valid_to is None
    ]
    renamed = [pair for pair in pairs if pair[0].name != pair[1].name]
    redrawn = [pair for pair in pairs if pair[0].outline and pair[0].outline != pair[1].outline]
    _rename(renamed, today)
    for _, row in redrawn:
        keep_outline(row, today)
    changed = _redraw(redrawn) | {row.code for _, row in renamed}
    changed |= _adopt(new, known)
    for code in changed:
        known[code].checksum = checksum(code, known[code].name, known[code].outline)
    Unit.objects.bulk_update(
        [known[code] for code in sorted(changed)],
        ["name", "outline", "outline_datum", "longitude", "latitude", "numchild", "checksum"],
    )
    Unit.objects.bulk_create(rows_of(new, valid_from=today))
    if new or renamed or redrawn:
        keep(
            "import_territory",
            actor=actor,
            now=now,
            subject=f"unit:{preview.plan.district.code}",
            codes={
                "streets": len(preview.plan.at(Level.STREET)),
                "communities": len(preview.plan.at(Level.COMMUNITY)),
            },
        )
    touched = {row.code for _, row in (*renamed, *redrawn)}
    return ImportResult(len(new), len(renamed), len(redrawn), len(pairs) - len(touched))


def _rename(pairs: list[tuple[PlannedUnit, Unit]], today: date) -> None:
    """Keep the old names and give the rows their new ones, unsaved."""
    before = FormerName.objects.filter(unit__in=[row for _, row in pairs]).order_by("valid_to", "pk")
    since = {name.unit_id: name.valid_to for name in before}
    FormerName.objects.bulk_create(
        FormerName(unit=row, name=row.name, valid_from=since.get(row.pk, row.valid_from), valid_to=today)
        for _, row in pairs
    )
    for planned, row in pairs:
        row.name = planned.name


def _redraw(pairs: list[tuple[PlannedUnit, Unit]]) -> set[str]:
    """Give the rows their new outlines, unsaved; returns their codes."""
    for planned, row in pairs:
        row.outline, row.outline_datum = planned.outline, planned.columns()["outline_datum"]
        row.longitude, row.latitude = planned.longitude, planned.latitude
    return {row.code for _, row in pairs}


def _adopt(new: list[PlannedUnit], known: dict[str, Unit]) -> set[str]:
    """Count new units among the children of rows that exist, unsaved; returns the parents' codes."""
    children = Counter(parent_of(unit.code) for unit in new)
    for code in children.keys() & known.keys():
        known[code].numchild += children[code]
    return children.keys() & known.keys()

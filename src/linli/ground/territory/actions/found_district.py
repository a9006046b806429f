"""A district is founded: all of its units at once, in an empty table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.record.writing import keep
from linli.ground.territory.models import Unit
from linli.ground.territory.rules.levels import path_of
from linli.ground.territory.rules.plan import DistrictPlan, PlannedUnit
from linli.kernel.access import Actor
from linli.kernel.divisions import Level


class AlreadyFounded(ValueError):
    """The table holds a district; one database is one district."""


@transaction.atomic
def found_district(plan: DistrictPlan, *, actor: Actor, now: datetime) -> int:
    """Create every unit of a plan, valid from today.

    Args:
        plan: the district and all units below it.
        actor: who founds it.
        now: the present moment; its day in the district's time zone is the first day of every unit.

    Returns:
        How many units were created.

    Raises:
        AlreadyFounded: there are units already; nothing is written.
    """
    if Unit.objects.exists():
        raise AlreadyFounded("a district exists already: import into it, or start with an empty database")
    created = Unit.objects.bulk_create(rows_of(plan.units, valid_from=timezone.localdate(now)))
    keep(
        "found_district",
        actor=actor,
        now=now,
        subject=f"unit:{plan.district.code}",
        codes={
            "streets": len(plan.at(Level.STREET)),
            "communities": len(plan.at(Level.COMMUNITY)),
            "grids": len(plan.at(Level.GRID)),
        },
    )
    return len(created)


def rows_of(units: Iterable[PlannedUnit], *, valid_from: date) -> list[Unit]:
    """Unsaved rows of new units, with their places in the tree and the number of their children."""
    planned = sorted(units, key=lambda unit: path_of(unit.code))
    children = Counter(unit.parent_code for unit in planned)
    return [Unit(**unit.columns(), numchild=children[unit.code], valid_from=valid_from) for unit in planned]

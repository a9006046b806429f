"""Homes follow the ground that they stand on; where each lay before is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from linli.ground.people.models import Dwelling, Person
from linli.ground.reforms.models import DwellingMove
from linli.ground.reforms.rules.plan import ReformPlan, part_of_address
from linli.ground.territory.facade import ChangeKind, Succession, Unit

BATCH = 500


@dataclass(frozen=True)
class _Going:
    """Where the homes of a unit go: by how their addresses begin, all others to `rest`."""

    unit: Unit
    beginnings: Mapping[str, Sequence[str]]
    rest: str


def move_homes(plan: ReformPlan) -> list[int]:
    """Every home of what ended, or of ground that moved, lies in exactly one part from now on; returns which moved."""
    found: list[int] = []
    for going in (*_ended(plan), *_redrawn(plan)):
        for code, homes in _by_part(going).items():
            _move(homes, going.unit, Unit.objects.get(code=code), plan)
            found += homes
    return found


def people_of(homes: Sequence[int]) -> int:
    """How many people live in these homes."""
    chunks = _chunks(homes)
    living = Person.objects.filter(household__left_on__isnull=True)
    return sum(living.filter(household__dwelling__in=chunk).count() for chunk in chunks)


def _ended(plan: ReformPlan) -> Iterator[_Going]:
    """Communities and grids that ended today; most have one successor, and no address is asked for."""
    parts = {source: change.parts for change in plan.units for source in change.sources}
    heirs = Succession.objects.filter(inherits=True, day=plan.day, predecessor__dwelling__isnull=False).distinct()
    for row in heirs.select_related("predecessor", "successor").order_by("pk"):
        beginnings = {part.code: part.addresses for part in parts.get(row.predecessor.code, ()) if part.addresses}
        yield _Going(row.predecessor, beginnings, row.successor.code)


def _redrawn(plan: ReformPlan) -> Iterator[_Going]:
    """Communities that go on without some of their ground."""
    for change in plan.units:
        beginnings = {part.code: part.addresses for part in change.parts if part.addresses}
        if change.kind is ChangeKind.REDRAW and beginnings:
            for unit in Unit.objects.filter(code__in=change.sources).order_by("code"):
                yield _Going(unit, beginnings, unit.code)


def _by_part(going: _Going) -> dict[str, list[int]]:
    homes = Dwelling.objects.filter(community=going.unit).order_by("pk")
    if not going.beginnings:
        return {going.rest: list(homes.values_list("pk", flat=True))}
    found: dict[str, list[int]] = defaultdict(list)
    for home in homes.iterator():
        code = part_of_address(home.address, going.beginnings, going.rest)
        if code != going.unit.code:
            found[code].append(home.pk)
    return found


def _move(homes: Sequence[int], before: Unit, after: Unit, plan: ReformPlan) -> None:
    DwellingMove.objects.bulk_create(
        [DwellingMove(dwelling_id=home, community=before, day=plan.day) for home in homes], BATCH
    )
    for chunk in _chunks(homes):
        Dwelling.objects.filter(pk__in=chunk).update(community=after)


def _chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))

"""Where what ended or moved went on, and what was changed by which paper. Units are public: anybody may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linli.ground.territory.models import FormerName, MovedGround, Succession, Unit
from linli.ground.territory.rules.changes import ChangeKind
from linli.ground.territory.rules.coverage import around, holds
from linli.kernel.divisions import Level


@dataclass(frozen=True)
class PastChange:
    """A change of units that are no grids, by the names that they bore when it happened."""

    day: date
    kind: str
    document: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes_until(day: date, most: int = 50) -> tuple[PastChange, ...]:
    """The changes up to a day, the newest first: each once, with all that ended and all that came after it."""
    found = [*_successions_until(day, most), *_redrawn_until(day, most)]
    return tuple(sorted(found, key=lambda each: each.day, reverse=True)[:most])


def _successions_until(day: date, most: int) -> list[PastChange]:
    rows = Succession.objects.filter(day__lte=day).exclude(predecessor__level=Level.GRID.value)
    found: dict[tuple[date, frozenset[int]], tuple[Succession, dict[int, str], dict[int, str]]] = {}
    groups: dict[int, list[Succession]] = {}
    for row in rows.select_related("predecessor", "successor").order_by("-day", "-pk")[: most * 4]:
        groups.setdefault(row.predecessor_id, []).append(row)
    for successions in groups.values():
        first, after = successions[0], {row.successor_id: _name_on(row.successor, row.day) for row in successions}
        kept = found.setdefault((first.day, frozenset(after)), (first, {}, after))
        kept[1][first.predecessor_id] = first.predecessor.name
    return [
        PastChange(first.day, first.kind, first.document, tuple(before.values())[::-1], tuple(after.values())[::-1])
        for first, before, after in list(found.values())[:most]
    ]


def _redrawn_until(day: date, most: int) -> list[PastChange]:
    rows = MovedGround.objects.filter(day__lte=day).defer("outline", "loser__outline", "winner__outline")
    found: dict[tuple[date, str, frozenset[int]], PastChange] = {}
    for row in rows.select_related("loser", "winner").order_by("-day", "-pk")[:most]:
        names = _name_on(row.loser, row.day), _name_on(row.winner, row.day)
        key = row.day, row.document, frozenset({row.loser_id, row.winner_id})
        found.setdefault(key, PastChange(row.day, ChangeKind.REDRAW, row.document, names, names))
    return list(found.values())


def _name_on(unit: Unit, day: date) -> str:
    former = FormerName.objects.filter(unit=unit, valid_from__lte=day, valid_to__gt=day).order_by("valid_to", "pk")
    return former.values_list("name", flat=True).first() or unit.name


def succeeded_units() -> QuerySet[Unit]:
    """Units that ended and have successors."""
    rows: QuerySet[Unit] = Unit.objects.filter(valid_to__isnull=False, successions__isnull=False)
    return rows


class Ways:
    """What came after units, each looked up once: for who asks of many positions."""

    def __init__(self) -> None:
        self._after: dict[int, list[Unit]] = {}
        self._lost: dict[str, list[MovedGround]] = {}

    def current_unit(self, unit: Unit, longitude: float | None = None, latitude: float | None = None) -> Unit:
        """The unit that stands today where `unit` stood; itself, if it stands.

        Of several successors the one around the position; where none is known or drawn, that which keeps the history.
        """
        while unit.valid_to is not None:
            successors = self._successors(unit)
            if not successors:
                return unit
            chosen = None
            if len(successors) > 1 and longitude is not None and latitude is not None:
                rows = {row.code: row for row in successors}
                chosen = rows.get(around(((code, row.outline) for code, row in rows.items()), longitude, latitude))
            unit = chosen or successors[0]
        return unit

    def current_place(self, unit: Unit, longitude: float | None, latitude: float | None) -> Unit:
        """The same, also where ground went to a neighbour: it goes along, unless the unit has the ground again."""
        here, seen = self.current_unit(unit, longitude, latitude), set()
        while longitude is not None and latitude is not None and here.pk not in seen:
            seen.add(here.pk)
            winner = self._winner(here, longitude, latitude)
            if winner is None:
                break
            here = self.current_unit(winner, longitude, latitude)
        return here

    def _successors(self, unit: Unit) -> list[Unit]:
        if unit.pk not in self._after:
            rows = Succession.objects.filter(predecessor=unit).select_related("successor").order_by("-inherits", "pk")
            self._after[unit.pk] = [row.successor for row in rows]
        return self._after[unit.pk]

    def _winner(self, unit: Unit, longitude: float, latitude: float) -> Unit | None:
        """To whom the ground around a position went last that a community, or that of a grid, has lost."""
        community = unit.path[: unit.steplen * Level.COMMUNITY.depth]
        if community not in self._lost:
            rows = MovedGround.objects.filter(loser__path=community, outline__isnull=False).order_by("-day", "-pk")
            self._lost[community] = list(rows.select_related("loser", "winner"))
        for row in self._lost[community]:
            if holds(row.outline, longitude, latitude):
                stays = holds(row.loser.outline, longitude, latitude) or holds(unit.outline, longitude, latitude)
                return None if stays else row.winner
        return None


def moved_grounds() -> list[MovedGround]:
    """Drawn ground that went to a neighbour, with who lost it."""
    rows = MovedGround.objects.filter(outline__isnull=False, loser__valid_to__isnull=True)
    return list(rows.select_related("loser").order_by("pk"))

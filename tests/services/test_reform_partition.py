"""Whatever is merged, split and moved: on every day the children of a unit are the unit, in ground and in number."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import shapely
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely.geometry import box, mapping, shape

from linli.ground.organizations.history import organizations_as_of
from linli.ground.organizations.models import Kind, Organization
from linli.ground.people.models import Dwelling
from linli.ground.reforms.actions.carry_out_reform import carry_out_reform
from linli.ground.reforms.figures import matters_as_of
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart, ReformPlan
from linli.ground.reforms.selectors import community_on
from linli.ground.territory.facade import ChangeKind, Level, Part, Unit, UnitChange, UnitOn, units, units_as_of
from linli.ground.territory.rules.coverage import division_error
from linli.kernel.access import SYSTEM
from tests.world import World

EACH = 1024
steps = st.lists(st.tuples(st.sampled_from(list(ChangeKind)), st.integers(0, 9), st.integers(0, 9)), max_size=7)


class Play:
    """A district in which one reform is decreed a day."""

    def __init__(self, world: World) -> None:
        self.world, self.now, self.serial = world, world.now, 10
        Unit.objects.filter(level=Level.COMMUNITY.value).update(households=EACH)
        Unit.objects.filter(level=Level.STREET.value).update(households=2 * EACH)
        Unit.objects.filter(level=Level.DISTRICT.value).update(households=4 * EACH)
        self.homes = [
            Dwelling.objects.create(community=unit, address=f"{road}路{number}号")
            for unit in world.community.values()
            for number, road in enumerate(("梧桐", "槐树"), 1)
        ]
        self.open = [self.file(unit) for unit in world.community.values()]
        self.closed = world.case_of(state="closed").pk

    def file(self, unit: Unit) -> int:
        left, low, _, high = shape(unit.outline).bounds
        return int(self.world.receive(place=unit, longitude=left + 0.13, latitude=(low + high) / 2).matter.pk)

    def code(self, street: str) -> str:
        self.serial += 1
        return f"{street[:9]}{self.serial:03d}"

    def take(self, kind: ChangeKind, first: int, second: int) -> None:
        there = list(units(Level.COMMUNITY))
        unit, other = there[first % len(there)], there[second % len(there)]
        self.now += timedelta(days=1)
        change = self.change(kind, unit, other)
        if change is None:
            return
        carry_out_reform(
            ReformPlan(self.now.date(), "文", "", (change,), (offices(change),)), actor=SYSTEM, now=self.now
        )

    def change(self, kind: ChangeKind, unit: Unit, other: Unit) -> UnitChange | None:
        street = f"{other.code[:9]}000"
        match kind:
            case ChangeKind.MERGE if unit == other:
                return None
            case ChangeKind.MERGE:
                into = other.code if self.serial % 2 else self.code(street)
                return UnitChange(kind, (unit.code, other.code), (Part(into, f"{into}社区"),), into)
            case ChangeKind.SPLIT:
                parts = tuple(self.halves(unit))
                return UnitChange(kind, (unit.code,), parts, parts[0].code)
            case ChangeKind.RENAME:
                street = f"{unit.code[:9]}000"
            case ChangeKind.TRANSFER:
                street = "990104002000" if unit.code.startswith("990104001") else "990104001000"
        code = self.code(street)
        return UnitChange(kind, (unit.code,), (Part(code, f"{code}社区"),), code)

    def halves(self, unit: Unit) -> Iterator[Part]:
        ground, west = shape(unit.outline), True
        left, low, right, high = ground.bounds
        middle = (left + right) / 2
        for bounds in ((left, low, middle, high), (middle, low, right, high)):
            code, count = self.code(unit.code), (unit.households or 0) // 2
            households = count if west else (unit.households or 0) - count
            outline: Any = mapping(areas(ground.intersection(box(*bounds))))
            yield Part(code, f"{code}社区", outline, "WGS84", households, addresses=() if west else ("槐树",))
            west = False


def areas(found: Any) -> Any:
    """The areas of a cut, without the lines along which pieces touch."""
    return shapely.union_all([each for each in shapely.get_parts(found) if each.geom_type == "Polygon" and each.area])


def offices(change: UnitChange) -> OfficeChange:
    """The committees go the way of their communities."""
    committees = Organization.objects.filter(kind=Kind.COMMITTEE, active=True)
    sources = tuple(committees.get(area__code=code).name for code in change.sources)
    parts = []
    for part in change.parts:
        kept = committees.filter(area__code=part.code).first()
        street = Organization.objects.get(kind=Kind.STREET_OFFICE, area__code=f"{part.code[:9]}000")
        new = OfficePart(f"{part.code}委员会", new=True, area=part.code, under=street.name)
        parts.append(OfficePart(kept.name) if kept else new)
    heir = parts[[part.code for part in change.parts].index(change.heir)].name
    return OfficeChange(change.kind, sources, tuple(parts), heir)


def check(play: Play, day: date) -> None:
    """The promise of R01, of one day."""
    tree = units_as_of(day, drawn=True)
    codes = {unit.place.code: unit for unit in tree}
    assert len(codes) == len(tree)
    counted = matters_as_of(day)
    for parent in (unit for unit in tree if unit.place.level in {Level.DISTRICT, Level.STREET}):
        children = [unit for unit in tree if unit.parent == parent.place.code]
        assert all(parent.place.holds(child.place) for child in children)
        if children or parent.outline:
            check_parts(parent, children)
        assert counted[parent.place.code] == sum(counted[child.place.code] for child in children)
    assert all(unit.parent in codes for unit in tree if unit.place.level is not Level.DISTRICT)
    assert counted["990104000000"] == len(play.open) + 1
    for home in Dwelling.objects.select_related("community"):
        assert community_on(home, day).code in codes
    there = organizations_as_of(day).filter(kind=Kind.COMMITTEE).values_list("area__code", flat=True)
    assert sorted(there) == sorted(unit.place.code for unit in tree if unit.place.level is Level.COMMUNITY)


def check_parts(parent: UnitOn, children: list[UnitOn]) -> None:
    outlines = [child.outline for child in children if child.outline]
    assert all(child.outline or not child.households for child in children), "only what is empty has no ground"
    assert bool(parent.outline) == bool(outlines)
    assert parent.households == sum(child.households or 0 for child in children)
    if parent.outline:
        assert division_error(parent.outline, outlines) == 0.0


def play_out(world: World, taken: list[tuple[ChangeKind, int, int]]) -> None:
    with transaction.atomic():
        play = Play(world)
        start = play.now.date()
        for step in taken:
            play.take(*step)
        for number in range((play.now.date() - start).days + 1):
            check(play, start + timedelta(days=number))
        transaction.set_rollback(True)


def test_on_every_day_the_children_are_the_parent(world: World) -> None:
    given(steps)(settings(max_examples=8, phases=[Phase.generate])(lambda taken: play_out(world, taken)))()

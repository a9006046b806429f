"""Whatever is merged, split and moved: on every day the children of a unit are the unit, in ground and in number."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
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
from linli.services.cases.models import Case
from tests.world import World

EACH = 1024
MERGE_STREETS, RENAME_STREET = "merge streets", "rename street"
KINDS = (*ChangeKind, MERGE_STREETS, RENAME_STREET)
steps = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(0, 9)), max_size=7)


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
        """A code below a street, or for one where the district is given, that never stood for anything."""
        while True:
            self.serial += 1
            code = f"{street[:9]}{self.serial:03d}" if street[6:9] != "000" else f"{street[:6]}{self.serial:03d}000"
            if not Unit.objects.filter(code=code).exists():
                return code

    def take(self, kind: str, first: int, second: int) -> None:
        there = list(units(Level.STREET if kind in (MERGE_STREETS, RENAME_STREET) else Level.COMMUNITY))
        unit, other = there[first % len(there)], there[second % len(there)]
        self.now += timedelta(days=1)
        change = self.change(kind, unit, other)
        if change is None:
            return
        follows = kind in (MERGE_STREETS, RENAME_STREET, ChangeKind.REDRAW)
        named = () if follows else (offices(change),)
        carry_out_reform(ReformPlan(self.now.date(), "文", "", (change,), named), actor=SYSTEM, now=self.now)

    def change(self, kind: str, unit: Unit, other: Unit) -> UnitChange | None:
        street = f"{other.code[:9]}000"
        if unit == other and kind in (ChangeKind.MERGE, ChangeKind.REDRAW, MERGE_STREETS):
            return None
        match kind:
            case ChangeKind.MERGE:
                into = other.code if self.serial % 2 else self.code(street)
                return UnitChange(ChangeKind.MERGE, (unit.code, other.code), (Part(into, f"{into}社区"),), into)
            case ChangeKind.SPLIT:
                parts = tuple(self.halves(unit))
                return UnitChange(ChangeKind.SPLIT, (unit.code,), parts, parts[0].code)
            case ChangeKind.REDRAW:
                parts = self.redrawn(unit, other)
                return UnitChange(ChangeKind.REDRAW, (unit.code, other.code), parts, unit.code)
            case _ if kind == MERGE_STREETS:
                into = other.code if self.serial % 2 else self.code("990104000000")
                return UnitChange(ChangeKind.MERGE, (unit.code, other.code), (Part(into, f"{into}街道"),), into)
            case _ if kind == RENAME_STREET:
                into = self.code("990104000000")
                return UnitChange(ChangeKind.RENAME, (unit.code,), (Part(into, f"{into}街道"),), into)
            case ChangeKind.RENAME:
                street = f"{unit.code[:9]}000"
            case ChangeKind.TRANSFER:
                others = [each.code for each in units(Level.STREET) if not unit.code.startswith(each.code[:9])]
                if not others:
                    return None
                street = others[0]
        code = self.code(street)
        return UnitChange(ChangeKind(kind), (unit.code,), (Part(code, f"{code}社区"),), code)

    def redrawn(self, unit: Unit, other: Unit) -> tuple[Part, Part]:
        """Half of the ground and of the households of one, with a road, comes to the other, wherever that lies."""
        ground = shape(unit.outline)
        left, low, right, high = ground.bounds
        middle = (left + right) / 2
        bounds = (left, low, middle, high) if self.serial % 2 else (middle, low, right, high)
        gone, count = areas(ground.intersection(box(*bounds))), (unit.households or 0) // 2
        stays: Any = mapping(areas(ground.difference(gone)))
        grown: Any = mapping(areas(shapely.union_all([shape(other.outline), gone])))
        left_over, won = (unit.households or 0) - count, (other.households or 0) + count
        return (
            Part(unit.code, "", stays, "WGS84", left_over),
            Part(other.code, "", grown, "WGS84", won, addresses=("槐树",)),
        )

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
    for kind, level in ((Kind.COMMITTEE, Level.COMMUNITY), (Kind.STREET_OFFICE, Level.STREET)):
        there = organizations_as_of(day).filter(kind=kind).values_list("area__code", flat=True)
        assert sorted(there) == sorted(unit.place.code for unit in tree if unit.place.level is level)


def check_matters(play: Play) -> None:
    """Every open matter stands in the community around its point, and with offices that are there."""
    for case in Case.objects.filter(pk__in=play.open).select_related("matter__place", "matter__holder", "matter__desk"):
        place, point = case.matter.place, shapely.Point(case.longitude, case.latitude)
        assert place.valid_to is None
        assert shape(place.outline).intersects(point)
        for office in (case.matter.holder, case.matter.desk):
            assert office.active
            assert place.path.startswith(office.area.path)


def check_parts(parent: UnitOn, children: list[UnitOn]) -> None:
    outlines = [child.outline for child in children if child.outline]
    assert all(child.outline or not child.households for child in children), "only what is empty has no ground"
    assert bool(parent.outline) == bool(outlines)
    assert parent.households == sum(child.households or 0 for child in children)
    if parent.outline:
        assert division_error(parent.outline, outlines) == 0.0


def play_out(world: World, taken: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        play = Play(world)
        start = play.now.date()
        for step in taken:
            play.take(*step)
        for number in range((play.now.date() - start).days + 1):
            check(play, start + timedelta(days=number))
        check_matters(play)
        transaction.set_rollback(True)


def play_many(world: World, examples: int) -> None:
    given(steps)(
        settings(max_examples=examples, phases=[Phase.generate], deadline=None)(lambda taken: play_out(world, taken))
    )()


def test_on_every_day_the_children_are_the_parent(world: World) -> None:
    play_many(world, 8)


@pytest.mark.bar
def test_on_every_day_of_many_reforms_the_children_are_the_parent(world: World) -> None:
    play_many(world, 200)

"""Units over time: what ends stays readable, what follows divides the same ground, and any day can be asked for."""

from datetime import date, timedelta
from typing import Any

import pytest

from linli.ground.territory.facade import (
    ChangeKind,
    ChangeRefused,
    FormerOutline,
    Level,
    Part,
    Succession,
    Unit,
    UnitChange,
    change_unit,
    outlines_as_of,
    places,
    units,
    units_as_of,
)
from linli.kernel.access import SYSTEM
from tests.world import Snapshot, World, square

A1, A2, A3, A4, B1 = "990104001001", "990104001002", "990104001003", "990104001004", "990104002001"
MERGER = UnitChange(ChangeKind.MERGE, (A1, A2), (Part(A3, "新社区"),), A3)
INTO = UnitChange(ChangeKind.MERGE, (A1, A2), (Part(A1),), A1)
SPLIT = UnitChange(
    ChangeKind.SPLIT,
    (A1,),
    (
        Part(A3, "西社区", square(118.0, 32.0, 118.1, 32.1), "WGS84"),
        Part(A4, "东社区", square(118.1, 32.0, 118.2, 32.1), "WGS84"),
    ),
    A3,
)


def changed(world: World, change: UnitChange) -> list[Unit]:
    """The change, a day after the last one."""
    world.later(days=1)
    return change_unit(change, day=world.now.date(), document="青政发〔2026〕1号", actor=SYSTEM, now=world.now)


def codes(day: date, level: Level = Level.COMMUNITY) -> list[str]:
    return [each.place.code for each in units_as_of(day, level)]


def test_two_become_a_new_one(world: World) -> None:
    before = world.now.date()
    (new,) = changed(world, MERGER)
    assert codes(before) == [A1, A2, B1, "990104002002"]
    assert codes(world.now.date()) == [A3, B1, "990104002002"]
    assert [unit.code for unit in units(Level.COMMUNITY)] == codes(world.now.date())
    assert {place.code for place in places()}.isdisjoint({A1, A2}), "nothing new is placed there"
    assert new.former_paths == [world.community["A1"].path, world.community["A2"].path]
    rows = Succession.objects.order_by("predecessor__code").values_list("predecessor__code", "inherits", "document")
    assert list(rows) == [(A1, True, "青政发〔2026〕1号"), (A2, True, "青政发〔2026〕1号")]
    world.street["A"].refresh_from_db()
    assert world.street["A"].numchild == 3


def test_one_takes_in_its_neighbour_and_its_former_outline_is_kept(world: World) -> None:
    before = world.now.date()
    changed(world, INTO)
    assert codes(world.now.date())[0] == A1
    then = {each["id"]: each["geometry"] for each in outlines_as_of(Level.COMMUNITY, before)["features"]}
    now = {each["id"]: each["geometry"] for each in outlines_as_of(Level.COMMUNITY, world.now.date())["features"]}
    assert then[A1] == world.community["A1"].outline
    assert A2 in then
    assert A2 not in now
    assert now[A1] != then[A1]
    assert FormerOutline.objects.get().valid_to == world.now.date()


def test_one_becomes_two_and_its_grids_go_along(world: World) -> None:
    for number in (1, 2):
        grid = f"{A1}00{number}"
        Unit.objects.create(
            path=f"{world.community['A1'].path}000{number}", depth=4, level="grid", code=grid, name=f"网格{number}",
            valid_from=world.now.date(), checksum=number,
        )  # fmt: skip
    west, east = (Part(p.code, p.name, p.outline, p.datum, grids=(f"{A1}00{n}",)) for n, p in enumerate(SPLIT.parts, 1))
    changed(world, UnitChange(ChangeKind.SPLIT, (A1,), (west, east), A3))
    assert codes(world.now.date(), Level.GRID) == [f"{A3}001", f"{A4}001"]
    assert Unit.objects.get(code=f"{A1}002").successions.get().successor.code == f"{A4}001"


def test_a_community_goes_to_another_street_with_its_ground(world: World) -> None:
    before = world.now.date()
    changed(world, UnitChange(ChangeKind.TRANSFER, (A2,), (Part("990104002009", "A2社区"),), "990104002009"))
    today = {each.place.code: each for each in units_as_of(world.now.date(), drawn=True)}
    then = {each.place.code: each for each in units_as_of(before, drawn=True)}
    assert today["990104002009"].parent == "990104002000"
    assert then["990104001000"].outline == world.street["A"].outline
    assert today["990104001000"].outline != then["990104001000"].outline


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (UnitChange(ChangeKind.MERGE, ("990104001077", A1), (Part(A3, "新"),), A3), "unknown_unit"),
        (UnitChange(ChangeKind.MERGE, (A1,), (Part(A3, "新"),), A3), "wrong_number"),
        (UnitChange(ChangeKind.MERGE, (A1, A2), (Part(A3),), A3), "no_name"),
        (UnitChange(ChangeKind.MERGE, (A1, A2), (Part(A3, "新"),), A4), "no_heir"),
        (UnitChange(ChangeKind.MERGE, (A1, A2), (Part(B1, "新"),), B1), "code_taken"),
        (UnitChange(ChangeKind.RENAME, (A1,), (Part("990104002007", "新"),), "990104002007"), "wrong_parent"),
        (UnitChange(ChangeKind.TRANSFER, (A1,), (Part(A3, "新"),), A3), "wrong_parent"),
        (UnitChange(ChangeKind.RENAME, (A1,), (Part("12", "新"),), "12"), "bad_code"),
        (
            UnitChange(ChangeKind.TRANSFER, ("990104001000",), (Part("990104007000", "新"),), "990104007000"),
            "wrong_level",
        ),
        (UnitChange(ChangeKind.SPLIT, (A1,), (Part(A3, "西"), Part(A4, "东")), A3), "not_drawn"),
        (UnitChange(ChangeKind.SPLIT, (A2,), SPLIT.parts, A3), "not_divided"),
    ],
)
def test_what_does_not_divide_the_district_is_refused(world: World, change: UnitChange, fault: str) -> None:
    world.later(days=1)
    snapshot = Snapshot()
    with pytest.raises(ChangeRefused) as refusal:
        change_unit(change, day=world.now.date(), document="文", actor=SYSTEM, now=world.now)
    assert [each.code for each in refusal.value.faults] == [fault]
    assert snapshot.unchanged()


def test_nothing_ends_on_its_first_day(world: World) -> None:
    with pytest.raises(ChangeRefused, match="too_young"):
        change_unit(MERGER, day=world.now.date(), document="文", actor=SYSTEM, now=world.now)


def test_households_are_divided_and_added(world: World) -> None:
    Unit.objects.filter(code__in=[A1, A2]).update(households=1000)
    (merged,) = changed(world, INTO)
    assert merged.households == 2000
    assert {each.place.code: each.households for each in units_as_of(world.now.date() - timedelta(days=1))}[A1] == 1000
    west: Any = Part(A3, "西", square(118.0, 32.0, 118.1, 32.2), "WGS84", households=900)
    east: Any = Part(A4, "东", square(118.1, 32.0, 118.2, 32.2), "WGS84", households=1000)
    with pytest.raises(ChangeRefused, match="households_not_divided"):
        changed(world, UnitChange(ChangeKind.SPLIT, (A1,), (west, east), A3))

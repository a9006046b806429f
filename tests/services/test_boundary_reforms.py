"""A boundary between two communities is drawn anew: what lies in the moved ground follows, both communities go on."""

from dataclasses import replace
from typing import Any

import pytest

from linli.ground.matters.models import Matter
from linli.ground.matters.ticking import tick
from linli.ground.people.models import Dwelling
from linli.ground.record.models import Record
from linli.ground.reforms.actions.carry_out_reform import ReformRefused, carry_out_reform
from linli.ground.reforms.figures import matters_as_of
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart
from linli.ground.reforms.selectors import community_on
from linli.ground.reforms.wording import reform_fault_words
from linli.ground.territory.facade import (
    ChangeKind,
    FormerOutline,
    MovedGround,
    Part,
    Unit,
    UnitChange,
    changes_until,
    units_as_of,
)
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.models import Case
from tests.services.acting import act
from tests.services.reforming import A1, A2, plan, reformed
from tests.services.test_reforms import give, now_actor, seen
from tests.world import Snapshot, World, square

B1 = "990104002001"
# A1 is 118.0–118.2 × 32.0–32.1, A2 lies north of it, B1 east of it.
A1_LESS = square(118.0, 32.0, 118.2, 32.05)
A2_MORE = square(118.0, 32.05, 118.2, 32.2)
NORTHWARD = UnitChange(
    ChangeKind.REDRAW,
    (A1, A2),
    (Part(A1, "", A1_LESS, "WGS84"), Part(A2, "", A2_MORE, "WGS84", addresses=("梧桐路",))),
    A1,
)
EASTWARD = UnitChange(
    ChangeKind.REDRAW,
    (A1, B1),
    (
        Part(A1, "", square(118.0, 32.0, 118.1, 32.1), "WGS84"),
        Part(B1, "", square(118.1, 32.0, 118.4, 32.1), "WGS84"),
    ),
    A1,
)
BACK = UnitChange(
    ChangeKind.REDRAW,
    (A1, A2),
    (
        Part(A1, "", square(118.0, 32.0, 118.2, 32.1), "WGS84"),
        Part(A2, "", square(118.0, 32.1, 118.2, 32.2), "WGS84"),
    ),
    A1,
)


def at(world: World, latitude: float, longitude: float = 118.05, state: str = "dispatched", **inputs: Any) -> Case:
    return world.case_of(state=state, longitude=longitude, latitude=latitude, **inputs)


def test_both_keep_their_codes_and_what_they_looked_like(world: World) -> None:
    before = world.now.date()
    result = reformed(world, [NORTHWARD])
    then = {each.place.code: each.outline for each in units_as_of(before, drawn=True)}
    now = {each.place.code: each.outline for each in units_as_of(world.now.date(), drawn=True)}
    assert then.keys() == now.keys()
    assert (then[A1], then[A2]) == (world.community["A1"].outline, world.community["A2"].outline)
    assert (now[A1], now[A2]) == (A1_LESS, A2_MORE)
    assert FormerOutline.objects.count() == 2, "the street is what it was"
    assert result.redrawn == [f"{A1} A1社区", f"{A2} A2社区"]
    ground = MovedGround.objects.get()
    assert (ground.loser.code, ground.winner.code, ground.document) == (A1, A2, "青政发〔2026〕1号")
    (change,) = changes_until(world.now.date())
    assert (change.kind, change.before) == ("redraw", ("A1社区", "A2社区"))
    assert changes_until(before) == ()


def test_open_demands_in_the_moved_ground_follow_with_the_committee(world: World) -> None:
    moved, stays, nowhere = at(world, 32.08), at(world, 32.02), world.case_of(state="dispatched")
    closed = at(world, 32.08, state="closed")
    for case in (moved, stays):
        give(case, world.office["committee A1"])
    due = Matter.objects.values("due_at", "state").get(pk=moved.pk)
    assert reformed(world, [NORTHWARD]).matters == {"case": 1}
    matter = world.case(moved.pk).matter
    assert (matter.place.code, matter.holder, matter.desk) == (A2, *[world.office["committee A2"]] * 2)
    assert Matter.objects.values("due_at", "state").get(pk=moved.pk) == due
    for case in (stays, nowhere, closed):
        assert world.case(case.pk).matter.place.code == A1
    assert world.case(stays.pk).matter.holder == world.office["committee A1"]
    assert Record.objects.get(event="follow_reform").codes["place_before"] == A1
    assert matters_as_of(world.now.date()) == {
        "990104000000": 4, "990104001000": 4, A1: 3, A2: 1,
    }  # fmt: skip


def test_across_streets_the_unit_of_the_other_street_takes_over(world: World) -> None:
    before, moved = world.now.date(), at(world, 32.05, 118.15, state="accepted")
    Unit.objects.filter(code__in=[A1, B1]).update(households=1000)
    Unit.objects.filter(code__in=["990104001000", "990104002000"]).update(households=2000)
    less, more = EASTWARD.parts
    change = UnitChange(
        ChangeKind.REDRAW, (A1, B1), (replace(less, households=400), replace(more, households=1600)), A1
    )
    reformed(world, [change])
    matter = world.case(moved.pk).matter
    assert (matter.place.code, matter.holder) == (B1, world.office["urban_management B"])
    now = {each.place.code: each.households for each in units_as_of(world.now.date())}
    then = {each.place.code: each.households for each in units_as_of(before)}
    assert (now["990104001000"], now["990104002000"], now[A1], now[B1]) == (1400, 2600, 400, 1600)
    assert (then["990104001000"], then[A1]) == (2000, 1000)


def test_homes_follow_by_how_their_addresses_begin(world: World) -> None:
    before = world.now.date()
    homes = [
        Dwelling.objects.create(community=world.community["A1"], address=f"{road}1号") for road in ("梧桐路", "槐")
    ]
    assert reformed(world, [NORTHWARD]).homes == 1
    assert [Dwelling.objects.get(pk=home.pk).community.code for home in homes] == [A2, A1]
    assert {community_on(home, before).code for home in homes} == {A1}


def grids(world: World, *, drawn: bool = True) -> list[Unit]:
    """Two grids of A1, north and south, each with half of its ground and households."""
    Unit.objects.filter(code__in=[A1, A2]).update(households=1000)
    made = []
    for number, (low, high, above) in enumerate(((32.0, 32.05, A1), (32.05, 32.1, A1), (32.1, 32.2, A2)), 1):
        community = Unit.objects.get(code=above)
        outline = square(118.0, low, 118.2, high) if drawn else None
        made.append(
            Unit.objects.create(
                path=f"{community.path}{number:04d}",
                depth=4,
                level="grid",
                code=f"{above}{number:03d}",
                name=f"网格{number}",
                outline=outline,
                outline_datum="WGS84" if drawn else "",
                households=1000 if above == A2 else 500,
                valid_from=world.now.date(),
                checksum=number,
            )
        )
    return made


def with_grid(**changed: Any) -> UnitChange:
    given = {"less": 500, "more": 1500, "grids": (f"{A1}002",), "south": 32.05} | changed
    south = given["south"]
    return UnitChange(
        ChangeKind.REDRAW,
        (A1, A2),
        (
            Part(A1, "", square(118.0, 32.0, 118.2, south), "WGS84", given["less"]),
            Part(A2, "", square(118.0, south, 118.2, 32.2), "WGS84", given["more"], given["grids"]),
        ),
        A1,
    )


def test_a_grid_goes_along_with_its_demands_and_homes(world: World) -> None:
    _, north, _ = grids(world)
    case = world.case_of(state="dispatched", place=north)
    home = Dwelling.objects.create(community=north, address="槐树巷1号")
    result = reformed(world, [with_grid()])
    assert (result.homes, result.matters) == (1, {"case": 1})
    new = Unit.objects.get(code=f"{A2}004")
    assert (new.name, new.former_paths, world.case(case.pk).matter.place) == (north.name, [north.path], new)
    assert Dwelling.objects.get(pk=home.pk).community == new
    today = {each.place.code: each for each in units_as_of(world.now.date())}
    assert sorted(code for code, each in today.items() if each.parent == A2) == [f"{A2}003", f"{A2}004"]
    assert sum(today[code].households or 0 for code in (f"{A2}003", f"{A2}004")) == today[A2].households == 1500


def test_what_is_reopened_or_released_later_follows_then_and_what_came_later_stays(world: World) -> None:
    closed, withheld = at(world, 32.08, state="closed"), at(world, 32.08)
    Matter.objects.filter(pk=withheld.pk).update(withheld=True)
    assert reformed(world, [NORTHWARD]).matters == {"case": 0}
    world.later(minutes=5)
    late = at(world, 32.08)
    act(world, closed, "reopen_case", world.resident, reason="又不亮了。")
    Matter.objects.filter(pk=withheld.pk).update(withheld=False)
    tick(world.now)
    assert [world.case(each.pk).matter.place.code for each in (closed, withheld, late)] == [A2, A2, A1]


def test_ground_that_comes_back_brings_its_demands_back(world: World) -> None:
    case, closed = at(world, 32.08), at(world, 32.08, state="closed")
    reformed(world, [NORTHWARD])
    reformed(world, [BACK])
    assert world.case(case.pk).matter.place.code == A1
    act(world, closed, "reopen_case", world.resident, reason="又不亮了。")
    tick(world.now)
    assert [world.case(each.pk).matter.place.code for each in (case, closed)] == [A1, A1]
    assert Record.objects.filter(event="follow_reform").count() == 2


def test_after_it_came_to_another_street_the_old_ones_read_only_what_was_closed(world: World) -> None:
    moved, closed = at(world, 32.05, 118.15, state="accepted"), at(world, 32.05, 118.15, state="closed")
    stays = at(world, 32.05, 118.05, state="accepted")
    for letter in "AB":
        world.account(Role.SUPERVISOR, f"street {letter}")
        world.account(Role.CLERK, f"urban_management {letter}")
    reformed(world, [EASTWARD])
    for role, office in ((Role.SUPERVISOR, "street"), (Role.CLERK, "urban_management")):
        assert seen(now_actor(world, role, f"{office} A")) == {closed.pk, stays.pk}
        assert seen(now_actor(world, role, f"{office} B")) == {moved.pk}


def undrawn(world: World) -> None:
    Unit.objects.update(outline=None, outline_datum="", longitude=None, latitude=None)


def test_undrawn_communities_give_grids_and_addresses(world: World) -> None:
    grids(world, drawn=False)
    undrawn(world)
    change = UnitChange(
        ChangeKind.REDRAW,
        (A1, A2),
        (Part(A1, households=500), Part(A2, households=1500, grids=(f"{A1}002",))),
        A1,
    )
    reformed(world, [change])
    assert Unit.objects.get(code=f"{A2}004").name == "网格2"
    assert MovedGround.objects.get().outline is None


def drawn_as(less: Any, more: Any) -> UnitChange:
    return UnitChange(ChangeKind.REDRAW, (A1, A2), (Part(A1, "", less, "WGS84"), Part(A2, "", more, "WGS84")), A1)


OLD_A1, OLD_A2 = square(118.0, 32.0, 118.2, 32.1), square(118.0, 32.1, 118.2, 32.2)


@pytest.mark.parametrize(
    ("change", "fault", "words"),
    [
        (drawn_as(A1_LESS, OLD_A2), "not_divided", "纬度 32.075"),
        (drawn_as(OLD_A1, A2_MORE), "not_divided", "纬度 32.075"),
        (drawn_as(A1_LESS, square(118.0, 32.05, 118.3, 32.2)), "not_divided", "经度 118.25"),
        (drawn_as(A1_LESS, None), "not_drawn", A2),
        (drawn_as(OLD_A1, OLD_A2), "nothing_moves", "一样"),
        (UnitChange(ChangeKind.REDRAW, (A1, A2), (Part(A1), Part(B1)), A1), "wrong_number", "同几个"),
        (
            UnitChange(ChangeKind.REDRAW, ("990104001000", "990104002000"),
                       (Part("990104001000"), Part("990104002000")), "990104001000"),
            "wrong_level", "街道",
        ),
    ],
)  # fmt: skip
def test_what_does_not_divide_exactly_is_refused_with_the_place(
    world: World, change: UnitChange, fault: str, words: str
) -> None:
    check_refused(world, change, fault, words)


@pytest.mark.parametrize(
    ("changed", "fault", "words"),
    [
        ({"south": 32.04}, "grids_not_fitting", "先拆分网格"),
        ({"grids": ()}, "grids_not_fitting", A2),
        ({"more": 1400}, "households_not_divided", "2000"),
        ({"less": 600, "more": 1400}, "grid_households", "1400"),
        ({"grids": (f"{A2}003",)}, "grids_not_divided", f"{A2}003"),
        ({"grids": (f"{A1}009",)}, "grids_not_divided", f"{A1}009"),
    ],
)
def test_grids_and_households_have_to_fit(world: World, changed: Any, fault: str, words: str) -> None:
    grids(world)
    check_refused(world, with_grid(**changed), fault, words)


def test_what_is_half_drawn_is_refused(world: World) -> None:
    Unit.objects.filter(code=A2).update(outline=None, outline_datum="", longitude=None, latitude=None)
    check_refused(world, NORTHWARD, "source_not_drawn", A2)


def check_refused(world: World, change: UnitChange, fault: str, words: str) -> None:
    world.later(days=1)
    snapshot = Snapshot()
    with pytest.raises(ReformRefused) as refusal:
        carry_out_reform(plan(world, [change]), actor=SYSTEM, now=world.now)
    said = {each.code: reform_fault_words(each) for each in refusal.value.faults}
    assert fault in said
    assert words in said[fault]
    assert snapshot.unchanged()


def test_an_office_has_no_boundary(world: World) -> None:
    office = "甲街道城市管理部"
    world.later(days=1)
    with pytest.raises(ReformRefused, match="no_boundary"):
        carry_out_reform(
            plan(world, [], [OfficeChange(ChangeKind.REDRAW, (office,), (OfficePart(office),), office)]),
            actor=SYSTEM,
            now=world.now,
        )

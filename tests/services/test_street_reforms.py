"""A street is dissolved into its neighbour, or given another code: all below it follows, and so do its offices."""

from typing import Any

import pytest

from linli.ground.matters.models import Matter
from linli.ground.matters.ticking import tick
from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.models import Kind, Organization
from linli.ground.people.models import Appointment, Dwelling
from linli.ground.record.models import Record
from linli.ground.reforms.actions.carry_out_reform import ReformRefused, carry_out_reform
from linli.ground.reforms.figures import matters_as_of
from linli.ground.reforms.previewing import preview_reform
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart
from linli.ground.reforms.selectors import community_on
from linli.ground.territory.facade import ChangeKind, FormerName, Level, Part, Succession, Unit, UnitChange, units_as_of
from linli.kernel.access import SYSTEM, Role
from linli.services.catalogue.selectors import responsible_unit
from tests.services.acting import act
from tests.services.reforming import plan, reformed
from tests.services.test_reforms import give, now_actor, seen
from tests.world import Snapshot, World

STREET_A, STREET_B, STREET_C = "990104001000", "990104002000", "990104003000"
INTO_B = UnitChange(ChangeKind.MERGE, (STREET_A, STREET_B), (Part(STREET_B),), STREET_B)
INTO_C = UnitChange(ChangeKind.MERGE, (STREET_A, STREET_B), (Part(STREET_C, "丙街道"),), STREET_C)
RECODED = UnitChange(ChangeKind.RENAME, (STREET_A,), (Part(STREET_C, "丙街道"),), STREET_C)
FREE_A1, FREE_A2 = "990104002003", "990104002004"  # the serials of A1 and A2 are those of B1 and B2


def grid_of(world: World, key: str) -> Unit:
    """A grid of a community."""
    above = world.community[key]
    return Unit.objects.create(
        path=f"{above.path}0001", depth=4, level="grid", code=f"{above.code}001", name="一号网格",
        valid_from=world.now.date(), checksum=1,
    )  # fmt: skip


def test_communities_and_grids_follow_under_codes_of_the_new_street(world: World) -> None:
    grid, before = grid_of(world, "A1"), world.now.date()
    reformed(world, [INTO_B])
    today = {each.place.code: each for each in units_as_of(world.now.date())}
    assert sorted(code for code, each in today.items() if each.place.level is Level.COMMUNITY) == [
        "990104002001", "990104002002", FREE_A1, FREE_A2,
    ]  # fmt: skip
    assert STREET_A not in today
    assert (today[FREE_A1].place.name, today[f"{FREE_A1}001"].parent) == ("A1社区", FREE_A1)
    assert {each.place.code for each in units_as_of(before, Level.STREET)} == {STREET_A, STREET_B}
    heir = Unit.objects.get(code=STREET_B)
    assert heir.former_paths == [world.street["A"].path]
    rows = Succession.objects.filter(inherits=True).values_list("predecessor__code", "successor__code")
    assert dict(rows) == {
        STREET_A: STREET_B,
        world.community["A1"].code: FREE_A1,
        world.community["A2"].code: FREE_A2,
        grid.code: f"{FREE_A1}001",
    }
    assert Unit.objects.get(code=FREE_A1).former_paths == [world.community["A1"].path]


def test_the_document_may_say_the_new_codes(world: World) -> None:
    part = Part(STREET_B, codes={world.community["A1"].code: "990104002017"})
    reformed(world, [UnitChange(ChangeKind.MERGE, (STREET_A, STREET_B), (part,), STREET_B)])
    assert Unit.objects.get(code="990104002017").name == "A1社区"
    assert Unit.objects.get(code="990104002018").name == "A2社区", "after the last that was given out"


def test_the_office_with_its_five_units_ends_and_its_people_go_to_those_of_the_other_street(world: World) -> None:
    clerk, committee = world.clerk_of(), world.account(Role.CLERK, "committee A1")
    result = reformed(world, [INTO_B])
    old = world.office["urban_management A"]
    assert not Organization.objects.filter(active=True, area__path__startswith=world.street["A"].path).exists()
    begun = Appointment.objects.get(person=clerk.person, ends=None)
    assert (begun.organization, begun.role) == (world.office["urban_management B"], "clerk")
    assert world.office["urban_management B"].pk == world.fresh(old).successions.get().successor_id
    assert old.path in world.fresh(world.office["urban_management B"]).former_paths
    at = Appointment.objects.get(person=committee.person, ends=None).organization
    assert (at.name, at.area.code, at.get_parent()) == ("A1社区居民委员会", FREE_A1, world.office["street B"])
    assert (result.units, result.offices, result.appointments) == (1, 2, 2)
    assert (["甲街道城市管理部"], ["乙街道城市管理部"]) in result.taken_over


def test_two_streets_become_a_new_one_with_offices_named_after_it(world: World) -> None:
    reformed(world, [INTO_C])
    office = Organization.objects.get(kind=Kind.STREET_OFFICE, active=True)
    assert (office.name, office.area.code, office.get_parent()) == ("丙街道办事处", STREET_C, world.office["district"])
    below = office.get_children().filter(active=True, kind=Kind.STREET_UNIT)
    assert {each.name for each in below} == {
        "丙街道党政综合部", "丙街道经济服务部", "丙街道社会管理部", "丙街道城市管理部", "丙街道市民服务中心",
    }  # fmt: skip
    assert office.get_children().filter(active=True, kind=Kind.COMMITTEE).count() == 4
    assert {world.office["street A"].path, world.office["street B"].path} <= set(office.former_paths)


def test_a_school_keeps_its_name_and_its_credit_code(world: World) -> None:
    school = establish_organization(
        name="甲街道第一小学", kind=Kind.RESIDENT_UNIT, area=world.street["A"], parent=None,
        uscc="129901040000000009", actor=SYSTEM, now=world.now,
    )  # fmt: skip
    reformed(world, [RECODED])
    there = Organization.objects.get(name="甲街道第一小学", active=True)
    assert (there.area.code, there.uscc, world.fresh(school).uscc) == (STREET_C, "129901040000000009", "")
    assert world.fresh(school).valid_to == world.now.date()


def test_a_street_gets_another_code_and_name(world: World) -> None:
    before = world.now.date()
    reformed(world, [RECODED])
    street = Unit.objects.get(code=STREET_C)
    assert (street.name, street.outline) == ("丙街道", world.street["A"].outline)
    assert [each.code for each in Unit.objects.filter(path__startswith=street.path, depth=3)] == [
        "990104003001", "990104003002",
    ]  # fmt: skip
    assert Organization.objects.get(name="丙街道办事处").area == street
    assert {each.place.name for each in units_as_of(before, Level.STREET)} == {"甲街道", "乙街道"}


def test_a_street_gets_another_name_only(world: World) -> None:
    before, change = world.now.date(), UnitChange(ChangeKind.RENAME, (STREET_A,), (Part(STREET_A, "丁街道"),), STREET_A)
    reformed(world, [change])
    assert Unit.objects.get(code=STREET_A).name == "丁街道"
    assert FormerName.objects.get().name == "甲街道"
    assert [each.place.name for each in units_as_of(before, Level.STREET)] == ["甲街道", "乙街道"]
    assert not Succession.objects.exists()


def test_open_demands_homes_and_topics_follow_and_figures_add_up(world: World) -> None:
    before, open_case, closed = world.now.date(), world.case_of(state="accepted"), world.case_of(state="closed")
    at_committee = world.case_of(state="dispatched")
    give(at_committee, world.office["committee A1"])
    home = Dwelling.objects.create(community=world.community["A2"], address="槐树巷1号")
    result = reformed(world, [INTO_B])
    assert (result.matters, result.homes) == ({"case": 2}, 1)
    moved = world.case(open_case.pk).matter
    assert (moved.place.code, moved.holder) == (FREE_A1, world.office["urban_management B"])
    assert world.case(at_committee.pk).matter.holder.name == "A1社区居民委员会"
    assert world.case(at_committee.pk).matter.holder.active
    assert world.case(closed.pk).matter.place == world.community["A1"], "what is closed stays under the old unit"
    assert Dwelling.objects.get(pk=home.pk).community.code == FREE_A2
    assert community_on(home, before).code == world.community["A2"].code
    assert responsible_unit(world.fresh(world.topic), Unit.objects.get(code=FREE_A1)) == moved.holder
    then, now = matters_as_of(before), matters_as_of(world.now.date())
    assert (then[STREET_A], then[STREET_B]) == (3, 0)
    assert (now[STREET_A], now[STREET_B], now[FREE_A1]) == (0, 3, 3)


def test_the_heir_reads_what_was_closed_and_a_reopened_one_follows(world: World) -> None:
    closed = world.case_of(state="closed")
    world.account(Role.SUPERVISOR, "street B")
    assert seen(now_actor(world, Role.SUPERVISOR, "street B")) == set()
    reformed(world, [INTO_B])
    assert seen(now_actor(world, Role.SUPERVISOR, "street B")) == {closed.pk}
    act(world, closed, "reopen_case", world.resident, reason="又不亮了。")
    tick(world.now)
    assert world.case(closed.pk).matter.holder == world.office["urban_management B"]


def test_what_the_plan_names_goes_where_it_says(world: World) -> None:
    urban, social = "甲街道城市管理部", "乙街道社会管理部"
    named = OfficeChange(ChangeKind.MERGE, (urban,), (OfficePart(social),), social)
    case = world.case_of(state="accepted")
    reformed(world, [INTO_B], [named])
    assert world.case(case.pk).matter.holder.name == social


def test_a_street_is_previewed_exactly(world: World) -> None:
    world.case_of(state="accepted")
    world.later(days=1)
    snapshot = Snapshot()
    said = preview_reform(plan(world, [INTO_B]), actor=SYSTEM, now=world.now)
    assert snapshot.unchanged()
    assert said.ended == [f"{STREET_A} 甲街道", "990104001001 A1社区", "990104001002 A2社区"]
    assert said.begun == [f"{FREE_A1} A1社区", f"{FREE_A2} A2社区"]
    assert said.redrawn == [f"{STREET_B} 乙街道"]
    assert carry_out_reform(plan(world, [INTO_B]), actor=SYSTEM, now=world.now) == said
    assert Record.objects.get(event="carry_out_reform").codes["matters"] == {"case": 1}


def test_a_street_that_gave_everything_away_is_dissolved_too(world: World) -> None:
    for key, code in (("A1", "990104002011"), ("A2", "990104002012")):
        change = UnitChange(ChangeKind.TRANSFER, (world.community[key].code,), (Part(code, f"{key}社区"),), code)
        name = f"{key}社区居民委员会"
        part = OfficePart(name, new=True, area=code, under="乙街道办事处")
        reformed(world, [change], [OfficeChange(ChangeKind.TRANSFER, (name,), (part,), name)])
    assert Unit.objects.get(code=STREET_A).outline is None
    whole = Unit.objects.get(code=STREET_B).outline
    reformed(world, [INTO_B])
    assert Unit.objects.get(code=STREET_B).outline == whole


def into_b(**codes: str) -> UnitChange:
    given = {code.removeprefix("_"): new for code, new in codes.items()}
    return UnitChange(ChangeKind.MERGE, (STREET_A, STREET_B), (Part(STREET_B, codes=given),), STREET_B)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (into_b(_990104001001="990104002001"), "code_taken"),
        (into_b(_990104001001="990104002009", _990104001002="990104002009"), "code_taken"),
        (into_b(_990104001001="990104001009"), "bad_code"),
        (into_b(_990104001001="99"), "bad_code"),
        (into_b(_990104002001="990104002009"), "not_below"),
        (UnitChange(ChangeKind.SPLIT, (STREET_A,), (Part(STREET_C, "丙"), Part(STREET_B)), STREET_C), "wrong_level"),
        (UnitChange(ChangeKind.MERGE, (STREET_A, "990104002001"), (Part(STREET_A),), STREET_A), "wrong_level"),
        (UnitChange(ChangeKind.RENAME, (STREET_A,), (Part(STREET_A, "甲街道"),), STREET_A), "wrong_number"),
    ],
)
def test_what_does_not_fit_is_refused(world: World, change: Any, fault: str) -> None:
    world.later(days=1)
    snapshot = Snapshot()
    with pytest.raises(ReformRefused) as refusal:
        carry_out_reform(plan(world, [change]), actor=SYSTEM, now=world.now)
    assert fault in {each.code for each in refusal.value.faults}
    assert snapshot.unchanged()


def test_nothing_open_stays_with_what_ended(world: World) -> None:
    for state in ("received", "dispatched", "accepted", "replied"):
        world.case_of(state=state)
    reformed(world, [INTO_C])
    left = Matter.objects.filter(closed_at=None)
    assert left.count() == 4
    assert not left.exclude(place__valid_to=None, holder__active=True, desk__active=True).exists()

"""A merger or a split is carried out whole: people, appointments and open demands follow, and nobody sees too much."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from linli.ground.matters.action import Refused
from linli.ground.matters.models import Matter
from linli.ground.matters.scope import scope
from linli.ground.matters.ticking import tick
from linli.ground.organizations.actions.close_organization import close_organization
from linli.ground.organizations.history import current_office, organizations_as_of
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Appointment, Dwelling, Person
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.ground.reforms.actions.carry_out_reform import ReformRefused, carry_out_reform
from linli.ground.reforms.previewing import preview_reform
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart, ReformPlan
from linli.ground.reforms.selectors import community_on
from linli.ground.reforms.wording import reform_fault_words
from linli.ground.territory.facade import ChangeKind, Part, Unit, UnitChange
from linli.kernel.access import SYSTEM, Actor, Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.access import ACCESS
from linli.services.catalogue.selectors import responsible_unit
from tests.services.acting import act, refused
from tests.services.reforming import (
    A1,
    A3,
    A4,
    COMMITTEES,
    EAST,
    MERGED,
    SECTION,
    SPLIT_COMMITTEES,
    SPLIT_UNITS,
    UNITS,
    WEST,
    plan,
    reformed,
)
from tests.world import NOW, Snapshot, World


def at_committee(world: World, state: str = "dispatched", **inputs: object) -> Case:
    """A demand that the committee of A1 holds."""
    case = world.case_of(state=state, **inputs)
    give(case, world.office["committee A1"])
    return world.case(case.pk)


def give(case: Case, office: Organization) -> None:
    paths = {"holder_path": office.path, "desk_path": office.path}
    Matter.objects.filter(pk=case.pk).update(holder=office, desk=office, **paths)


def now_actor(world: World, role: Role, office: str, name: str = "") -> Actor:
    return actor_of(world.account(role, office, name), world.now)


def seen(actor: Actor) -> set[int]:
    return set(Matter.objects.filter(scope(ACCESS, actor, "view_case")).values_list("pk", flat=True))


def test_open_demands_go_along_and_keep_their_deadlines(world: World) -> None:
    case, closed = at_committee(world), at_committee(world, "closed")
    world.account(Role.CLERK, "committee A1")
    before = Matter.objects.values("due_at", "warn_at", "state", "next_due").get(pk=case.pk)
    result = reformed(world, [UNITS], [COMMITTEES])
    assert (result.units, result.offices, result.appointments, result.matters) == (1, 1, 1, {"case": 1})
    moved, left = world.case(case.pk), world.case(closed.pk)
    successor = Organization.objects.get(name=MERGED)
    assert (moved.matter.place.code, moved.matter.holder, moved.matter.desk) == (A3, successor, successor)
    assert (moved.matter.place_path, moved.matter.holder_path) == (moved.matter.place.path, successor.path)
    assert Matter.objects.values("due_at", "warn_at", "state", "next_due").get(pk=case.pk) == before
    assert (left.matter.place.code, left.matter.holder) == (A1, world.office["committee A1"])
    row = Record.objects.get(event="follow_reform")
    assert (row.subject, row.office) == (case.matter.number, "system")
    assert row.codes["place_before"] == A1
    assert Record.objects.get(event="carry_out_reform").codes["matters"] == {"case": 1}


def test_follow_reform(world: World) -> None:
    case = at_committee(world)
    refused(world, case, "follow_reform", SYSTEM, "not_open")
    refused(world, case, "follow_reform", world.supervisor_of(), "not_granted")


def test_the_successors_see_what_was_moved_and_what_was_closed_and_nobody_else_does(world: World) -> None:
    case, closed = at_committee(world), at_committee(world, "closed")
    other = at_committee(world, street="B", place=world.community["B1"])
    give(other, world.office["committee B1"])
    for key in ("A1", "A2", "B1"):
        world.account(Role.CLERK, f"committee {key}")
    ours = {case.pk, closed.pk}
    assert seen(now_actor(world, Role.CLERK, "committee A2")) == set()
    reformed(world, [UNITS], [COMMITTEES])
    for key in ("A1", "A2"):
        assert seen(now_actor(world, Role.CLERK, f"committee {key}")) == ours
    assert seen(now_actor(world, Role.CLERK, "committee B1")) == {other.pk}
    assert ours <= seen(now_actor(world, Role.SUPERVISOR, "street A"))
    assert not ours & seen(now_actor(world, Role.SUPERVISOR, "street B"))


def test_what_is_reopened_follows_then(world: World) -> None:
    case = at_committee(world, "closed")
    world.account(Role.CLERK, "committee A1")
    reformed(world, [UNITS], [COMMITTEES])
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    tick(world.now)
    moved = world.case(case.pk).matter
    assert (moved.holder.name, moved.place.code) == (MERGED, A3)
    act(world, case, "claim_case", now_actor(world, Role.CLERK, "committee A1"))


def test_who_is_complained_of_keeps_out_after_the_merger_too(world: World) -> None:
    committee = world.office["committee A1"]
    case = world.case_of(state="received", complained_of=committee)
    closed = at_committee(world, "closed")
    Matter.objects.filter(pk=closed.pk).update(recused_path=committee.path)
    world.account(Role.CLERK, "committee A2")
    reformed(world, [UNITS], [COMMITTEES])
    successor = Organization.objects.get(name=MERGED)
    moved = world.case(case.pk)
    assert (moved.complained_of, moved.matter.recused_path) == (successor, successor.path)
    assert not {case.pk, closed.pk} & seen(now_actor(world, Role.CLERK, "committee A2"))


def test_a_split_sends_each_demand_where_its_place_lies(world: World) -> None:
    east = at_committee(world, longitude=118.15, latitude=32.05)
    west = at_committee(world, longitude=118.05, latitude=32.05)
    nowhere = at_committee(world)
    reformed(world, [SPLIT_UNITS], [SPLIT_COMMITTEES])
    for case, code, office in ((east, A4, EAST), (west, A3, WEST), (nowhere, A3, WEST)):
        matter = world.case(case.pk).matter
        assert (matter.place.code, matter.holder.name) == (code, office)


def test_after_a_split_its_history_is_read_by_the_heir_alone(world: World) -> None:
    closed = at_committee(world, "closed")
    for name in ("西边的", "东边的"):
        world.account(Role.CLERK, "committee A1", name)
    west, east = SPLIT_COMMITTEES.parts
    parts = (west, replace(east, staff=("东边的",)))
    assert reformed(world, [SPLIT_UNITS], [replace(SPLIT_COMMITTEES, parts=parts)]).appointments == 2
    assert seen(now_actor(world, Role.CLERK, "committee A1", "西边的")) == {closed.pk}
    assert seen(now_actor(world, Role.CLERK, "committee A1", "东边的")) == set()


def test_a_topic_goes_to_whoever_took_over_from_its_department(world: World) -> None:
    topic = world.topic
    topic.responsible, topic.department = "district", world.office["department"]
    topic.save()
    heir = OfficePart("青溪区综合执法局", new=True)
    reformed(world, (), [OfficeChange(ChangeKind.RENAME, (DEPARTMENT,), (heir,), heir.name)])
    found = responsible_unit(world.fresh(topic), world.community["A1"])
    assert found is not None
    assert found.name == heir.name


def test_since_when_an_organization_is_there_comes_from_the_record(world: World) -> None:
    department = world.office["department"]
    close_organization(department, actor=SYSTEM, now=world.later(days=3))
    Organization.objects.update(valid_from=None, valid_to=None)
    import_module("linli.ground.organizations.migrations.0003_known_days").known_days(apps, None)
    assert set(Organization.objects.values_list("valid_from", flat=True)) == {NOW.date()}
    ended = Organization.objects.exclude(valid_to=None)
    assert list(ended.values_list("pk", "valid_to")) == [(department.pk, world.now.date())]


def test_homes_lie_in_one_community_on_every_day(world: World) -> None:
    before = world.now.date()
    homes = [
        Dwelling.objects.create(community=world.community["A1"], address=address)
        for address in ("梧桐路3号", "槐树巷1号")
    ]
    assert reformed(world, [SPLIT_UNITS], [SPLIT_COMMITTEES]).homes == 2
    after = [Dwelling.objects.select_related("community").get(pk=home.pk) for home in homes]
    assert [home.community.code for home in after] == [A4, A3]
    assert {community_on(home, before).code for home in after} == {A1}
    assert [community_on(home, world.now.date()).code for home in after] == [A4, A3]


def test_a_section_is_dissolved_into_another_and_its_people_go_along(world: World) -> None:
    case, clerk = world.case_of(state="accepted"), world.clerk_of()
    before = world.now.date()
    result = reformed(world, (), [SECTION])
    old, new = world.office["urban_management A"], world.office["social_management A"]
    moved = world.case(case.pk).matter
    assert (moved.holder, moved.handler_id) == (new, clerk.person)
    ended, begun = Appointment.objects.filter(person=clerk.person).order_by("pk")
    assert (ended.organization, ended.ends) == (old, before)
    assert (begun.organization, begun.starts, begun.ends, begun.role) == (new, world.now.date(), None, "clerk")
    assert result.appointments == Appointment.objects.filter(organization=new).count()
    assert Record.objects.filter(event="move_appointment").count() == result.appointments
    assert current_office(world.fresh(old)) == new
    assert old in organizations_as_of(before)
    assert old not in organizations_as_of(world.now.date())
    tick(world.now)
    assert world.case(case.pk).matter.handler_id == clerk.person, "the handler has not left"
    act(world, case, "handle_case", now_actor(world, Role.CLERK, "urban_management A"), work="已更换灯泡。")


def test_the_preview_says_exactly_what_will_move_and_writes_nothing(world: World) -> None:
    at_committee(world)
    Dwelling.objects.create(community=world.community["A2"], address="槐树巷1号")
    world.later(days=1)
    snapshot = Snapshot()
    said = preview_reform(plan(world, [UNITS], [COMMITTEES]), actor=SYSTEM, now=world.now)
    assert snapshot.unchanged()
    assert carry_out_reform(plan(world, [UNITS], [COMMITTEES]), actor=SYSTEM, now=world.now) == said


URBAN, OFFICE_A, OFFICE_B = "甲街道城市管理部", "甲街道办事处", "乙街道办事处"
CENTRE, DEPARTMENT = "青溪区受理中心", "青溪区城市管理局"


def office(source: str, target: str, *, kind: ChangeKind = ChangeKind.MERGE, heir: str = "", **part: Any) -> Any:
    return OfficeChange(kind, (source,), (OfficePart(target, **part),), heir or target)


@pytest.mark.parametrize(
    ("units", "offices", "fault"),
    [
        ([UNITS], [], "serves_ended"),
        ([UNITS, UNITS], [COMMITTEES], "changed_twice"),
        ([], [], "nothing_changes"),
        ([], [office("没有这个机构", MERGED, new=True)], "unknown_office"),
        ([], [office(URBAN, MERGED)], "unknown_office"),
        ([], [office(URBAN, MERGED, new=True, area=A3)], "unknown_area"),
        ([], [office(URBAN, MERGED, new=True, heir="没有这个机构")], "no_heir"),
        ([], [office(URBAN, DEPARTMENT, new=True)], "name_taken"),
        ([], [office(OFFICE_A, OFFICE_B)], "still_below"),
        ([], [office(CENTRE, DEPARTMENT)], "stands_for_district"),
        ([], [office(URBAN, URBAN)], "no_successor"),
        ([UnitChange(ChangeKind.MERGE, (A1,), (Part(A3, "新社区"),), A3)], [], "wrong_number"),
    ],
)
def test_what_does_not_fit_is_refused_whole(
    world: World, units: list[UnitChange], offices: list[OfficeChange], fault: str
) -> None:
    at_committee(world)
    world.later(days=1)
    snapshot = Snapshot()
    with pytest.raises(ReformRefused) as refusal:
        carry_out_reform(plan(world, units, offices), actor=SYSTEM, now=world.now)
    assert fault in {each.code for each in refusal.value.faults}
    assert all(reform_fault_words(each) for each in refusal.value.faults)
    assert snapshot.unchanged()


def test_it_is_carried_out_on_its_day(world: World) -> None:
    today = plan(world, [UNITS], [COMMITTEES])
    world.later(days=1)
    snapshot = Snapshot()
    with pytest.raises(ReformRefused, match="not_the_day"):
        carry_out_reform(today, actor=SYSTEM, now=world.now)
    none = ReformPlan(world.now.date(), " ", "", (UNITS,), (COMMITTEES,))
    with pytest.raises(ReformRefused, match="no_document"):
        carry_out_reform(none, actor=SYSTEM, now=world.now)
    assert snapshot.unchanged()


def test_what_is_withheld_follows_when_it_is_released(world: World) -> None:
    case = at_committee(world)
    Matter.objects.filter(pk=case.pk).update(withheld=True)
    assert reformed(world, [UNITS], [COMMITTEES]).matters == {"case": 0}
    Matter.objects.filter(pk=case.pk).update(withheld=False)
    tick(world.now)
    assert world.case(case.pk).matter.place.code == A3
    with pytest.raises(Refused):
        CASES.actions["follow_reform"](case.pk, actor=SYSTEM, now=world.now)


def test_nothing_new_is_placed_or_appointed_where_something_ended(world: World) -> None:
    reformed(world, [UNITS], [COMMITTEES])
    opened = world.receive(place=Unit.objects.get(code=A3))
    assert opened.matter.holder == world.office["citizen_service_center A"]
    assert not Person.objects.filter(appointments__organization__in=Organization.objects.filter(active=False)).exists()


def test_a_community_in_another_street_is_read_there_and_its_history_where_it_was(world: World) -> None:
    case, closed = world.case_of(state="accepted"), world.case_of(state="closed")
    stays = world.case_of(state="accepted", place=world.community["A2"])
    for letter in "AB":
        for role, unit in ((Role.SUPERVISOR, "street"), (Role.CLERK, "urban_management")):
            world.account(role, f"{unit} {letter}")
    new, committee = "990104002009", "A1社区居民委员会"
    moved = UnitChange(ChangeKind.TRANSFER, (A1,), (Part(new, "A1社区"),), new)
    reformed(world, [moved], [office(committee, committee, new=True, area=new, under=OFFICE_B)])
    matter = world.case(case.pk).matter
    assert (matter.place.code, matter.holder) == (new, world.office["urban_management B"])
    for role, unit in ((Role.SUPERVISOR, "street"), (Role.CLERK, "urban_management")):
        assert seen(now_actor(world, role, f"{unit} A")) == {closed.pk, stays.pk}
        assert seen(now_actor(world, role, f"{unit} B")) == {case.pk}
    act(world, closed, "reopen_case", world.resident, reason="又不亮了。")
    tick(world.now)
    assert seen(now_actor(world, Role.SUPERVISOR, "street A")) == {stays.pk}
    assert seen(now_actor(world, Role.SUPERVISOR, "street B")) == {case.pk, closed.pk}

"""Who acts in a demand, in which office, and who keeps out of it."""

from itertools import product
from typing import Any

import pytest
from django.test import Client

from linli.ground.matters.action import Refused
from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.notices.models import Notice
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Appointment
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.kernel.access import Actor, Role
from linli.services.cases.feature import CASES
from linli.services.cases.rules.procedure import CASE
from linli.services.cases.selectors import cases_of_caller, decide_case, view_case
from linli.site.running import settle
from tests.world import Snapshot, World

PHONE = "13800001234"


def act(world: World, name: str, case: int, actor: Actor, **inputs: Any) -> None:
    CASES.actions[name](case, actor=actor, now=world.now, **inputs)


def refusal(world: World, name: str, case: int, actor: Actor, **inputs: Any) -> str:
    snapshot = Snapshot()
    with pytest.raises(Refused) as refused:
        act(world, name, case, actor, **inputs)
    assert snapshot.unchanged()
    return refused.value.blockers[0].code if refused.value.blockers else refused.value.reason


def numbers(rows: list[dict[str, Any]]) -> set[str]:
    return {row["number"] for row in rows}


def told(world: World, event: str) -> set[Any]:
    settle()
    return set(Notice.objects.filter(event=event, as_staff=True).values_list("person", flat=True))


def test_who_is_complained_of_keeps_out_altogether(world: World) -> None:
    centre = world.office["citizen_service_center A"]
    case = world.case_of(complained_of=centre)
    theirs = (world.dispatcher_of(), world.actor(Role.WINDOW_CLERK, "citizen_service_center A"))
    above = world.actor(Role.DISPATCHER, "centre")
    for actor in theirs:
        with pytest.raises(Refused):
            view_case(actor, case.matter.number, world.now)
        assert cases_of_caller(actor, phone=PHONE) == []
        assert inbox(actor, world.now, filters=InboxFilters(reach="all")).rows == []
    assert view_case(above, case.matter.number, world.now).filer == case.matter.filer
    assert numbers(cases_of_caller(above, phone=PHONE)) == {case.matter.number}


def test_another_office_of_the_same_person_is_no_way_around(world: World) -> None:
    case = world.case_of(complained_of=world.office["urban_management A"])
    both = Actor(
        person=world.clerk_of().person,
        appointments=(*world.clerk_of().appointments, *world.supervisor_of().appointments),
    )
    assert decide_case(world.supervisor_of(), "view_case", case).allowed
    assert not decide_case(both, "view_case", case).allowed
    assert inbox(both, world.now, filters=InboxFilters(reach="all")).rows == []


def test_who_is_complained_of_is_not_told(world: World) -> None:
    case = world.case_of(complained_of=world.office["street A"])
    below, above = world.supervisor_of().person, world.actor(Role.SUPERVISOR, "district").person
    act(world, "file_case", case.pk, world.actor(Role.DISPATCHER, "centre"), topic=world.topic)
    from_centre = world.actor(Role.DISPATCHER, "centre")
    act(world, "dispatch_case", case.pk, from_centre, unit=world.office["department"])
    clerk = world.actor(Role.CLERK, "department")
    act(world, "accept_case", case.pk, clerk)
    act(world, "request_extension", case.pk, clerk, days=2, reason="等配件。")
    assert told(world, "request_extension") == {above}
    assert below not in set(Notice.objects.values_list("person", flat=True))


def test_a_demand_goes_only_to_a_unit_that_can_hold_it(world: World) -> None:
    case, complaint = world.case_of(state="filed"), world.case_of(complained_of=world.office["urban_management A"])
    desk = world.dispatcher_of()
    act(world, "file_case", complaint.pk, desk, topic=world.topic)
    other_street, unit = world.office["urban_management B"], world.office["urban_management A"]
    assert refusal(world, "dispatch_case", case.pk, desk, unit=other_street) == "unit_not_possible"
    assert refusal(world, "dispatch_case", complaint.pk, desk, unit=unit) == "unit_not_possible"
    Organization.objects.filter(pk=unit.pk).update(active=False)
    assert refusal(world, "dispatch_case", case.pk, desk, unit=unit) == "unit_not_possible"


def test_a_demand_is_filed_under_a_leaf_in_use(world: World) -> None:
    case, desk = world.case_of(), world.dispatcher_of()
    assert refusal(world, "file_case", case.pk, desk, topic=world.topic.get_parent()) == "topic_not_in_use"
    type(world.topic).objects.filter(pk=world.topic.pk).update(active=False)
    assert refusal(world, "file_case", case.pk, desk, topic=world.topic) == "topic_not_in_use"


def test_many_at_once_are_not_dispatched_to_another_street(world: World, client: Client) -> None:
    centre = world.actor(Role.DISPATCHER, "centre")
    here, there = (world.receive(actor=centre, place=world.community[place]).matter for place in ("A1", "B1"))
    for matter in (here, there):
        act(world, "file_case", matter.pk, centre, topic=world.topic)
    client.force_login(world.account(Role.DISPATCHER, "centre"))
    unit = world.office["urban_management A"]
    ids = {"step": "dispatch_case", "matter": [here.pk, there.pk], "confirmed": "1", "unit": unit.pk}
    answer = client.post("/desk/bulk/", ids)
    assert answer.status_code == 422
    assert there.number in answer.content.decode()
    assert {world.case(each.pk).matter.desk for each in (here, there)} == {world.office["centre"]}
    assert client.post("/desk/bulk/", ids | {"matter": [here.pk]}).status_code == 302
    assert world.case(here.pk).matter.desk == unit


def test_whoever_takes_a_demand_down_may_read_and_file_it_wherever_it_is(world: World) -> None:
    clerk, desk = world.actor(Role.WINDOW_CLERK, "citizen_service_center A"), world.dispatcher_of()
    for place in (world.district, world.community["B1"]):
        case = world.case(world.receive(actor=clerk, place=place).matter.pk)
        assert view_case(clerk, case.matter.number, world.now).as_staff
        assert case.matter.number in {row["number"] for row in inbox(desk, world.now, filters=InboxFilters()).rows}
        act(world, "file_case", case.pk, desk, topic=world.topic)
        act(world, "dispatch_case", case.pk, desk, unit=world.office["department"])


def test_whoever_may_act_may_read(world: World) -> None:
    cases = [world.case_of(state=state) for state in ("received", "dispatched", "accepted", "replied", "closed")]
    cases += [world.case(world.receive(actor=world.dispatcher_of(), place=world.district).matter.pk)]
    roles = (Role.WINDOW_CLERK, Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.DISPATCHER, Role.SUPERVISOR)
    offices = ("urban_management A", "citizen_service_center A", "street A", "committee A1", "centre", "district")
    staff = [world.actor(role, office) for role, office in product(roles, offices)]
    for actor in staff:
        for case in cases:
            steps = CASES.actions.keys() & set(CASE.names())
            may = [name for name in steps if decide_case(actor, name, case).allowed]
            assert not may or decide_case(actor, "view_case", case).allowed, (actor.appointments, may)


def test_an_extension_is_granted_by_the_holders_superior(world: World) -> None:
    case = world.case_of(state="filed")
    act(world, "dispatch_case", case.pk, world.dispatcher_of(), unit=world.office["department"])
    clerk = world.actor(Role.CLERK, "department")
    act(world, "accept_case", case.pk, clerk)
    act(world, "request_extension", case.pk, clerk, days=2, reason="等配件。")
    assert refusal(world, "grant_extension", case.pk, world.supervisor_of()) == "out_of_scope"
    act(world, "grant_extension", case.pk, world.actor(Role.SUPERVISOR, "district"))


def test_only_members_of_the_holding_unit_handle(world: World) -> None:
    case, above = world.case_of(state="dispatched"), world.actor(Role.CLERK, "street A")
    act(world, "accept_case", case.pk, above)
    assert world.case(case.pk).matter.handler is None
    assert refusal(world, "claim_case", case.pk, above) == "not_in_unit"
    reviewer = world.person(world.reviewer_of())
    assert refusal(world, "assign_case", case.pk, above, person=reviewer) == "not_in_unit"
    act(world, "claim_case", case.pk, world.clerk_of())


def test_a_deputy_acts_in_the_office_that_allows_the_act(world: World) -> None:
    absent = Appointment.objects.get(person=world.clerk_of("A").person)
    deputy_account = world.account(Role.CLERK, "urban_management B", "代理人")
    Appointment.objects.filter(pk=absent.pk).update(
        deputy=deputy_account.person, away_from=world.now.date(), away_to=world.now.date()
    )
    deputy = actor_of(deputy_account, world.now)
    case = world.case_of(state="dispatched")
    act(world, "accept_case", case.pk, deputy)
    row = Record.objects.get(event="accept_case")
    assert row.office == str(world.office["urban_management A"].pk)
    assert "甲" in row.entry.office_title
    mine = inbox(deputy, world.now, filters=InboxFilters(who="mine", reach="all")).rows
    assert [line["number"] for line in mine] == [case.matter.number]


def test_the_deputy_of_an_absent_handler_is_told_and_sees_it(world: World) -> None:
    case = world.case_of(state="accepted")
    absent, deputy = (
        Appointment.objects.get(person=world.clerk_of().person),
        world.account(Role.CLERK, "urban_management A", "乙角"),
    )
    Appointment.objects.filter(pk=absent.pk).update(
        deputy=deputy.person, away_from=world.now.date(), away_to=world.now.date()
    )
    act(world, "urge_case", case.pk, world.resident)
    assert told(world, "urge_case") == {absent.person_id, deputy.person_id}
    mine = inbox(actor_of(deputy, world.now), world.now, filters=InboxFilters(who="mine", reach="all")).rows
    assert [line["number"] for line in mine] == [case.matter.number]


def test_a_handler_who_has_left_is_not_told_but_the_unit_is(world: World) -> None:
    case = world.case_of(state="accepted")
    left, colleague = world.clerk_of().person, world.clerk_of(name="新同事").person
    Appointment.objects.filter(person=left).update(ends=world.now.date().replace(day=1))
    act(world, "urge_case", case.pk, world.resident)
    assert told(world, "urge_case") == {colleague}


def test_nobody_is_urged_while_the_filer_has_the_move(world: World) -> None:
    waiting = world.case_of(state="accepted")
    act(world, "ask_supplement", waiting.pk, world.clerk_of(), question="请写明灯杆编号。")
    for case in (waiting, *(world.case_of(state=state) for state in ("replied", "verified", "closed"))):
        assert refusal(world, "urge_case", case.pk, world.resident) == "not_open"
        assert "urge_case" not in [
            offer.name for offer in view_case(world.resident, case.matter.number, world.now).offers
        ]


def test_staff_who_file_as_residents_leave_no_office_on_the_record(world: World) -> None:
    clerk = world.account(Role.CLERK, "committee A2", "甲居民")
    case = world.case_of(filer=clerk.person)
    act(world, "urge_case", case.pk, actor_of(clerk, world.now))
    row = Record.objects.get(event="urge_case")
    assert (row.office, row.entry.office_title, row.entry.actor_name) == ("", "", "")


def test_the_counter_acts_for_whoever_comes_in_person(world: World) -> None:
    clerk, case = world.actor(Role.WINDOW_CLERK, "citizen_service_center A"), world.case_of(state="closed")
    act(world, "reopen_case", case.pk, clerk, reason="来窗口说又坏了。")
    row = Record.objects.get(event="reopen_case")
    assert row.office == str(world.office["citizen_service_center A"].pk)
    act(world, "withdraw_case", world.case_of().pk, clerk, reason="来窗口撤回。")
    assert not decide_case(world.dispatcher_of(), "rate_case", world.case(case.pk)).allowed


def test_a_caller_is_found_by_number_whatever_name_was_left(world: World) -> None:
    first = world.case_of()
    client = Client()
    client.force_login(world.account(Role.WINDOW_CLERK, "citizen_service_center A"))
    client.post("/desk/file/", {"channel": "phone", "phone": PHONE, "name": "女儿", "title": "又坏了", "text": "坏了"})
    assert len(cases_of_caller(world.dispatcher_of(), phone="138 0000 1234")) == 2
    hidden = world.case_of(state="accepted", identity_shown=False)
    assert hidden.matter.number not in numbers(cases_of_caller(world.clerk_of(), phone=PHONE))
    assert first.matter.number in numbers(cases_of_caller(world.dispatcher_of(), phone=PHONE))


def test_what_the_district_has_in_hand_goes_to_its_department(world: World) -> None:
    type(world.topic).objects.filter(pk=world.topic.pk).update(department=world.office["department"])
    case, desk = world.case_of(state="filed"), world.dispatcher_of()
    client = Client()
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    address = f"/desk/cases/{case.matter.number}/dispatch_case/"
    assert "应由 " + world.office["urban_management A"].name in client.get(address).content.decode()
    act(world, "escalate_case", case.pk, desk, reason="街道无力解决。")
    above = world.actor(Role.DISPATCHER, "centre")
    act(world, "file_case", case.pk, above, topic=world.topic)
    client.force_login(world.account(Role.DISPATCHER, "centre"))
    assert "应由 " + world.office["department"].name in client.get(address).content.decode()

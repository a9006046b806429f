"""A demand sent back to and fro: the superior of all who sent it back rules who is responsible (指定承办)."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.models import Matter
from linli.ground.matters.steps import offers
from linli.ground.matters.ticking import tick
from linli.ground.notices.models import Notice
from linli.ground.organizations.models import Organization
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.workdays import Workdays
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.jurisdiction import superior_paths
from linli.services.cases.timing import reclock_case
from linli.site.running import settle
from tests.services.acting import act, due, moved, refused, wrote
from tests.world import World

REASON = "不属于本部门。"


def sent_to(world: World, case: Case, office: str) -> Organization:
    unit = world.office[office]
    act(world, case, "dispatch_case", world.dispatcher_of(), unit=unit)
    return unit


def returned_once(world: World, office: str = "urban_management A") -> Case:
    case = world.case_of(state="filed")
    sent_to(world, case, office)
    act(world, case, "return_case", world.actor(Role.CLERK, office), reason=REASON)
    return case


def disputed(world: World, first: str = "urban_management A", second: str = "social_management A") -> Case:
    case = returned_once(world, first)
    sent_to(world, case, second)
    act(world, case, "return_case", world.actor(Role.CLERK, second), reason=REASON)
    return case


def mayor(world: World) -> Actor:
    return world.actor(Role.SUPERVISOR, "district")


@pytest.mark.parametrize(
    ("paths", "above"),
    [
        (["000100020001", "000100020002"], ["00010002", "0001"]),
        (["000100020001", "000100020001"], ["00010002", "0001"]),
        (["000100020001", "00010003"], ["0001"]),
        (["00010002", "000100020001"], ["0001"]),
        (["0001", "00010002"], []),
        (["0001", "0002"], []),
        ([], []),
    ],
)
def test_who_stands_above_all_the_lowest_first(paths: list[str], above: list[str]) -> None:
    assert superior_paths(paths, 4) == above


def test_the_first_return_goes_back_to_the_desk(world: World) -> None:
    case = returned_once(world)
    assert (case.matter.state, case.matter.desk, case.returns) == ("returned", case.first_contact, 1)
    assert case.ruling_by is None


def test_a_second_return_is_for_the_superior_of_both(world: World) -> None:
    case = returned_once(world)
    unit = sent_to(world, case, "social_management A")
    clerk, street = world.actor(Role.CLERK, "social_management A"), world.office["street A"]
    done = act(world, case, "return_case", clerk, reason=REASON)
    moved(case, done, "dispatched", "disputed")
    assert (case.matter.desk, case.matter.holder, case.returns) == (street, case.first_contact, 2)
    assert (case.disputed_at, case.ruling_by) == (world.now, due(world, 1))
    wrote(done, Audience.STAFF, {"reason": REASON}, unit=unit.pk, superior=street.path, ruling_by=due(world, 1))


def test_units_of_different_levels_have_the_district_above_them(world: World) -> None:
    case = disputed(world, "urban_management A", "department")
    assert case.matter.desk == world.office["district"]
    street = world.supervisor_of()
    unit = world.office["urban_management A"]
    refused(world, case, "rule_holder", street, "common_superior_only", unit=unit, reason="路灯归街道。")
    assert [row["id"] for row in turn(world, street)] == []
    assert [row["id"] for row in turn(world, mayor(world))] == [case.pk]
    act(world, case, "rule_holder", mayor(world), unit=unit, reason="路灯归街道。")
    assert turn(world, mayor(world)) == []


def turn(world: World, actor: Actor) -> list[dict[str, object]]:
    return list(inbox(actor, world.now, filters=InboxFilters(reach="turn")).rows)


def test_one_unit_that_returns_twice_has_its_own_superior(world: World) -> None:
    case = disputed(world, "urban_management A", "urban_management A")
    assert case.matter.desk == world.office["street A"]


def test_handing_over_counts_as_returning(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "hand_over_case", world.clerk_of(), reason=REASON)
    assert case.matter.state == "returned"
    sent_to(world, case, "social_management A")
    act(world, case, "accept_case", world.actor(Role.CLERK, "social_management A"))
    done = act(world, case, "hand_over_case", world.actor(Role.CLERK, "social_management A"), reason=REASON)
    moved(case, done, "accepted", "disputed")
    assert (case.matter.desk, case.matter.holder) == (world.office["street A"], case.first_contact)


def test_a_closed_office_does_not_rule(world: World) -> None:
    Organization.objects.filter(pk=world.office["street A"].pk).update(active=False)
    assert disputed(world).matter.desk == world.office["district"]


def test_rule_holder(world: World) -> None:
    case, unit = disputed(world), world.office["urban_management A"]
    refused(world, case, "rule_holder", world.supervisor_of("B"), "out_of_scope", unit=unit, reason="路灯归城管。")
    refused(world, case, "rule_holder", world.dispatcher_of(), "not_granted", unit=unit, reason="路灯归城管。")
    elsewhere = world.office["urban_management B"]
    refused(world, case, "rule_holder", world.supervisor_of(), "unit_not_possible", unit=elsewhere, reason="路灯。")
    done = act(world, case, "rule_holder", world.supervisor_of(), unit=unit, reason="路灯归城管。")
    moved(case, done, "disputed", "accepted")
    assert (case.matter.holder, case.matter.desk, case.matter.handler) == (unit, unit, None)
    assert (case.accepted_at, case.ruled_at, case.ruling_by) == (world.now, world.now, None)
    wrote(done, Audience.PARTY, {"reason": "路灯归城管。"}, unit=unit.pk)


def test_what_was_ruled_is_not_sent_back_again(world: World) -> None:
    case, unit = disputed(world), world.office["urban_management A"]
    act(world, case, "rule_holder", world.supervisor_of(), unit=unit, reason="路灯归城管。")
    refused(world, case, "hand_over_case", world.clerk_of(), "ruled_before", reason=REASON)
    refused(world, case, "return_case", world.clerk_of(), "not_open", reason=REASON)
    act(world, case, "claim_case", world.clerk_of())
    act(world, case, "handle_case", world.clerk_of(), work="已更换灯泡。")


def test_the_promise_runs_on_and_the_filer_may_withdraw(world: World) -> None:
    case = disputed(world)
    promised = case.matter.due_at
    assert case.matter.next_due is not None
    act(world, case, "rule_holder", world.supervisor_of(), unit=world.office["urban_management A"], reason="归城管。")
    assert case.matter.due_at == promised
    other = disputed(world)
    act(world, other, "withdraw_case", world.resident)
    assert other.matter.state == "withdrawn"


def test_a_superior_who_does_not_rule_in_time_is_reminded(world: World) -> None:
    case = disputed(world)
    superior = world.supervisor_of().person
    settle()
    assert superior in set(Notice.objects.filter(event="return_case").values_list("person", flat=True))
    world.later(days=2)
    newest = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
    tick(world.now)
    made = Record.objects.filter(pk__gt=newest, event="warn_unruled")
    assert [row.codes["superior"] for row in made] == [world.office["street A"].path]
    settle()
    assert list(Notice.objects.filter(event="warn_unruled").values_list("person", flat=True)) == [superior]
    tick(world.now)
    assert Record.objects.filter(event="warn_unruled").count() == 1
    case.refresh_from_db()
    assert case.ruling_warned_at == world.now


def test_warn_unruled(world: World) -> None:
    case = disputed(world)
    refused(world, case, "warn_unruled", SYSTEM, "not_open")
    world.now = due(world, 1)
    done = act(world, case, "warn_unruled", SYSTEM)
    wrote(done, Audience.STAFF, {}, superior=world.office["street A"].path)
    refused(world, case, "warn_unruled", SYSTEM, "not_open")


def test_who_hears_of_a_ruling(world: World) -> None:
    case = disputed(world)
    act(world, case, "rule_holder", world.supervisor_of(), unit=world.office["urban_management A"], reason="归城管。")
    settle()
    told = set(Notice.objects.filter(event="rule_holder").values_list("person", "as_staff"))
    assert told == {(world.clerk_of().person, True), (world.resident.person, False)}


def test_the_term_of_a_ruling_follows_the_calendar(world: World) -> None:
    case = disputed(world)
    Case.objects.filter(pk=case.pk).update(ruling_by=world.now)
    case.refresh_from_db()
    reclock_case(case, Workdays.shipped())
    assert case.ruling_by == due(world, 1)


def test_under_the_first_procedure_a_demand_goes_back_to_the_desk_as_often_as_it_is_returned(world: World) -> None:
    case = returned_once(world)
    Matter.objects.filter(pk=case.pk).update(procedure_version=1)
    sent_to(world, case, "social_management A")
    act(world, case, "return_case", world.actor(Role.CLERK, "social_management A"), reason=REASON)
    assert (case.matter.state, case.matter.desk, case.returns) == ("returned", case.first_contact, 2)


def test_the_superior_reads_what_every_unit_said_and_rules_on_the_page(world: World, client: Client) -> None:
    case = returned_once(world)
    sent_to(world, case, "social_management A")
    act(world, case, "return_case", world.actor(Role.CLERK, "social_management A"), reason="路灯归城管。")
    settings.LINLI_CLOCK.set(world.now)
    client.force_login(world.account(Role.SUPERVISOR, "street A"))
    case = World.case(case.pk)
    offered = [each.name for each in offers(CASES, case, world.supervisor_of(), world.now) if each.is_open]
    assert "rule_holder" in offered
    address = reverse("desk_case_step", kwargs={"number": case.matter.number, "step": "rule_holder"})
    page = client.get(address).content.decode()
    assert REASON in page
    assert "路灯归城管。" in page
    unit = world.office["urban_management A"]
    assert client.post(address, {"unit": unit.pk}).status_code == 422
    assert client.post(address, {"unit": unit.pk, "reason": "路灯归城管。"}).status_code == 302
    page = client.get(reverse("desk_case", kwargs={"number": case.matter.number})).content.decode()
    assert f"上级已指定由{unit.name}承办" in page
    client.force_login(world.resident_account)
    mine = client.get(reverse("my_case", kwargs={"number": case.matter.number})).content.decode()
    assert "路灯归城管。" in mine
    assert REASON not in mine, "what the units said to each other is theirs"

"""What waits for a decider's own word: found by index among whatever was closed, and nothing that waits no longer."""

import pytest
from django.db import connection

from linli.ground.matters.inbox import COLUMNS, InboxFilters, inbox, narrowed, visible
from linli.ground.matters.models import Matter
from linli.kernel.access import Actor, Role
from linli.services.cases.models import Case
from tests.services.acting import act
from tests.world import World

TURN = InboxFilters(reach="turn")


def waiting(world: World, actor: Actor) -> list[int]:
    return [row["id"] for row in inbox(actor, world.now, filters=TURN).rows]


def plan_of(world: World, actor: Actor) -> str:
    """How the database would look for the first page."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what is there, and reads a small table whole")
    condition = visible(actor) & narrowed(actor, world.now, TURN)
    return str(Matter.objects.filter(condition).order_by("due_at", "id").values(*COLUMNS)[:21].explain())


def reopening_asked(world: World) -> Case:
    """A case that was reopened by right, closed again, and shall be taken up once more."""
    case = world.case_of(state="closed")
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    for name, inputs, actor, _ in list(world.way("A"))[3:]:
        act(world, case, name, actor, **inputs)
    act(world, case, "request_reopening", world.resident, reason="还是不亮。")
    return case


def test_a_superior_is_asked_of_open_and_of_closed_cases(world: World) -> None:
    world.case_of(state="closed")
    again, asked = reopening_asked(world), world.case_of(state="accepted")
    act(world, asked, "request_extension", world.clerk_of(), days=2, reason="等配件。")
    assert set(waiting(world, world.supervisor_of())) == {again.pk, asked.pk}
    assert waiting(world, world.supervisor_of("B")) == []
    act(world, again, "grant_reopening", world.supervisor_of())
    act(world, asked, "refuse_extension", world.supervisor_of(), reason="请按期办结。")
    assert waiting(world, world.supervisor_of()) == []


def test_what_was_asked_of_a_withdrawn_case_waits_no_longer(world: World) -> None:
    case = world.case_of(state="accepted")
    act(world, case, "request_extension", world.clerk_of(), days=2, reason="等配件。")
    act(world, case, "withdraw_case", world.resident)
    assert waiting(world, world.supervisor_of()) == []


def test_closed_cases_are_not_read_to_find_what_waits_for_a_superior(world: World) -> None:
    plan = plan_of(world, world.supervisor_of())
    assert "cases_extension_asked" in plan
    assert "cases_reopening_asked" in plan
    assert "SCAN matters_matter" not in plan


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SIGNER])
def test_closed_cases_are_not_read_to_find_what_is_to_be_reviewed_or_signed(world: World, role: Role) -> None:
    plan = plan_of(world, world.actor(role, "urban_management A"))
    assert "matters_open" in plan
    assert "SCAN matters_matter\n" not in f"{plan}\n"


def test_whoever_decides_in_several_roles_finds_all_of_it_once(world: World) -> None:
    drafted, reviewed = world.case_of(state="drafted"), world.case_of(state="reviewed")
    asked = world.case_of(state="accepted")
    act(world, asked, "request_extension", world.clerk_of(), days=2, reason="等配件。")
    offices = (world.reviewer_of(), world.signer_of(), world.supervisor_of())
    everything = Actor(
        person=world.reviewer_of().person, appointments=tuple(each for actor in offices for each in actor.appointments)
    )
    assert sorted(waiting(world, everything)) == sorted([drafted.pk, reviewed.pk, asked.pk])


def test_a_signer_elsewhere_is_none_here(world: World) -> None:
    """Who handles here and signs in another unit neither finds the reply among what waits, nor signs it."""
    case = world.case_of(state="reviewed")
    clerk, signer = world.actor(Role.CLERK, "urban_management A", "两处任职"), world.signer_of("B")
    both = Actor(person=clerk.person, account=clerk.account, appointments=(*clerk.appointments, *signer.appointments))
    assert waiting(world, both) == []
    assert waiting(world, world.signer_of()) == [case.pk]

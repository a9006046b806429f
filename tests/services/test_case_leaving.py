"""A handler who no longer works for the holding unit holds nothing: the clock puts it back into the unit's pool."""

from datetime import timedelta

import pytest

from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.ticking import tick
from linli.ground.notices.models import Notice
from linli.ground.people.actions.end_appointment import end_appointment
from linli.ground.people.models import Appointment
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.models import Case
from linli.site.running import settle
from tests.services.acting import act, refused, wrote
from tests.world import World

POOL = InboxFilters(reach="desk", who="pool")


def leaves(world: World, *, in_days: int = 0) -> None:
    """The clerk's office ends after its last day."""
    row = Appointment.objects.get(person=world.clerk_of().person)
    end_appointment(row, world.now.date() + timedelta(days=in_days), actor=SYSTEM, now=world.now)


def pool(world: World) -> list[int]:
    return [row["id"] for row in inbox(world.clerk_of(name="新同事"), world.now, filters=POOL).rows]


def released(world: World) -> int:
    """How many the clock puts back now."""
    before = Record.objects.filter(event="release_for_leaver").count()
    tick(world.now)
    return Record.objects.filter(event="release_for_leaver").count() - before


def handler_of(case: Case) -> object:
    case.matter.refresh_from_db()
    return case.matter.handler_id


def test_what_a_leaver_handled_is_claimed_by_a_colleague(world: World) -> None:
    case, other = world.case_of(state="handled"), world.case_of(state="handled")
    act(world, other, "assign_case", world.signer_of(), person=world.person(world.clerk_of(name="新同事")))
    leaves(world, in_days=1)
    world.later(days=1)
    assert released(world) == 0, "the last day is a day in office"
    assert pool(world) == []
    world.later(days=1)
    assert released(world) == 1
    assert handler_of(case) is None
    assert handler_of(other) is not None
    assert pool(world) == [case.pk]
    assert released(world) == 0
    colleague = world.clerk_of(name="新同事")
    act(world, case, "claim_case", colleague)
    act(world, case, "draft_reply", colleague, reply="您好,已修好。")


def test_the_unit_is_told_and_the_record_knows(world: World) -> None:
    case, colleague = world.case_of(state="accepted"), world.clerk_of(name="新同事")
    leaves(world)
    world.later(days=1)
    tick(world.now)
    row = Record.objects.get(event="release_for_leaver")
    assert (row.subject, row.office) == (case.matter.number, "system")
    settle()
    told = Notice.objects.filter(event="release_for_leaver")
    assert list(told.values_list("person", "as_staff")) == [(colleague.person, True)]


def test_release_for_leaver(world: World) -> None:
    case = world.case_of(state="accepted")
    refused(world, case, "release_for_leaver", SYSTEM, "not_open")
    refused(world, case, "release_for_leaver", world.signer_of(), "not_granted")
    leaves(world)
    world.later(days=1)
    done = act(world, case, "release_for_leaver", SYSTEM)
    assert case.matter.handler_id is None
    wrote(done, Audience.STAFF, {})


@pytest.mark.parametrize("state", ["replied", "closed"])
def test_what_is_answered_keeps_the_name_of_its_handler(world: World, state: str) -> None:
    case = world.case_of(state=state)
    leaves(world)
    world.later(days=1)
    tick(world.now)
    assert handler_of(case) is not None
    act(world, case, "reopen_case", world.resident, reason="又不亮了。")
    assert released(world) == 1
    assert handler_of(case) is None


def test_another_office_of_the_unit_does_not_handle(world: World) -> None:
    case = world.case_of(state="accepted")
    Appointment.objects.filter(person=world.clerk_of().person).update(role=Role.REVIEWER)
    assert released(world) == 1
    assert handler_of(case) is None


def test_a_deputy_handles_as_long_as_the_absence_lasts(world: World) -> None:
    absent = Appointment.objects.get(person=world.clerk_of().person)
    account = world.account(Role.CLERK, "urban_management B", "代理人")
    today = world.now.date()
    Appointment.objects.filter(pk=absent.pk).update(deputy=account.person, away_from=today, away_to=today)
    case = world.case_of(state="dispatched")
    act(world, case, "accept_case", actor_of(account, world.now))
    assert handler_of(case) == account.person_id
    assert released(world) == 0
    world.later(days=1)
    assert released(world) == 1
    assert handler_of(case) is None

"""Places and offices as of a day: under the names of then, in the tree of then, held by whom they were held."""

from datetime import timedelta

import pytest

from linli.ground.matters.clocks import local_day
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.end_appointment import end_appointment
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Appointment
from linli.ground.territory.facade import ChangeKind, Part, UnitChange
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.feature import CASES
from tests.faces.asking_days import holds, lacks, read, told
from tests.faces.portal_visitor import Visitor
from tests.services.reforming import COMMITTEES, UNITS, reformed
from tests.world import World


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def test_before_a_reform_places_and_offices_are_those_of_then(visitor: Visitor, world: World) -> None:
    case = world.case_of()
    before = local_day(world.now)
    CASES.actions["file_case"](case.pk, actor=world.dispatcher_of(), now=world.now, topic=world.topic)
    reformed(world, [UNITS], [COMMITTEES])
    world.later(days=1)
    told(world)
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    assert "新社区" in visitor.read("desk_case", number=case.matter.number)
    then = read(visitor, "desk_case", before, number=case.matter.number)
    assert "A1社区" in then
    assert "新社区" not in then
    inbox = read(visitor, "inbox", before)
    assert holds(inbox, ">A1社区</td>", '<option value="990104001001"')
    assert "新社区" not in inbox
    visitor.sign_in(world.account(Role.SYSTEM_ADMINISTRATOR, "district"))
    now = visitor.read("administered_offices")
    assert holds(now, "新社区居民委员会")
    assert lacks(now, "A1社区居民委员会")
    then = read(visitor, "administered_offices", before)
    assert holds(then, "A1社区居民委员会", "A2社区居民委员会")
    assert lacks(then, "新社区居民委员会", "新社区")


def test_a_renamed_place_bears_its_name_of_then(visitor: Visitor, world: World) -> None:
    case = world.case_of()
    before = local_day(world.now)
    code = "990104001001"
    reformed(world, [UnitChange(ChangeKind.RENAME, (code,), (Part(code, "梧桐社区"),), code)])
    world.later(days=1)
    told(world)
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    pages = [("desk_case", {"number": case.matter.number}), ("inbox", {})]
    for name, parts in pages:
        assert "梧桐社区" in visitor.read(name, **parts)
        then = read(visitor, name, before, **parts)
        assert "A1社区" in then
        assert "梧桐社区" not in then
    visitor.sign_in(world.resident_account)
    assert "A1社区" in read(visitor, "my_case", before, number=case.matter.number)
    visitor.sign_in(world.account(Role.SYSTEM_ADMINISTRATOR, "district"))
    assert "梧桐社区" in visitor.read("administered_offices")
    assert "梧桐社区" not in read(visitor, "administered_offices", before)


def test_who_held_an_office_on_a_day(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world.account(Role.SYSTEM_ADMINISTRATOR, "district"))
    today = local_day(world.now)
    former, new = (open_account(login=name, name=name, actor=SYSTEM, now=world.now) for name in ("前任", "后任"))
    office = world.office["committee B2"]
    row = appoint_person(
        former.person, office, Role.OBSERVER, starts=today - timedelta(days=9), actor=SYSTEM, now=world.now
    )
    end_appointment(row, today - timedelta(days=4), actor=SYSTEM, now=world.now)
    appoint_person(new.person, office, Role.OBSERVER, starts=today - timedelta(days=3), actor=SYSTEM, now=world.now)
    for back, held in ((10, ""), (9, "前任"), (4, "前任"), (3, "后任")):
        Appointment.objects.filter(pk=row.pk).update(ends=today - timedelta(days=4))
        type(office).objects.update(valid_from=None)
        page = read(visitor, "administered_offices", today - timedelta(days=back))
        shown = [name for name in ("前任", "后任") if name in page]
        assert shown == ([held] if held else []), back
        assert lacks(page, "任职和离任在服务器上", "· 至")
    type(office).objects.update(valid_from=today)
    assert "这一天还没有机构" in read(visitor, "administered_offices", today - timedelta(days=1))

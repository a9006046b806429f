"""System, security and audit administrator are three people (三员分立)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.conf import settings

from linli.ground.people.actions.appoint_person import BelowTheDistrict, appoint_person
from linli.ground.people.actions.end_appointment import end_appointment
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.report_absence import report_absence
from linli.ground.people.models import Account, Appointment, Person
from linli.ground.people.rules.separation import Term, clash
from linli.ground.people.separating import RolesApart
from linli.kernel.access import ADMINISTRATORS, SYSTEM, Role
from linli.site.commands.staff import staff
from tests.world import NOW, Snapshot, World

SYS, SEC, AUD = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
SPRING, SUMMER, YEAR = (
    (date(2026, 1, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 12, 31)),
    (date(2026, 1, 1), None),
)


def term(role: Role, person: UUID, days: Any = YEAR, deputy: UUID | None = None) -> Term:
    return Term(role, person, deputy, *days)


@pytest.mark.parametrize(
    ("held", "wanted", "is_refused"),
    [
        (term(SYS, ONE), term(SEC, ONE), True),
        (term(SYS, ONE), term(SYS, ONE), False),
        (term(SYS, ONE), term(SEC, TWO), False),
        (term(SYS, ONE), term(Role.CLERK, ONE), False),
        (term(Role.CLERK, ONE), term(SYS, ONE), False),
        (term(SYS, ONE, SPRING), term(AUD, ONE, SUMMER), False),
        (term(SYS, ONE, SUMMER), term(AUD, ONE, YEAR), True),
        (term(SYS, ONE, YEAR), term(AUD, ONE, SUMMER), True),
        (term(SYS, ONE, SPRING), term(AUD, ONE, (date(2026, 6, 30), None)), True),
        (term(SYS, ONE, deputy=TWO), term(SEC, TWO), True),
        (term(SYS, ONE), term(SEC, TWO, deputy=ONE), True),
        (term(SYS, ONE, deputy=THREE), term(SEC, TWO, deputy=THREE), True),
    ],
)
def test_which_terms_clash(held: Term, wanted: Term, is_refused: bool) -> None:
    assert (clash(wanted, [held]) is held) is is_refused
    assert (clash(held, [wanted]) is wanted) is is_refused, "whichever came first"


@pytest.fixture
def person(world: World) -> Person:
    return open_account(login="one", name="甲", actor=SYSTEM, now=NOW).person


@pytest.fixture
def another(world: World) -> Person:
    return open_account(login="two", name="乙", actor=SYSTEM, now=NOW).person


def appoint(world: World, person: Person, role: Role, days: Any = YEAR, **more: Any) -> Appointment:
    starts, ends = days
    office = world.office["district"]
    return appoint_person(person, office, role, starts=starts, ends=ends, actor=SYSTEM, now=NOW, **more)


def test_nobody_is_two_administrators(world: World, person: Person) -> None:
    appoint(world, person, SYS, SUMMER)
    snapshot = Snapshot()
    for role in sorted(ADMINISTRATORS - {SYS}):
        with pytest.raises(RolesApart, match="system_administrator"):
            appoint(world, person, role)
    assert snapshot.unchanged()
    appoint(world, person, SEC, SPRING)
    appoint(world, person, Role.CLERK)


def test_nobody_becomes_one_as_a_deputy(world: World, person: Person, another: Person) -> None:
    appoint(world, person, SYS)
    snapshot = Snapshot()
    with pytest.raises(RolesApart):
        appoint(world, another, AUD, deputy=person)
    assert snapshot.unchanged()
    audit = appoint(world, another, AUD)
    snapshot.retake()
    with pytest.raises(RolesApart):
        report_absence(
            audit, away_from=date(2026, 4, 1), away_to=date(2026, 4, 2), deputy=person, actor=SYSTEM, now=NOW
        )
    assert snapshot.unchanged()


def test_nobody_becomes_one_by_staying_longer(world: World, person: Person) -> None:
    first = appoint(world, person, SYS, SPRING)
    appoint(world, person, SEC, SUMMER)
    snapshot = Snapshot()
    with pytest.raises(RolesApart):
        end_appointment(first, date(2026, 7, 1), actor=SYSTEM, now=NOW)
    assert snapshot.unchanged()


def test_administrators_are_the_districts(world: World, person: Person) -> None:
    snapshot = Snapshot()
    with pytest.raises(BelowTheDistrict):
        appoint_person(person, world.office["street A"], SEC, starts=NOW.date(), actor=SYSTEM, now=NOW)
    assert snapshot.unchanged()


def test_the_command_refuses_in_words_and_leaves_nothing(world: World, person: Person) -> None:
    settings.LINLI_CLOCK.set(NOW)
    appoint(world, person, SYS)
    snapshot = Snapshot()
    tries = (("one", str(SEC), "district"), ("new", str(SEC), "street A"))
    for login, role, office in tries:
        done = CliRunner().invoke(staff, ["appoint", login, "丙", role, world.office[office].name])
        assert done.exit_code == 1
        assert "not possible" in done.output
    assert snapshot.unchanged()
    assert not Account.objects.filter(login="new").exists()

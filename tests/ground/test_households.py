"""Households, and the end of appointments and absences."""

from datetime import date

import pytest
from click.testing import CliRunner
from django.db import connection

from linli.ground.people.actions.register_household import Member, MemberRefused, register_household
from linli.ground.people.models import Account, Appointment, Household, Person
from linli.ground.people.selectors import actor_of
from linli.ground.people.signing_in import sign_in_with_password
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from linli.site.commands.staff import staff
from tests.world import Snapshot, World


def check_digit(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11]


FIRST = "99000019491231002"  # 990000 is assigned to no area
NUMBER = FIRST + check_digit(FIRST)


def entered(world: World, *members: Member) -> Household:
    return register_household(
        world.community["A1"], "3栋2单元501室", members, entered_on=date(2026, 1, 1), actor=SYSTEM, now=world.now
    )


def test_a_household_is_stored_encrypted_and_recorded_without_names(world: World) -> None:
    household = entered(world, Member("程采薇", NUMBER, "138 0000 0001"), Member("沈怀瑾"))
    assert {person.name for person in Person.objects.filter(household=household)} == {"程采薇", "沈怀瑾"}
    assert household.dwelling.address == "3栋2单元501室"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT * FROM people_dwelling")
        stored += str(cursor.fetchall())
    assert not any(text in stored for text in ("程采薇", NUMBER, "13800000001", "单元"))
    row = Record.objects.get(event="register_household")
    assert row.codes["members"] == 2
    assert "程采薇" not in str(row.__dict__)


def test_somebody_known_by_number_moves_and_is_not_entered_twice(world: World) -> None:
    entered(world, Member("程采薇", NUMBER))
    later = entered(world, Member("程采薇", NUMBER.lower()))
    assert Person.objects.exclude(resident_number_index="").get().household == later


@pytest.mark.parametrize(
    ("member", "field"),
    [
        (Member("程采薇", NUMBER[:-1] + "?"), "resident_number"),
        (Member("程采薇", NUMBER[:10] + "9" + NUMBER[11:]), "resident_number"),
        (Member("程采薇", phone="12"), "phone"),
        (Member(" "), "name"),
    ],
)
def test_a_wrong_field_names_itself_and_nothing_is_entered(world: World, member: Member, field: str) -> None:
    snapshot = Snapshot()
    with pytest.raises(MemberRefused) as refusal:
        entered(world, Member("沈怀瑾"), member)
    assert (refusal.value.position, refusal.value.field) == (2, field)
    assert snapshot.unchanged()


def test_a_deputy_acts_during_the_absence_only(world: World) -> None:
    away, deputy = world.account(Role.CLERK, "urban_management A"), world.account(Role.CLERK, "urban_management B")
    done = CliRunner().invoke(staff, ["away", away.login, "2026-03-02", "2026-03-04", deputy.login])
    assert done.exit_code == 0, done.output
    assert len(actor_of(deputy, world.now).appointments) == 2
    assert len(actor_of(deputy, world.later(days=2)).appointments) == 1
    refused = CliRunner().invoke(staff, ["away", away.login, "2026-03-04", "2026-03-02", deputy.login])
    assert "away_to" in refused.output
    refused = CliRunner().invoke(staff, ["away", away.login, "2026-03-02", "2026-03-04", away.login])
    assert "deputy" in refused.output


def test_an_appointment_ends_after_its_last_day(world: World) -> None:
    clerk = world.account(Role.CLERK, "urban_management A")
    done = CliRunner().invoke(staff, ["end", clerk.login, "2026-03-03"])
    assert done.exit_code == 0, done.output
    assert actor_of(clerk, world.now).is_staff
    assert not actor_of(clerk, world.later(days=1)).is_staff
    assert Appointment.objects.get(person=clerk.person).ends == date(2026, 3, 3)


def test_a_new_password_lifts_the_lock(world: World) -> None:
    clerk = world.account(Role.CLERK, "urban_management A")
    for _ in range(5):
        sign_in_with_password(clerk.login, "wrong", world.now)
    done = CliRunner().invoke(staff, ["password", clerk.login, "--json"])
    fresh = done.output.split('"password": "')[1].split('"')[0]
    assert sign_in_with_password(clerk.login, fresh, world.now).account == Account.objects.get(pk=clerk.pk)
    assert "nobody" in CliRunner().invoke(staff, ["password", "stranger"]).output

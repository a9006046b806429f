"""People: encrypted columns, blind indexes, lock-out, deputies (AB 角), throttles."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.report_absence import report_absence
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.actions.unmask_person import unmask_person
from linli.ground.people.encryption import blind_index, decrypt, encrypt
from linli.ground.people.models import Account, Appointment, Attempt, Person
from linli.ground.people.selectors import actor_of, people_with_phone
from linli.ground.people.signing_in import sign_in_with_password
from linli.ground.people.throttle import count, note, visitor_address
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, VISITOR, Role
from tests.world import NOW, World

pytestmark = pytest.mark.django_db

FAILURES_BEFORE_LOCK, LOCKED_FOR = 5, timedelta(minutes=30)
PASSWORD = "秋水 共长天 一色"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_encrypted_is_read_back(text: str) -> None:
    stored = encrypt(text, "people.person.name")
    assert decrypt(stored, "people.person.name") == text
    assert encrypt(text, "people.person.name") != stored


def test_a_value_is_bound_to_its_column() -> None:
    stored = encrypt("居民甲", "people.person.name")
    with pytest.raises(InvalidTag):
        decrypt(stored, "people.person.email")
    with pytest.raises(KeyError):
        decrypt("99" + stored[stored.index(":") :], "people.person.name")
    with pytest.raises(InvalidTag):
        decrypt(stored[:-6] + ("AAAA==" if stored[-6:] != "AAAA==" else "BBBB=="), "people.person.name")


def test_the_database_holds_no_personal_text(world: World) -> None:
    account = open_account(
        login="x", name="欧阳某某", phone="138 0000 9999", email="a@example.org", actor=SYSTEM, now=NOW
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email, resident_number FROM people_person")
        raw = repr(cursor.fetchall())
    for text in ("欧阳", "13800009999", "0000 9999", "example"):
        assert text not in raw
    person = Person.objects.get(pk=account.person_id)
    assert (person.name, person.phone, person.email) == ("欧阳某某", "13800009999", "a@example.org")
    assert person.resident_number == ""


def test_a_copied_value_does_not_open_in_another_column(world: World) -> None:
    person = world.resident_account.person
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET email = phone")
    with pytest.raises(InvalidTag):
        Person.objects.get(pk=person.pk)


def test_blind_index_finds_equal_values_and_says_nothing_else(world: World) -> None:
    person = world.resident_account.person
    assert people_with_phone("+86 138-0000-1234") == [person]
    assert people_with_phone("13800001235") == []
    assert people_with_phone("路灯") == []
    assert blind_index("13800001234", "phone") == person.phone_index
    assert blind_index("13800001234", "other") != person.phone_index
    assert blind_index("", "phone") == ""


def test_staff_find_a_known_caller_and_a_visitor_does_not(world: World) -> None:
    known = world.resident_account.person
    found = know_person(name="居民甲", phone="13800001234", actor=world.dispatcher_of(), now=NOW)
    assert found == known
    made = know_person(name="居民甲", phone="13800001234", actor=VISITOR, now=NOW)
    assert made != known


def test_nobody_becomes_another_by_leaving_their_number(world: World) -> None:
    known, staff = world.resident_account.person, world.dispatcher_of()
    false = know_person(name="假名", phone="13800001234", actor=VISITOR, now=NOW)
    assert know_person(name="居民甲", phone="13800001234", actor=staff, now=NOW) == known
    daughter = know_person(name="居民甲的女儿", phone="13800001234", actor=staff, now=NOW)
    assert daughter not in {known, false}
    assert know_person(name="居民甲的女儿", phone="13800001234", actor=staff, now=NOW) == daughter
    Person.objects.filter(pk=known.pk).update(phone_verified=True)
    assert people_with_phone("13800001234")[0] == known


def test_a_number_must_be_one(world: World) -> None:
    with pytest.raises(ValueError, match="phone"):
        know_person(name="居民甲", phone="1380000", actor=VISITOR, now=NOW)


def test_unmasking_is_on_the_record(world: World) -> None:
    person, clerk = world.resident_account.person, world.clerk_of()
    shown = unmask_person(person, fields=("phone",), why="回访", actor=clerk, now=NOW)
    assert shown == {"phone": "13800001234"}
    row = Record.objects.get(event="unmask_person")
    assert (row.subject, row.codes) == (f"person:{person.pk}", {"fields": ["phone"]})
    assert row.entry.texts == {"why": "回访"}
    with pytest.raises(ValueError, match="household"):
        unmask_person(person, fields=("household",), why="", actor=clerk, now=NOW)


@pytest.fixture
def account(world: World) -> Account:
    return open_account(login="clerk", name="经办人", actor=SYSTEM, now=NOW, password=PASSWORD)


def fail(times: int, now: datetime = NOW) -> list[str]:
    return [sign_in_with_password("clerk", "wrong", now).reason for _ in range(times)]


def test_five_failures_lock_for_thirty_minutes(account: Account) -> None:
    assert fail(FAILURES_BEFORE_LOCK) == ["wrong"] * 4 + ["locked"]
    tried = sign_in_with_password("clerk", PASSWORD, NOW + timedelta(minutes=29, seconds=59))
    assert (tried.account, tried.reason, tried.until) == (None, "locked", NOW + LOCKED_FOR)
    assert sign_in_with_password("clerk", PASSWORD, NOW + timedelta(minutes=30)).account == account
    assert Record.objects.filter(event="lock_account").count() == 1


def test_success_starts_the_count_again(account: Account) -> None:
    assert fail(4) == ["wrong"] * 4
    assert sign_in_with_password("clerk", PASSWORD, NOW).account == account
    assert fail(4) == ["wrong"] * 4
    assert sign_in_with_password("clerk", PASSWORD, NOW).account == account


def test_a_lock_that_has_passed_leaves_five_new_tries(account: Account) -> None:
    fail(5)
    assert fail(5, NOW + LOCKED_FOR) == ["wrong"] * 4 + ["locked"]


def test_an_unknown_name_is_counted_and_locked_as_a_known_one(account: Account) -> None:
    def answers(login: str) -> list[tuple[str, Any]]:
        tried = [sign_in_with_password(login, "wrong", NOW) for _ in range(FAILURES_BEFORE_LOCK + 1)]
        later = sign_in_with_password(login, "wrong", NOW + LOCKED_FOR)
        return [(each.reason, each.until) for each in (*tried, later)]

    assert answers("clerk") == answers("nobody")
    assert answers("nobody-else")[-2] == ("locked", NOW + LOCKED_FOR)
    assert Record.objects.filter(event="lock_account").count() == 1


def test_a_new_password_lifts_the_lock(account: Account) -> None:
    fail(5)
    set_password(account, PASSWORD + "。", actor=SYSTEM, now=NOW)
    assert sign_in_with_password("clerk", PASSWORD + "。", NOW).account == account


def test_unknown_and_closed_accounts_get_the_same_answer(account: Account) -> None:
    assert sign_in_with_password("nobody", PASSWORD, NOW).reason == "wrong"
    Account.objects.update(is_active=False)
    assert sign_in_with_password("clerk", PASSWORD, NOW).reason == "wrong"
    without = open_account(login="silent", name="无密码", actor=SYSTEM, now=NOW)
    assert sign_in_with_password(without.login, "", NOW).account is None


def roles_on(account: Account, day: date) -> set[Role]:
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=NOW.tzinfo)
    return {each.role for each in actor_of(account, noon).appointments}


@pytest.fixture
def pair(world: World) -> tuple[Account, Account, Appointment]:
    """A signer (A 角) whose deputy (B 角) is a clerk."""
    signer = open_account(login="a", name="A 角", actor=SYSTEM, now=NOW)
    deputy = open_account(login="b", name="B 角", actor=SYSTEM, now=NOW)
    office = world.office["urban_management A"]
    appoint_person(deputy.person, office, Role.CLERK, starts=date(2026, 1, 1), actor=SYSTEM, now=NOW)
    appointment = appoint_person(
        signer.person,
        office,
        Role.SIGNER,
        starts=date(2026, 1, 1),
        ends=date(2026, 6, 30),
        deputy=deputy.person,
        actor=SYSTEM,
        now=NOW,
    )
    return signer, deputy, appointment


def test_a_deputy_acts_only_while_the_other_is_away(pair: tuple[Account, Account, Appointment]) -> None:
    signer, deputy, appointment = pair
    assert roles_on(deputy, date(2026, 3, 10)) == {Role.CLERK}
    report_absence(appointment, away_from=date(2026, 3, 9), away_to=date(2026, 3, 13), actor=SYSTEM, now=NOW)
    for day, expected in (
        (date(2026, 3, 8), {Role.CLERK}),
        (date(2026, 3, 9), {Role.CLERK, Role.SIGNER}),
        (date(2026, 3, 13), {Role.CLERK, Role.SIGNER}),
        (date(2026, 3, 14), {Role.CLERK}),
    ):
        assert roles_on(deputy, day) == expected
        assert roles_on(signer, day) == {Role.SIGNER}


def test_an_absence_needs_an_end_after_its_start_and_a_deputy(pair: tuple[Account, Account, Appointment]) -> None:
    _, _, appointment = pair
    with pytest.raises(ValueError, match="away_to"):
        report_absence(appointment, away_from=date(2026, 3, 9), away_to=date(2026, 3, 8), actor=SYSTEM, now=NOW)
    appointment.deputy = None
    with pytest.raises(ValueError, match="deputy"):
        report_absence(appointment, away_from=date(2026, 3, 9), away_to=date(2026, 3, 9), actor=SYSTEM, now=NOW)


def test_ended_and_coming_appointments_give_nothing(pair: tuple[Account, Account, Appointment]) -> None:
    signer, deputy, appointment = pair
    assert roles_on(signer, date(2026, 6, 30)) == {Role.SIGNER}
    assert roles_on(signer, date(2026, 7, 1)) == set()
    assert roles_on(signer, date(2025, 12, 31)) == set()
    assert actor_of(signer, datetime(2026, 7, 1, tzinfo=NOW.tzinfo)).office is None
    report_absence(appointment, away_from=date(2026, 6, 29), away_to=date(2026, 7, 5), actor=SYSTEM, now=NOW)
    assert roles_on(deputy, date(2026, 7, 1)) == {Role.CLERK}


def test_days_are_those_of_the_district(pair: tuple[Account, Account, Appointment]) -> None:
    signer, _, _ = pair
    assert actor_of(signer, datetime(2026, 6, 30, 15, 59, tzinfo=NOW.tzinfo)).is_staff
    assert not actor_of(signer, datetime(2026, 6, 30, 16, 0, tzinfo=NOW.tzinfo)).is_staff


def test_a_door_counts_its_visitors_apart() -> None:
    window = timedelta(minutes=15)
    for minute in range(3):
        note("look_up", "203.0.113.5", NOW + timedelta(minutes=minute))
    note("look_up", "203.0.113.6", NOW)
    note("sign_in", "203.0.113.5", NOW)
    assert count("look_up", "203.0.113.5", window, NOW + timedelta(minutes=2)) == 3
    assert count("look_up", "203.0.113.5", window, NOW + timedelta(minutes=16)) == 1
    assert count("look_up", "203.0.113.6", window, NOW + timedelta(minutes=2)) == 1
    assert not Attempt.objects.filter(door__contains="203.0.113").exists()
    note("look_up", "203.0.113.5", NOW + timedelta(days=2))
    assert Attempt.objects.count() == 3


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (2, "1.1.1.1, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_trusted_proxies_name_the_visitor(proxies: int, forwarded: str, address: str) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    assert visitor_address(request, proxies) == address


def test_nobody_deputizes_for_themselves(world: World) -> None:
    account = world.account(Role.CLERK, "urban_management A")
    with pytest.raises(Exception, match="deputy"), transaction.atomic():
        Appointment.objects.update(deputy=account.person)

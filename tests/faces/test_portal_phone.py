"""Another telephone for an account: shown to be held, and told to the old one."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from linli.ground.matters.models import Matter
from linli.ground.people.actions.change_own_phone import PhoneTaken, change_own_phone
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.actions.register_resident import register_resident
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Account, Person
from linli.ground.people.selectors import account_by_phone, actor_of, people_with_phone
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, VISITOR, Role
from tests.faces.portal_visitor import Messages, Visitor
from tests.world import NOW, Snapshot, World

OLD, NEW, PASSWORD = "13900005678", "13900007777", "梧桐树下的老井-1953"
pytestmark = pytest.mark.usefixtures("_tasks_at_once")


def register(phone: str = OLD) -> Account:
    return register_resident(phone=phone, name="李阿姨", password=PASSWORD, notice="2026-03", now=NOW)


@pytest.fixture
def registered(world: World) -> Account:
    return register()


@pytest.fixture
def visitor(world: World, registered: Account) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(registered)
    return visitor


def ask(visitor: Visitor, phone: str = NEW, present: str = PASSWORD) -> Any:
    return visitor.post(reverse("my_phone"), {"phone": phone, "present": present})


def check(visitor: Visitor, digits: str) -> Any:
    return visitor.post(reverse("my_phone_check"), {"code": digits})


def test_a_telephone_is_changed_by_whoever_holds_the_new_one(
    visitor: Visitor, registered: Account, messages: Messages, world: World
) -> None:
    earlier = world.case_of(filer=know_person(name="李", phone=NEW, actor=VISITOR, now=NOW))
    assert ask(visitor, "+86 139 0000 7777").url == reverse("my_phone_check")
    assert "139****7777" in visitor.read("my_phone_check")
    assert check(visitor, messages.digits).url == reverse("my_profile")
    person = Person.objects.get(pk=registered.person_id)
    assert (person.phone, person.phone_verified) == (NEW, True)
    assert (account_by_phone(NEW), account_by_phone(OLD)) == (registered, None)
    assert not people_with_phone(OLD)
    assert (messages[-1][0], "已经更换" in messages[-1][1]) == (OLD, True)
    assert Matter.objects.get(pk=earlier.pk).filer == person, "what was filed with the number is adopted"
    row = Record.objects.get(event="change_own_phone")
    assert (row.subject, row.codes) == (f"account:{registered.pk}", {"signs_in_by_it": True})
    assert visitor.get(reverse("my_profile")).status_code == 200, "the session goes on"
    again = Visitor(world)
    assert again.post(reverse("sign_in"), {"login": OLD, "password": PASSWORD}).status_code == 422
    assert again.post(reverse("sign_in"), {"login": NEW, "password": PASSWORD}).status_code == 302
    register(OLD)


def test_without_password_or_code_nothing_changes(visitor: Visitor, messages: Messages) -> None:
    snapshot = Snapshot()
    assert ask(visitor, present="not-a-password").status_code == 422
    assert ask(visitor, "02584401234").status_code == 422
    assert messages == []
    assert check(visitor, "123456").url == reverse("my_phone")
    ask(visitor)
    wrong = f"{(int(messages.digits) + 1) % 10**6:06d}"
    assert [check(visitor, wrong).status_code for _ in range(6)] == [422] * 5 + [302]
    assert snapshot.unchanged()


def test_a_registered_telephone_is_not_taken_over(visitor: Visitor, messages: Messages) -> None:
    register(NEW)
    snapshot = Snapshot()
    assert ask(visitor).url == reverse("my_phone_check"), "the page does not tell who is registered"
    assert "已经注册过" in messages[-1][1]
    assert check(visitor, "123456").status_code == 422
    assert snapshot.unchanged()


def test_the_action_refuses_another_ones_account_and_a_taken_number(world: World, registered: Account) -> None:
    other = register(NEW)
    snapshot = Snapshot()
    with pytest.raises(PermissionDenied):
        change_own_phone(registered, "13900008888", actor=actor_of(other, NOW), now=NOW)
    with pytest.raises(PhoneTaken):
        change_own_phone(registered, NEW, actor=actor_of(registered, NOW), now=NOW)
    assert snapshot.unchanged()


def test_asking_is_limited(visitor: Visitor, messages: Messages) -> None:
    assert [ask(visitor).status_code for _ in range(6)] == [302] * 5 + [429]
    assert len(messages) == 3


def test_staff_keep_their_login_name(world: World, messages: Messages) -> None:
    account = world.account(Role.CLERK, "urban_management A")
    set_password(account, PASSWORD, actor=SYSTEM, now=NOW)
    visitor = Visitor(world)
    visitor.sign_in(Account.objects.get(pk=account.pk))
    ask(visitor)
    check(visitor, messages.digits)
    changed = Account.objects.get(pk=account.pk)
    assert (changed.login, changed.person.phone) == (account.login, NEW)

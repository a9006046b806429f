"""Whoever registers, or proves the telephone again, finds what was filed with it before."""

from typing import Any

import pytest
from django.urls import reverse

from linli.ground.matters.models import Matter
from linli.ground.people.models import Person
from linli.ground.record.models import Record
from tests.faces.portal_visitor import CONTACT, Messages, Visitor
from tests.world import Snapshot, World

PHONE, PASSWORD = "13900005678", "梧桐树下的老井-1953"
pytestmark = pytest.mark.usefixtures("_tasks_at_once")


def file_without_account(world: World, **contact: str) -> str:
    return str(Visitor(world).file(contact=CONTACT | {"phone": PHONE} | contact)["number"])


def prove(visitor: Visitor, messages: Messages, first: str = "register") -> None:
    visitor.post(reverse(first), {"phone": PHONE, "consent": "on"})
    assert visitor.post(reverse(f"{first}_check"), {"code": messages.digits}).status_code == 302


def register(visitor: Visitor) -> Any:
    return visitor.post(reverse("register_details"), {"name": "李阿姨", "password": PASSWORD})


def test_what_was_filed_before_is_there_after_registering(world: World, messages: Messages) -> None:
    numbers = [file_without_account(world, name=name) for name in ("李阿姨", "女儿")]
    other = file_without_account(world, phone="13900009999")
    visitor = Visitor(world)
    prove(visitor, messages)
    assert register(visitor).url == reverse("my_matters")
    page = visitor.read("my_matters")
    assert "以前用这个手机号反映的 2 件事" in page
    assert all(number in page for number in numbers)
    assert other not in page
    for number in numbers:
        assert visitor.get(reverse("my_case", kwargs={"number": number})).status_code == 200


def test_nothing_is_said_where_there_was_nothing(world: World, messages: Messages) -> None:
    visitor = Visitor(world)
    prove(visitor, messages)
    register(visitor)
    assert "以前用这个手机号" not in visitor.read("my_matters")


def test_before_the_code_nothing_tells_that_something_was_filed(world: World, messages: Messages) -> None:
    number = file_without_account(world)
    pages = []
    visitor = Visitor(world)
    visitor.post(reverse("register"), {"phone": PHONE, "consent": "on"})
    snapshot = Snapshot()
    pages.append(visitor.read("register_check"))
    pages.append(visitor.post(reverse("register_check"), {"code": "000000"}).content.decode())
    assert register(visitor).url == reverse("register")
    assert not any(number in page or "以前" in page for page in pages)
    assert snapshot.unchanged()


def test_a_weak_password_takes_nothing_yet(world: World, messages: Messages) -> None:
    file_without_account(world)
    visitor = Visitor(world)
    prove(visitor, messages)
    snapshot = Snapshot()
    assert visitor.post(reverse("register_details"), {"name": "李阿姨", "password": "abc12"}).status_code == 422
    assert snapshot.unchanged()


def test_who_proves_the_telephone_again_finds_what_came_since(world: World, messages: Messages) -> None:
    visitor = Visitor(world)
    prove(visitor, messages)
    register(visitor)
    number = file_without_account(world)
    assert number not in visitor.read("my_matters"), "signing in proves a password, not a telephone"
    again = Visitor(world)
    prove(again, messages, "forgot_password")
    again.post(reverse("forgot_password_new"), {"password": PASSWORD + "。"})
    page = again.read("my_matters")
    assert "以前用这个手机号反映的 1 件事" in page
    assert number in page
    assert Matter.objects.get().filer == Person.objects.get(account__isnull=False, phone_verified=True)
    assert Record.objects.filter(event="adopt_case").count() == 1

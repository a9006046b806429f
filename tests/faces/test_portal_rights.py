"""One's own data: seen, taken along, deleted; and who in office read it."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from linli.ground.matters.models import Matter
from linli.ground.people.actions.close_account import StillInOffice, close_account
from linli.ground.people.actions.register_resident import register_resident
from linli.ground.people.actions.unmask_person import unmask_person
from linli.ground.people.models import Account, Person, SecondFactor
from linli.ground.people.selectors import account_by_phone, people_with_phone
from linli.ground.record.models import Record
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM, Role
from linli.services.cases.copies import own_case_copies
from tests.faces.portal_visitor import Visitor
from tests.ground.recording import seal_at
from tests.services.acting import act
from tests.world import Snapshot, World

PHONE, PASSWORD = "13900005678", "梧桐树下的老井-1953"


@pytest.fixture
def registered(world: World) -> Account:
    return register_resident(phone=PHONE, name="李阿姨", password=PASSWORD, notice="2026-03", now=world.now)


@pytest.fixture
def visitor(world: World, registered: Account) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(registered)
    return visitor


def copy_of(visitor: Visitor) -> dict[str, Any]:
    answer = visitor.post(reverse("my_data_copy"))
    assert answer["Content-Disposition"] == 'attachment; filename="linli-my-data.json"'
    copy: dict[str, Any] = json.loads(answer.content)
    return copy


def test_one_sees_what_is_kept_and_who_read_it(visitor: Visitor, registered: Account, world: World) -> None:
    assert "没有单位查看过" in visitor.read("my_data")
    clerk = world.clerk_of()
    unmask_person(registered.person, fields=("phone",), why="回访", actor=clerk, now=world.now)
    other = world.resident_account.person
    unmask_person(other, fields=("phone",), why="别人的事", actor=clerk, now=world.now)
    page = visitor.read("my_data")
    assert PHONE in page
    assert "回访" in page
    assert world.office["urban_management A"].name in page
    assert "别人的事" not in page
    assert clerk.name not in page


def test_the_copy_holds_the_own_demands_and_nobody_elses(visitor: Visitor, registered: Account, world: World) -> None:
    own = world.case_of(state="accepted", filer=registered.person, text="我家楼下的灯。", title="我的")
    world.case_of(title="别人的", text="别家的墙。")
    copy = copy_of(visitor)
    assert copy["person"]["phone"] == PHONE
    assert [each["number"] for each in copy["demands"]] == [own.matter.number]
    assert "我家楼下的灯。" in json.dumps(copy, ensure_ascii=False)
    assert "别家的墙。" not in json.dumps(copy, ensure_ascii=False)
    row = Record.objects.get(event="copy_own_data")
    assert (row.subject, row.codes) == (f"person:{registered.person_id}", {"matters": 1})


def test_the_copy_leaves_out_what_only_staff_may_read(registered: Account, world: World) -> None:
    case = world.case_of(state="accepted", filer=registered.person)
    act(world, case, "add_note", world.clerk_of(), note="内部备注")
    visitor = Visitor(world)
    visitor.sign_in(registered)
    assert "内部备注" not in json.dumps(copy_of(visitor), ensure_ascii=False)
    assert not list(own_case_copies(SYSTEM))


def test_closing_deletes_the_details_and_leaves_the_matter_and_the_log(
    visitor: Visitor, registered: Account, world: World
) -> None:
    case = world.case_of(state="accepted", filer=registered.person)
    SecondFactor.objects.create(account=registered, secret="secret", added_at=world.now, used_step=0)
    Account.objects.filter(pk=registered.pk).update(sign_on_index="somebody")
    assert "还有 1 件没有办完" in visitor.read("close_my_account")
    answer = visitor.post(reverse("close_my_account"), {"present": PASSWORD})
    assert answer.url == reverse("home")
    assert SESSION_KEY not in visitor.session
    person = Person.objects.get(pk=registered.person_id)
    assert (person.name, person.phone, person.email, person.resident_number) == ("", "", "", "")
    assert not people_with_phone(PHONE)
    closed = Account.objects.get(pk=registered.pk)
    assert (closed.sign_on_index, closed.open_sessions.count(), closed.recovery_codes.count()) == (None, 0, 0)
    assert not SecondFactor.objects.filter(account=closed).exists()
    assert account_by_phone(PHONE) is None
    assert visitor.post(reverse("sign_in"), {"login": PHONE, "password": PASSWORD}).status_code == 422
    assert Matter.objects.get(pk=case.pk).state == "accepted"
    seal_at(world.now)
    assert verify_database().whole
    again = register_resident(phone=PHONE, name="后来的人", password=PASSWORD, notice="2026-03", now=world.now)
    assert Matter.objects.filter(filer=again.person).count() == 0


def test_closing_needs_the_password(visitor: Visitor, snapshot: Snapshot) -> None:
    snapshot.retake()
    for wrong in ("", "not-a-password"):
        assert visitor.post(reverse("close_my_account"), {"present": wrong}).status_code == 422
    assert snapshot.unchanged()


def test_whoever_is_in_office_does_not_close_the_account(world: World) -> None:
    account = world.account(Role.CLERK, "urban_management A")
    with pytest.raises(StillInOffice):
        close_account(account, actor=SYSTEM, now=world.now)
    visitor = Visitor(world)
    visitor.sign_in(account)
    assert "您还在岗" in visitor.read("close_my_account")
    account.person.appointments.update(ends=date(2026, 3, 2))
    close_account(account, actor=SYSTEM, now=world.now)
    assert not Account.objects.get(pk=account.pk).is_active

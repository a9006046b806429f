"""An account of one's own: registering, a lost password, the profile, notices, and lists to take along."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from openpyxl import load_workbook

from linli.faces.portal.consent_words import PRIVACY_NOTICE
from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.notices.telling import tell_recipients
from linli.ground.people.actions.register_resident import AlreadyRegistered, register_resident
from linli.ground.people.models import Account, Person
from linli.ground.record.models import Record
from linli.kernel.access import Role
from tests.faces.portal_visitor import Messages, Visitor
from tests.world import Snapshot, World

PHONE, PASSWORD = "13900005678", "梧桐树下的老井-1953"
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("_tasks_at_once")]


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


@pytest.fixture
def registered(world: World) -> Account:
    return register_resident(phone=PHONE, name="李阿姨", password=PASSWORD, notice="2026-03", now=world.now)


@pytest.fixture
def resident(world: World) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(world.resident_account)
    return visitor


def ask(visitor: Visitor, phone: str = PHONE, first: str = "register") -> Any:
    return visitor.post(reverse(first), {"phone": phone, "consent": "on"})


def check(visitor: Visitor, digits: str, second: str = "register_check") -> Any:
    return visitor.post(reverse(second), {"code": digits})


def sign_in(visitor: Visitor, login: str, password: str = PASSWORD) -> Any:
    return visitor.post(reverse("sign_in"), {"login": login, "password": password})


def test_a_resident_registers_with_a_telephone(visitor: Visitor, messages: Messages, world: World) -> None:
    assert ask(visitor, "+86 139-0000-5678").url == reverse("register_check")
    assert [phone for phone, _ in messages] == [PHONE]
    assert "139****5678" in visitor.read("register_check")
    assert check(visitor, messages.digits).url == reverse("register_details")
    before = visitor.session.session_key
    given = {"name": "李阿姨", "password": PASSWORD, "email": "li@example.org"}
    assert visitor.post(reverse("register_details"), given).url == reverse("my_matters")
    account = Account.objects.get(pk=visitor.session[SESSION_KEY])
    person = account.person
    assert (person.name, person.phone, person.phone_verified, person.email) == (
        "李阿姨",
        PHONE,
        True,
        "li@example.org",
    )
    assert PHONE not in account.login
    assert visitor.session.session_key != before
    assert Record.objects.get(event="register_resident").codes == {"privacy_notice": PRIVACY_NOTICE}
    visitor.file()
    assert Matter.objects.get().filer == person
    other = Visitor(world)
    assert sign_in(other, "139 0000 5678").url == reverse("my_matters")


def test_registering_tells_nobody_who_is_registered(
    visitor: Visitor, registered: Account, messages: Messages, world: World
) -> None:
    other = Visitor(world)
    answers = [ask(visitor), ask(other, "13900009999")]
    assert answers[0].url == answers[1].url
    pages = [re.sub(r'"[^"]*"|\*+\d+', "", each.read("register_check")) for each in (visitor, other)]
    assert pages[0] == pages[1]
    assert "已经注册过" in messages[0][1]
    assert not re.search(r"\d{6}", messages[0][1])
    snapshot = Snapshot()
    assert check(visitor, "000000").status_code == 422
    assert snapshot.unchanged()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"phone": PHONE}, "同意以后才能注册"),
        ({"phone": "02584401234", "consent": "on"}, "不像一个手机号"),
        ({"phone": "12", "consent": "on"}, "不像一个手机号"),
    ],
)
def test_registering_needs_a_mobile_and_consent(
    visitor: Visitor, messages: Messages, given: dict[str, str], says: str
) -> None:
    answer = visitor.post(reverse("register"), given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert messages == []


def test_a_weak_password_is_refused_in_words(visitor: Visitor, messages: Messages) -> None:
    ask(visitor)
    check(visitor, messages.digits)
    snapshot = Snapshot()
    for weak, says in (("83920174659", "不能全是数字"), ("abc12", "密码太短"), ("qwertyuiop", "太常见")):
        answer = visitor.post(reverse("register_details"), {"name": "李阿姨", "password": weak})
        assert answer.status_code == 422
        assert weak not in answer.content.decode()
        assert says in answer.content.decode()
    assert snapshot.unchanged()


def test_no_step_of_registering_can_be_skipped(visitor: Visitor, messages: Messages) -> None:
    snapshot = Snapshot()
    given = {"name": "李阿姨", "password": PASSWORD}
    assert visitor.post(reverse("register_details"), given).url == reverse("register")
    ask(visitor)
    assert visitor.post(reverse("register_details"), given).url == reverse("register")
    check(visitor, messages.digits)
    assert visitor.get(reverse("forgot_password_new")).url == reverse("forgot_password")
    visitor.clock(minutes=31)
    assert visitor.post(reverse("register_details"), given).url == reverse("register")
    assert snapshot.unchanged()


def test_registering_is_limited_by_address_and_by_telephone(visitor: Visitor, messages: Messages) -> None:
    assert [ask(visitor).status_code for _ in range(6)] == [302] * 5 + [429]
    assert len(messages) == 3


def test_a_telephone_registers_once(registered: Account, world: World) -> None:
    people = Person.objects.count()
    with pytest.raises(AlreadyRegistered):
        register_resident(phone=PHONE, name="又来", password=PASSWORD, notice="2026-03", now=world.now)
    assert Person.objects.count() == people


def test_a_lost_password_is_replaced_by_telephone(
    visitor: Visitor, registered: Account, messages: Messages, world: World
) -> None:
    older = Visitor(world)
    sign_in(older, PHONE)
    assert ask(visitor, first="forgot_password").url == reverse("forgot_password_check")
    assert check(visitor, messages.digits, "forgot_password_check").url == reverse("forgot_password_new")
    new = PASSWORD + "。"
    assert visitor.post(reverse("forgot_password_new"), {"password": new}).url == reverse("my_matters")
    assert older.get(reverse("my_profile")).status_code == 302, "other sessions have ended"
    assert sign_in(Visitor(world), PHONE).status_code == 422
    assert sign_in(Visitor(world), PHONE, new).status_code == 302


def test_an_unknown_telephone_gets_no_message_about_a_password(visitor: Visitor, messages: Messages) -> None:
    assert ask(visitor, first="forgot_password").url == reverse("forgot_password_check")
    assert messages == []


def test_a_profile_is_put_right_and_the_telephone_shown_masked(resident: Visitor, world: World) -> None:
    page = resident.read("my_profile")
    assert "138****1234" in page
    assert "13800001234" not in page
    given = {"name": "王阿姨", "email": "wang@example.org"}
    assert resident.post(reverse("my_profile"), given).url == reverse("my_profile")
    person = Person.objects.get(pk=world.resident_account.person_id)
    assert (person.name, person.email, person.phone) == ("王阿姨", "wang@example.org", "13800001234")
    assert Record.objects.get(event="change_profile").codes == {"changed": ["email", "name"]}
    snapshot = Snapshot()
    assert resident.post(reverse("my_profile"), given | {"email": "not-one"}).status_code == 422
    resident.post(reverse("my_profile"), given)
    assert snapshot.unchanged()


def test_a_new_password_needs_the_present_one(registered: Account, world: World) -> None:
    here, elsewhere = Visitor(world), Visitor(world)
    sign_in(here, PHONE)
    sign_in(elsewhere, PHONE)
    new = {"present": PASSWORD, "password": PASSWORD + "。"}
    assert here.post(reverse("my_password"), new | {"present": "wrong-password-1"}).status_code == 422
    assert here.post(reverse("my_password"), new).url == reverse("my_profile")
    assert here.get(reverse("my_profile")).status_code == 200
    assert elsewhere.get(reverse("my_profile")).status_code == 302


def tell(event: str = "") -> None:
    rows = Record.objects.select_related("entry").order_by("id")
    tell_recipients(list(rows.filter(event=event) if event else rows))


def test_notices_of_a_resident_lead_to_the_demand_and_are_read_there(resident: Visitor, world: World) -> None:
    assert "还没有通知" in resident.read("my_notices")
    case = world.case_of(state="accepted")
    tell()
    unread = Notice.objects.filter(person=world.resident_account.person, read_at=None).count()
    assert unread
    page = resident.read("my_notices")
    assert f'<span class="unread-mark">{unread}' in page
    assert reverse("my_case", kwargs={"number": case.matter.number}) in page
    assert page.index("承办单位已经签收") < page.index("会在承诺的日期前答复"), "newest first"
    resident.read("my_case", number=case.matter.number)
    assert "unread-mark" not in resident.read("my_notices")


def test_notices_are_marked_read_all_at_once_and_page_by_key(resident: Visitor, world: World) -> None:
    for _ in range(11):
        world.case_of(state="accepted")
    tell()
    page = resident.read("my_notices")
    after = page.split("?after=")[1].split('"')[0]
    assert resident.read("my_notices", f"?after={after}").count("data-row") > 0
    assert page.count("data-row") == 20
    assert resident.get(reverse("read_my_notices")).status_code == 405
    assert resident.post(reverse("read_my_notices")).url == reverse("my_notices")
    assert not Notice.objects.filter(person=world.resident_account.person, read_at=None).exists()


def test_notices_in_office_stay_at_the_desk(world: World) -> None:
    world.case_of(state="dispatched")
    tell()
    account = world.account(Role.CLERK, "urban_management A")
    assert Notice.objects.filter(person=account.person, as_staff=True).exists()
    clerk = Visitor(world)
    clerk.sign_in(account)
    assert "还没有通知" in clerk.read("my_notices")
    clerk.post(reverse("read_my_notices"))
    assert Notice.objects.filter(person=account.person, read_at=None).exists()


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]


def test_own_matters_and_notices_as_spreadsheets(resident: Visitor, world: World) -> None:
    case = world.case_of(state="accepted")
    world.receive(title="别人的事")
    tell()
    matters = rows_of(resident.get(reverse("my_matters_sheet")))
    assert [row[0] for row in matters] == ["编号", case.matter.number]
    assert matters[1][2] == "办理中"
    notices = rows_of(resident.get(reverse("my_notices_sheet")))
    assert {row[1] for row in notices[1:]} == {case.matter.number}
    assert "承办单位已经签收，正在办理" in {row[3] for row in notices[1:]}


def test_the_privacy_notice_is_open_to_everybody(visitor: Visitor) -> None:
    assert "第二十五条" in visitor.read("privacy")
    assert reverse("privacy") in visitor.read("register")

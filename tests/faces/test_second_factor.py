"""The second factor: adding it, the codes at the door, losing it, and the office that waits for it."""

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from linli.ground.people.actions.add_second_factor import AlreadyAdded, CodeWrong, add_second_factor
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.reset_second_factor import reset_second_factor
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.actions.suspend_account import OwnAccount
from linli.ground.people.models import Account, RecoveryCode, SecondFactor
from linli.ground.people.second_factor import sign_in_with_code
from linli.ground.people.selectors import actor_of
from linli.ground.people.signing_in import sign_in_with_password
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from linli.site.commands.staff import staff
from tests.faces.portal_visitor import Messages, Visitor
from tests.world import NOW, Snapshot, World

pytestmark = pytest.mark.once

PASSWORD = "梧桐树下的老井-1953"
SECRET = b"12345678901234567890"
ALGORITHM = SHA1()  # noqa: S303 -- the one of the standard


def code_at(world: World, secret: bytes = SECRET) -> str:
    return HOTP(secret, 6, ALGORITHM).generate(int(world.now.timestamp()) // 30).decode()


@pytest.fixture
def account(world: World) -> Account:
    return open_account(login="wang", name="王阿姨", password=PASSWORD, actor=SYSTEM, now=NOW)


@pytest.fixture
def codes(world: World, account: Account) -> list[str]:
    """The recovery codes of the account, which has a second factor; the code of that moment is spent."""
    given = add_second_factor(account, SECRET, code_at(world), actor=actor_of(account, NOW), now=NOW)
    world.later(minutes=2)
    return given


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def password_step(visitor: Visitor, login: str = "wang", **more: str) -> Any:
    return visitor.post(reverse("sign_in"), {"login": login, "password": PASSWORD, **more})


def code_step(visitor: Visitor, code: str) -> Any:
    return visitor.post(reverse("sign_in_code"), {"code": code})


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.get(reverse("my_profile")).status_code == 200)


def test_a_second_factor_is_added_with_picture_or_secret(world: World, account: Account, visitor: Visitor) -> None:
    password_step(visitor)
    page = visitor.read("second_factor")
    assert re.search(r'<svg class="qr".*?<path d="M\d', page, re.DOTALL)
    assert "style=" not in page.split('<svg class="qr"')[1].split("</svg>")[0]
    shown = re.search(r'secret-text">([A-Z2-7 ]+)<', page)
    assert shown
    secret = visitor.kept("new_factor")["secret"]
    assert shown[1].replace(" ", "") == secret
    given = {"code": code_at(world, _read(secret)), "present": PASSWORD}
    assert visitor.post(reverse("second_factor"), given | {"present": "wrong-password"}).status_code == 422
    assert visitor.post(reverse("second_factor"), given | {"code": "000000"}).status_code == 422
    assert visitor.kept("new_factor")["secret"] == secret, "the picture stays while somebody mistypes"
    assert not SecondFactor.objects.exists()
    answer = visitor.post(reverse("second_factor"), given)
    told = re.findall(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", answer.content.decode())
    assert len(told) == 10
    assert told[0] not in visitor.read("second_factor"), "told once"
    assert Record.objects.filter(event="add_second_factor", subject=f"account:{account.pk}").count() == 1


def _read(secret: str) -> bytes:
    return base64.b32decode(secret)


def test_the_database_holds_no_secret_and_no_code(account: Account, codes: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM people_secondfactor")
        raw = repr(cursor.fetchall())
        cursor.execute("SELECT digest FROM people_recoverycode")
        raw += repr(cursor.fetchall())
    assert "GEZDGNBV" not in raw
    assert not [code for code in codes if code in raw or code.replace("-", "") in raw]
    assert RecoveryCode.objects.count() == 10


def test_the_door_asks_for_the_code_after_the_password(
    world: World, account: Account, codes: list[str], visitor: Visitor
) -> None:
    onward = reverse("my_notices")
    assert password_step(visitor, next=onward).url == reverse("sign_in_code")
    assert not is_in(visitor)
    assert code_step(visitor, "000000").status_code == 422
    assert not is_in(visitor)
    code = code_at(world)
    assert code_step(visitor, f"{code[:3]} {code[3:]}").url == onward
    assert is_in(visitor)
    assert Record.objects.get(event="sign_in").codes["by"] == "password and code"


def test_a_code_is_good_once(world: World, account: Account, codes: list[str]) -> None:
    first, second = Visitor(world), Visitor(world)
    for each in (first, second):
        password_step(each)
    assert code_step(first, code_at(world)).status_code == 302
    assert code_step(second, code_at(world)).status_code == 422
    first.clock(seconds=30)
    assert code_step(second, code_at(world)).status_code == 302


def test_a_recovery_code_is_good_once(world: World, account: Account, codes: list[str]) -> None:
    first, second = Visitor(world), Visitor(world)
    for each in (first, second):
        password_step(each)
    assert code_step(first, codes[3].lower()).status_code == 302
    assert code_step(second, codes[3]).status_code == 422
    assert code_step(second, codes[4]).status_code == 302
    assert Record.objects.filter(event="use_recovery_code").count() == 2


def test_codes_of_another_account_open_nothing(world: World, account: Account, codes: list[str]) -> None:
    other = open_account(login="li", name="李大爷", password=PASSWORD, actor=SYSTEM, now=NOW)
    add_second_factor(other, b"x" * 20, code_at(world, b"x" * 20), actor=SYSTEM, now=world.now)
    for typed in (code_at(world), codes[0]):
        assert sign_in_with_code(other, typed, world.now).account is None


def test_failures_of_both_steps_lock_together(world: World, account: Account, codes: list[str]) -> None:
    visitor = Visitor(world)
    for _ in range(2):
        assert sign_in_with_password("wang", "wrong", world.now).reason == "wrong"
    password_step(visitor)
    for _ in range(2):
        code_step(visitor, "000000")
    password_step(visitor)
    assert "已暂停登录" in code_step(visitor, "000000").content.decode(), "a right password starts no new count"
    assert code_step(visitor, code_at(world)).status_code == 422
    assert sign_in_with_password("wang", PASSWORD, world.now).reason == "locked"
    visitor.clock(minutes=30)
    fresh = Visitor(world)
    password_step(fresh)
    assert code_step(fresh, code_at(world)).status_code == 302


def test_the_second_step_waits_ten_minutes(world: World, account: Account, codes: list[str], visitor: Visitor) -> None:
    assert visitor.get(reverse("sign_in_code")).url == reverse("sign_in")
    password_step(visitor)
    visitor.clock(minutes=10)
    assert code_step(visitor, code_at(world)).url == reverse("sign_in")
    assert not is_in(visitor)


def test_it_is_turned_off_and_codes_renewed_only_with_a_code(
    world: World, account: Account, codes: list[str], visitor: Visitor
) -> None:
    password_step(visitor)
    code_step(visitor, codes[0])
    assert "9 个" in visitor.read("second_factor")
    snapshot = Snapshot()
    for name in ("renew_recovery_codes", "drop_second_factor"):
        assert visitor.post(reverse(name), {"code": "000000"}).status_code == 422
        assert visitor.post(reverse(name), {"code": codes[0]}).status_code == 422
    assert snapshot.unchanged()
    renewed = visitor.post(reverse("renew_recovery_codes"), {"code": codes[1]}).content.decode()
    new = re.findall(r"<code>([A-Z0-9]{5}-[A-Z0-9]{5})</code>", renewed)
    assert visitor.post(reverse("drop_second_factor"), {"code": codes[2]}).status_code == 422, "the old ones are void"
    assert visitor.post(reverse("drop_second_factor"), {"code": new[0]}).status_code == 302
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert password_step(Visitor(world)).url == reverse("my_matters")


def test_it_is_added_once(world: World, account: Account, codes: list[str]) -> None:
    with pytest.raises(AlreadyAdded):
        add_second_factor(account, SECRET, code_at(world), actor=SYSTEM, now=world.now)
    with pytest.raises(CodeWrong):
        add_second_factor(account, b"y" * 20, code_at(world), actor=SYSTEM, now=world.now)
    assert RecoveryCode.objects.count() == 10


@pytest.mark.usefixtures("_tasks_at_once")
def test_a_telephone_alone_is_no_way_around_it(world: World, messages: Messages, visitor: Visitor) -> None:
    phone = "13900005678"
    visitor.post(reverse("register"), {"phone": phone, "consent": "on"})
    visitor.post(reverse("register_check"), {"code": messages.digits})
    visitor.post(reverse("register_details"), {"name": "李阿姨", "password": PASSWORD})
    account = Account.objects.get(login__startswith="phone-")
    add_second_factor(account, SECRET, code_at(world), actor=SYSTEM, now=world.now)
    world.later(minutes=2)
    thief = Visitor(world)
    thief.post(reverse("forgot_password"), {"phone": phone})
    thief.post(reverse("forgot_password_check"), {"code": messages.digits})
    answer = thief.post(reverse("forgot_password_new"), {"password": PASSWORD + "。"})
    assert answer.url == reverse("sign_in_code")
    assert not is_in(thief)
    assert not is_in(visitor), "and the new password has ended the sessions"


@pytest.fixture
def clerk(world: World, settings: Any) -> Account:
    settings.SECOND_FACTOR = "staff"
    account = world.account(Role.CLERK, "urban_management A")
    set_password(account, PASSWORD, actor=SYSTEM, now=NOW)
    return account


def test_an_office_waits_for_the_second_factor(world: World, clerk: Account, visitor: Visitor) -> None:
    case = world.case_of(state="accepted")
    desk = reverse("desk_case", kwargs={"number": case.matter.number})
    assert password_step(visitor, clerk.login).url.startswith(reverse("second_factor"))
    for name in (reverse("inbox"), desk):
        assert visitor.get(name).url.startswith(reverse("second_factor"))
    to_look_up = visitor.get(reverse("my_case", kwargs={"number": case.matter.number}))
    assert to_look_up.url.startswith(reverse("look_up_case")), "without the office the matter is a stranger's"
    secret = _read(_secret(visitor))
    given = {"code": code_at(world, secret), "present": PASSWORD, "next": desk}
    assert desk in visitor.post(reverse("second_factor"), given).content.decode()
    assert visitor.get(desk).status_code == 200


def _secret(visitor: Visitor) -> str:
    assert "进入办理台" in visitor.read("second_factor")
    return str(visitor.kept("new_factor")["secret"])


def test_a_session_that_showed_no_code_opens_no_office(world: World, clerk: Account, visitor: Visitor) -> None:
    visitor.sign_in(clerk)
    assert visitor.get(reverse("inbox")).url.startswith(reverse("second_factor"))
    add_second_factor(clerk, SECRET, code_at(world), actor=SYSTEM, now=world.now)
    assert visitor.get(reverse("inbox")).status_code == 302, "the code was shown by another browser"


def test_residents_need_none(world: World, account: Account, visitor: Visitor, settings: Any) -> None:
    settings.SECOND_FACTOR = "staff"
    assert password_step(visitor).url == reverse("my_matters")
    assert is_in(visitor)


def test_off_asks_nobody_and_offers_nothing(
    world: World, account: Account, codes: list[str], visitor: Visitor, settings: Any
) -> None:
    settings.SECOND_FACTOR = "off"
    assert password_step(visitor).url == reverse("my_matters")
    assert visitor.get(reverse("second_factor")).status_code == 404


def test_an_old_password_of_staff_is_changed_first(world: World, visitor: Visitor, settings: Any) -> None:
    settings.PASSWORD_DAYS = 90
    clerk = world.account(Role.CLERK, "urban_management A")
    set_password(clerk, PASSWORD, actor=SYSTEM, now=NOW - timedelta(days=90))
    assert password_step(visitor, clerk.login).url.startswith(reverse("my_password"))
    assert visitor.get(reverse("inbox")).url.startswith(reverse("my_password"))
    assert "90 天更换一次" in visitor.read("my_password")
    given = {"present": PASSWORD, "password": PASSWORD + "。", "next": reverse("inbox")}
    assert visitor.post(reverse("my_password"), given).url == reverse("inbox")
    assert visitor.get(reverse("inbox")).status_code == 200


def test_the_security_administrator_resets_it(world: World, account: Account, codes: list[str]) -> None:
    theirs, security = Visitor(world), Visitor(world)
    password_step(theirs)
    code_step(theirs, codes[0])
    security.sign_in(world.account(Role.SECURITY_ADMINISTRATOR, "district"))
    address = reverse("reset_second_factor", kwargs={"account": account.pk})
    assert "已设置" in security.read("administered_account", account=account.pk)
    assert security.post(address, {"why": ""}).status_code == 422
    assert security.post(address, {"why": "手机丢了，本人带证件来"}).status_code == 302
    assert not SecondFactor.objects.exists()
    assert not is_in(theirs)
    assert password_step(Visitor(world)).url == reverse("my_matters")
    assert Record.objects.get(event="reset_second_factor").entry.texts == {"why": "手机丢了，本人带证件来"}


def test_nobody_resets_their_own_and_no_other_role_anybodys(world: World, account: Account, codes: list[str]) -> None:
    security = world.account(Role.SECURITY_ADMINISTRATOR, "district")
    actor, system = actor_of(security, NOW), world.actor(Role.SYSTEM_ADMINISTRATOR, "district")
    snapshot = Snapshot()
    with pytest.raises(OwnAccount):
        reset_second_factor(security, why="试试", actor=actor, now=NOW)
    with pytest.raises(PermissionDenied):
        reset_second_factor(account, why="试试", actor=system, now=NOW)
    assert snapshot.unchanged()


def test_the_command_resets_it_where_no_administrator_can(account: Account, codes: list[str]) -> None:
    done = CliRunner().invoke(staff, ["reset", account.login, "安全管理员的手机丢了"])
    assert done.exit_code == 0, done.output
    assert not SecondFactor.objects.exists()
    assert Record.objects.get(event="reset_second_factor").office == "system"

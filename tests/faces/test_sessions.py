"""Where one is signed in: the list, ending others, the limit, and what a new password does."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from linli.ground.people.actions.end_sessions import end_sessions
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Account, OpenSession
from linli.ground.people.sessions import drop_idle_sessions
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from tests.faces.portal_visitor import Visitor
from tests.world import NOW, Snapshot, World

PASSWORD = "梧桐树下的老井-1953"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"


@pytest.fixture
def account(world: World) -> Account:
    return open_account(login="wang", name="王阿姨", password=PASSWORD, actor=SYSTEM, now=NOW)


def signed_in(world: World, agent: str = WINDOWS, password: str = PASSWORD) -> Visitor:
    visitor = Visitor(world, headers={"user-agent": agent})
    assert visitor.post(reverse("sign_in"), {"login": "wang", "password": password}).status_code == 302
    return visitor


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.get(reverse("my_profile")).status_code == 200)


def end(visitor: Visitor, chosen: Any = "") -> Any:
    return visitor.post(reverse("end_my_sessions"), {"session": str(chosen)})


def test_every_device_is_listed_in_plain_words(world: World, account: Account) -> None:
    here, phone = signed_in(world), signed_in(world, PHONE)
    page = here.read("my_sessions")
    assert page.count("data-row") == 2
    assert "Windows 电脑，Chrome" in page
    assert "iPhone，Safari" in page
    assert page.count("这台设备") == 1
    assert phone.session.session_key not in page, "an address of a page gives no session away"
    assert here.session.session_key not in page


def test_signing_in_is_on_the_record_without_a_name(world: World, account: Account) -> None:
    signed_in(world)
    row = Record.objects.get(event="sign_in")
    assert row.codes == {"by": "password", "device": "chrome windows", "ended": 0}
    assert row.subject == ""
    assert row.entry.actor == account.pk


def test_one_other_device_is_signed_out(world: World, account: Account) -> None:
    here, phone, third = signed_in(world), signed_in(world, PHONE), signed_in(world)
    chosen = OpenSession.objects.get(session=phone.session.session_key)
    assert end(here, chosen.pk).url == reverse("my_sessions")
    assert [is_in(each) for each in (here, phone, third)] == [True, False, True]
    assert Record.objects.get(event="end_sessions").codes == {"sessions": 1}


def test_all_others_are_signed_out(world: World, account: Account) -> None:
    here, phone, third = signed_in(world), signed_in(world, PHONE), signed_in(world)
    end(here)
    assert [is_in(each) for each in (here, phone, third)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(world: World, account: Account) -> None:
    theirs = signed_in(world)
    other = Visitor(world)
    other.sign_in(world.resident_account)
    other.read("my_sessions")
    for chosen in (OpenSession.objects.get(session=theirs.session.session_key).pk, "no-id", ""):
        snapshot = Snapshot()
        assert end(other, chosen).status_code == 302
        assert snapshot.unchanged()
    assert is_in(theirs)


def test_a_new_password_ends_all_others_and_this_one_goes_on(world: World, account: Account) -> None:
    here, phone = signed_in(world), signed_in(world, PHONE)
    here.clock(minutes=5)
    given = {"present": PASSWORD, "password": PASSWORD + "。"}
    assert here.post(reverse("my_password"), given).status_code == 302
    assert [is_in(each) for each in (here, phone)] == [True, False]
    left = OpenSession.objects.get(account=account)
    assert (left.session_id, left.started_at) == (here.session.session_key, NOW)
    set_password(account, PASSWORD, actor=SYSTEM, now=world.now)
    assert not is_in(here)
    assert not OpenSession.objects.filter(account=account).exists()


def test_the_new_password_is_another_one(world: World, account: Account) -> None:
    here = signed_in(world)
    snapshot = Snapshot()
    answer = here.post(reverse("my_password"), {"present": PASSWORD, "password": PASSWORD})
    assert answer.status_code == 422
    assert "不能和现在的一样" in answer.content.decode()
    assert snapshot.unchanged()


def test_beyond_the_limit_the_one_unseen_for_longest_ends(world: World, account: Account, settings: Any) -> None:
    settings.SESSIONS_PER_ACCOUNT = 2
    first = signed_in(world)
    first.clock(minutes=2)
    second = signed_in(world, PHONE)
    second.clock(minutes=2)
    assert is_in(first), "seen later than the second"
    third = signed_in(world)
    assert [is_in(each) for each in (first, second, third)] == [True, False, True]
    assert Record.objects.filter(event="sign_in").latest("id").codes["ended"] == 1


def test_an_idle_session_is_neither_listed_nor_counted_and_is_tidied_away(
    world: World, account: Account, settings: Any
) -> None:
    settings.SESSIONS_PER_ACCOUNT = 1
    idle = signed_in(world)
    idle.clock(minutes=31)
    here = signed_in(world)
    assert Record.objects.filter(event="sign_in").latest("id").codes["ended"] == 0
    assert here.read("my_sessions").count("data-row") == 1
    assert Session.objects.filter(session_key=idle.session.session_key).exists()
    drop_idle_sessions(world.now)
    assert not Session.objects.filter(session_key=idle.session.session_key).exists()
    assert is_in(here)


def test_signing_out_takes_the_row_along(world: World, account: Account) -> None:
    here = signed_in(world)
    here.post(reverse("sign_out"))
    assert not OpenSession.objects.exists()


def test_the_security_administrator_ends_them_all(world: World, account: Account) -> None:
    theirs, security = signed_in(world), Visitor(world)
    security.sign_in(world.account(Role.SECURITY_ADMINISTRATOR, "district"))
    assert "Windows 电脑" in security.read("administered_account", account=account.pk)
    security.post(reverse("end_account_sessions", kwargs={"account": account.pk}))
    assert not is_in(theirs)
    assert Record.objects.get(event="end_sessions").office == str(world.office["district"].pk)


def test_ending_sessions_of_another_takes_the_office(world: World, account: Account) -> None:
    theirs, actor = signed_in(world), world.actor(Role.SYSTEM_ADMINISTRATOR, "district")
    snapshot = Snapshot()
    with pytest.raises(PermissionDenied):
        end_sessions(account, actor=actor, now=NOW)
    assert snapshot.unchanged()
    assert is_in(theirs)

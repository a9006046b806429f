"""The city's single sign-on, against a provider on this machine."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from oidc_provider_mock import run_server_in_thread

from linli.ground.people.actions.add_second_factor import add_second_factor
from linli.ground.people.actions.link_sign_on import AlreadyLinked, link_sign_on
from linli.ground.people.actions.suspend_account import OwnAccount
from linli.ground.people.models import Account
from linli.ground.people.signing_in import sign_in_with_password
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM, Role
from linli.site.commands.staff import staff
from tests.faces.portal_visitor import Visitor
from tests.faces.test_second_factor import SECRET, code_at
from tests.world import NOW, Snapshot, World

pytestmark = pytest.mark.once

CALLED = "gov-0042"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def clerk(world: World, issuer: str, settings: Any) -> Account:
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_SECRET = issuer, "linli", "not-a-real-secret"
    account = world.account(Role.CLERK, "urban_management A")
    link_sign_on(account, issuer=issuer, identifier=CALLED, why="市里提供", actor=SYSTEM, now=NOW)
    return account


@pytest.fixture
def visitor(world: World, clerk: Account) -> Visitor:
    return Visitor(world)


def go(visitor: Visitor, onward: str = "") -> str:
    """To the provider; returns the address that the browser is sent to."""
    answer = visitor.get(reverse("single_sign_on") + (f"?next={onward}" if onward else ""))
    assert answer.status_code == 302
    return str(answer["Location"])


def come_back(address: str, called: str = CALLED, **form: str) -> str:
    """What somebody does at the provider; returns the address that sends them back."""
    answer = requests.post(address, data={"sub": called, **form}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.get(reverse("my_profile")).status_code == 200)


def test_who_is_linked_comes_in_as_by_password(visitor: Visitor, clerk: Account) -> None:
    assert "统一身份认证" in visitor.read("sign_in")
    address = go(visitor, reverse("notices"))
    asked = parse_qs(urlsplit(address).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    back = come_back(address)
    assert visitor.get(back).url == reverse("notices")
    assert is_in(visitor)
    assert "notices" not in visitor.get(back).url, "a code is good once"
    row = Record.objects.get(event="sign_in")
    assert (row.codes["by"], row.entry.actor) == ("single sign-on", clerk.pk)


def test_who_is_not_linked_stays_out(visitor: Visitor, world: World) -> None:
    strangers = ("gov-0043", world.resident_account.login, str(world.resident_account.pk))
    snapshot = Snapshot()
    for called in strangers:
        answer = visitor.get(come_back(go(visitor), called))
        assert answer.url == reverse("sign_in")
        assert not is_in(visitor)
    assert snapshot.unchanged()


def test_an_address_of_mail_links_nobody(visitor: Visitor, clerk: Account) -> None:
    clerk.person.email = "clerk@example.org"
    clerk.person.save()
    visitor.get(come_back(go(visitor), "clerk@example.org"))
    assert not is_in(visitor)


def test_a_code_for_another_browser_opens_nothing(visitor: Visitor, world: World) -> None:
    back = come_back(go(visitor))
    thief = Visitor(world)
    go(thief)
    assert thief.get(back).url == reverse("sign_in")
    assert not is_in(thief)
    assert visitor.get(back.replace("state=", "state=x")).url == reverse("sign_in")
    assert not is_in(visitor)


def test_a_refusal_and_nonsense_lead_back_to_the_sign_in(visitor: Visitor) -> None:
    assert visitor.get(come_back(go(visitor), action="deny")).url == reverse("sign_in")
    assert visitor.get(reverse("single_sign_on_back")).url == reverse("sign_in")
    assert visitor.get(reverse("single_sign_on_back") + "?code=x&state=y").url == reverse("sign_in")
    assert not is_in(visitor)


def test_an_issuer_that_is_another_than_the_settings_name_is_refused(
    visitor: Visitor, settings: Any, issuer: str
) -> None:
    settings.OIDC_ISSUER = issuer + "/"  # the same provider, which calls itself otherwise
    assert visitor.get(come_back(go(visitor))).url == reverse("sign_in")
    assert not is_in(visitor)


def test_a_provider_that_does_not_answer_leaves_the_password(visitor: Visitor, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://localhost:9"
    assert visitor.get(reverse("single_sign_on")).url == reverse("sign_in")
    assert "用密码登录" in visitor.get(reverse("sign_in")).content.decode()


def test_the_second_factor_and_the_lock_hold_here_too(visitor: Visitor, clerk: Account, world: World) -> None:
    add_second_factor(clerk, SECRET, code_at(world), actor=SYSTEM, now=NOW)
    visitor.clock(minutes=2)
    assert visitor.get(come_back(go(visitor))).url == reverse("sign_in_code")
    assert not is_in(visitor)
    assert visitor.post(reverse("sign_in_code"), {"code": code_at(world)}).url == reverse("inbox")
    assert Record.objects.get(event="sign_in").codes["by"] == "single sign-on and code"
    for _ in range(5):
        sign_in_with_password(clerk.login, "wrong", world.now)
    other = Visitor(world)
    assert other.get(come_back(go(other))).url == reverse("sign_in")
    assert not is_in(other)


def test_a_suspended_account_stays_out(visitor: Visitor) -> None:
    Account.objects.update(is_active=False)
    assert visitor.get(come_back(go(visitor))).url == reverse("sign_in")
    assert not is_in(visitor)


def test_without_an_issuer_nothing_is_offered(world: World) -> None:
    visitor = Visitor(world)
    assert "single" not in visitor.read("sign_in")
    assert visitor.get(reverse("single_sign_on")).status_code == 404
    assert visitor.get(reverse("single_sign_on_back")).status_code == 404


def test_an_administrator_links_and_takes_the_link_away(world: World, clerk: Account, issuer: str) -> None:
    security, other = Visitor(world), world.account(Role.REVIEWER, "urban_management A")
    security.sign_in(world.account(Role.SECURITY_ADMINISTRATOR, "district"))
    address = reverse("link_sign_on", kwargs={"account": other.pk})
    snapshot = Snapshot()
    assert security.post(address, {"identifier": "gov-1", "why": ""}).status_code == 422
    taken = security.post(address, {"identifier": CALLED, "why": "市里提供"})
    assert taken.status_code == 422
    assert "另一个账号已经关联" in taken.content.decode()
    assert snapshot.unchanged()
    assert security.post(address, {"identifier": "gov-1", "why": "市里提供"}).status_code == 302
    assert "已经关联" in security.read("administered_account", account=other.pk)
    assert security.post(address, {"identifier": "", "why": "换了编号"}).status_code == 302
    other.refresh_from_db()
    assert other.sign_on_index is None
    assert [row.codes for row in Record.objects.filter(event="link_sign_on", subject=f"account:{other.pk}")] == [
        {"linked": True},
        {"linked": False},
    ]


def test_who_may_link(world: World, clerk: Account, issuer: str) -> None:
    security = world.account(Role.SECURITY_ADMINISTRATOR, "district")
    asked = {"issuer": issuer, "identifier": "gov-2", "why": "试试", "now": NOW}
    snapshot = Snapshot()
    with pytest.raises(PermissionDenied):
        link_sign_on(clerk, actor=world.actor(Role.SYSTEM_ADMINISTRATOR, "district", name="系统"), **asked)
    snapshot.retake()
    with pytest.raises(OwnAccount):
        link_sign_on(security, actor=world.actor(Role.SECURITY_ADMINISTRATOR, "district"), **asked)
    with pytest.raises(AlreadyLinked):
        link_sign_on(security, actor=SYSTEM, **asked | {"identifier": CALLED})
    assert snapshot.unchanged()


def test_the_command_links_too(world: World, clerk: Account, settings: Any) -> None:
    other = world.account(Role.REVIEWER, "urban_management A")
    assert CliRunner().invoke(staff, ["link", other.login, "gov-3", "市里提供"]).exit_code == 0
    assert "another account" in CliRunner().invoke(staff, ["link", other.login, CALLED, "市里提供"]).output
    settings.OIDC_ISSUER = ""
    assert "LINLI_OIDC_ISSUER" in CliRunner().invoke(staff, ["link", other.login, "gov-4", "市里提供"]).output

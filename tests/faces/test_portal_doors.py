"""Every view has a mark; signing in, signing out, and being signed out."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from linli.ground.people.doors import PARTY, PROGRAM, PUBLIC, SIGNED_IN, STAFF, door_of, signed_in
from linli.ground.people.models import Account
from linli.kernel.access import Role
from tests.faces.portal_visitor import Visitor
from tests.world import Snapshot, World

pytestmark = pytest.mark.once

PASSWORD = "梧桐树下的老井-1953"
OPEN_TO_ALL = (
    "home rates rates_of rates_sheet "
    "api_docs api_document api_unknown api_look_up_case api_published_cases api_published_case api_territory "
    "api_territory_changes api_territory_outlines api_check_receipt api_rates "
    "file_case file_emergency file_known file_where file_contact file_review filed filed_receipt look_up_case "
    "recover_code recover_code_check recovered public_cases public_cases_sheet public_case my_matters checkpoints "
    "register register_check register_details forgot_password forgot_password_check forgot_password_new privacy "
    "checkpoints_file rows_file key_file check_receipt sign_in sign_out matter_file matter_file_small "
    "territory_outlines preferences territory sign_in_code single_sign_on single_sign_on_back "
    "open311_discovery open311_services open311_service open311_unknown open_data_csv open_data_geojson demands_feed"
)


def views(patterns: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from views(each.url_patterns)
        elif isinstance(each, URLPattern):
            yield each.name or str(each.pattern), each.callback


@pytest.fixture
def account(world: World) -> Account:
    account = world.resident_account
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(visitor: Visitor, login: str, password: str = PASSWORD, **more: str) -> Any:
    return visitor.post(reverse("sign_in"), {"login": login, "password": password, **more})


def test_no_view_without_a_mark() -> None:
    marks = {name: door_of(view) for name, view in views(get_resolver().url_patterns)}
    assert {name for name, mark in marks.items() if mark not in {PUBLIC, PARTY, SIGNED_IN, STAFF, PROGRAM}} == set()


def test_the_table_of_public_views() -> None:
    marks = {name: door_of(view) for name, view in views(get_resolver().url_patterns)}
    assert {name for name, mark in marks.items() if mark == PUBLIC} == set(OPEN_TO_ALL.split())
    assert {name for name, mark in marks.items() if mark == PARTY} == {"my_case", "my_case_step"}


@pytest.mark.parametrize("name", ["inbox", "notices"])
def test_the_desk_is_for_staff(world: World, name: str) -> None:
    visitor = Visitor(world)
    assert visitor.get(reverse(name)).url == f"{reverse('sign_in')}?next=%2Fdesk%2F" + (
        "notices%2F" if name == "notices" else ""
    )
    visitor.sign_in(world.resident_account)
    assert visitor.get(reverse(name)).status_code == 403


def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(world: World) -> None:
    @signed_in
    def view(_request: Any) -> Any:
        raise AssertionError

    request: Any = RequestFactory().get("/somewhere/?a=1")
    request.actor = Visitor(world).get(reverse("home")).wsgi_request.actor
    assert view(request)["Location"] == f"{reverse('sign_in')}?next=%2Fsomewhere%2F%3Fa%3D1"


def test_residents_land_at_their_matters_and_staff_at_their_desk(world: World, account: Account) -> None:
    visitor = Visitor(world)
    visitor.get(reverse("sign_in"))
    assert sign_in(visitor, "resident").url == reverse("my_matters")
    assert visitor.session[SESSION_KEY] == str(account.pk)
    assert visitor.get(reverse("sign_in")).url == reverse("my_matters")
    clerk = world.account(Role.CLERK, "urban_management A")
    clerk.set_password(PASSWORD)
    clerk.save()
    assert sign_in(Visitor(world), clerk.login).url == reverse("inbox")


def test_the_session_key_changes_when_signing_in(world: World, account: Account) -> None:
    visitor = Visitor(world)
    visitor.post(reverse("file_case"), {"text": "写到一半的事，稍后接着写。"})
    before = visitor.session.session_key
    sign_in(visitor, "resident")
    assert visitor.session.session_key != before
    assert "写到一半的事" in visitor.read("file_case"), "a draft goes on"


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/cases/", "/cases/"),
        ("https://evil.example/", "/mine/"),
        ("//evil.example/", "/mine/"),
        ("javascript:1", "/mine/"),
    ],
)
def test_next_leads_nowhere_else(world: World, account: Account, wanted: str, leads: str) -> None:
    assert sign_in(Visitor(world), "resident", next=wanted).url == leads


def test_a_wrong_password_and_an_unknown_name_get_one_answer(world: World, account: Account) -> None:
    wrong = sign_in(Visitor(world), "resident", "wrong-password-1")
    unknown = sign_in(Visitor(world), "nobody-here", "wrong-password-1")
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "登录名或密码不对" in answer.content.decode()
        assert "wrong-password-1" not in answer.content.decode()


def test_five_failures_lock_and_say_until_when(world: World, account: Account) -> None:
    visitor = Visitor(world)
    for _ in range(5):
        answer = sign_in(visitor, "resident", "wrong-password-1")
    assert "2026-03-03 10:30 后可以再试" in answer.content.decode()
    assert sign_in(visitor, "resident").status_code == 422
    visitor.clock(minutes=31)
    assert sign_in(visitor, "resident").status_code == 302


def test_an_unknown_name_is_locked_in_the_same_words(world: World, account: Account) -> None:
    def answers(login: str) -> list[str]:
        tried = [sign_in(Visitor(world), login, "wrong-password-1") for _ in range(6)]
        return [re.sub(r'(value|content)="[^"]*"', "", each.content.decode()) for each in tried]

    assert answers("resident") == answers("nobody-here")


def test_thirty_failures_from_one_address_close_the_door(world: World, account: Account) -> None:
    visitor = Visitor(world)
    for number in range(30):
        sign_in(visitor, f"nobody-{number}", "")
        sign_in(visitor, f"nobody-{number}", "wrong-password-1")
    snapshot = Snapshot()
    assert sign_in(visitor, "resident").status_code == 429
    assert snapshot.unchanged()


def test_the_idle_are_signed_out_and_told_once(world: World) -> None:
    visitor = Visitor(world)
    visitor.sign_in(world.resident_account)
    case = world.case_of()
    visitor.read("my_case", number=case.matter.number)
    visitor.clock(minutes=31)
    assert visitor.get(reverse("my_case", kwargs={"number": case.matter.number})).status_code == 302
    assert "30 分钟没有操作" in visitor.read("sign_in")
    assert "30 分钟没有操作" not in visitor.read("sign_in")


def test_signing_out_forgets_everything(world: World) -> None:
    visitor = Visitor(world)
    kept = visitor.file()
    visitor.sign_in(world.resident_account)
    assert visitor.get(reverse("sign_out")).status_code == 405
    assert visitor.post(reverse("sign_out")).url == reverse("home")
    assert "这台设备上不再留有您的信息" in visitor.read("home")
    assert not visitor.kept("filed")
    assert visitor.get(reverse("my_case", kwargs={"number": kept["number"]})).status_code == 302


def test_forms_need_their_token(world: World) -> None:
    visitor = Visitor(world, enforce_csrf_checks=True)
    assert visitor.post(reverse("file_case"), {"text": "没有令牌的表单"}).status_code == 403


@pytest.mark.parametrize("name", ["inbox", "public_cases", "territory", "look_up_case", "rates", "board"])
def test_a_nul_in_an_address_leads_nowhere(world: World, name: str) -> None:
    visitor = Visitor(world)
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    for query in ("place=%00", "q=%00", "number=%00", "quarter=%00", "as_of=%00", "after=%00"):
        assert visitor.get(f"{reverse(name)}?{query}").status_code == 404
    assert visitor.get("/a%00b/").status_code == 404

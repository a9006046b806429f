"""The pages of the three administrators: what each sees and does, and what the log keeps of it."""

import inspect
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from linli.faces.desk.administration.words import EVENTS, GROUPS, ROLES
from linli.ground import people
from linli.ground.people.actions.readmit_account import readmit_account
from linli.ground.people.actions.register_resident import register_resident
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.actions.suspend_account import suspend_account
from linli.ground.people.actions.unmask_person import unmask_person
from linli.ground.people.models import Account
from linli.ground.people.rules.administration import AUDITED, audited_events
from linli.ground.people.signing_in import sign_in_with_password
from linli.ground.record.models import Record
from linli.ground.record.verifying import ERASURE
from linli.kernel.access import STAFF_ROLES, SYSTEM, Role
from tests.faces.portal_visitor import Visitor
from tests.world import NOW, Snapshot, World

PASSWORD = "梧桐树下的老井-1953"
SYS, SEC, AUD = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR


def visitor_of(world: World, role: Role) -> Visitor:
    visitor = Visitor(world)
    visitor.sign_in(world.account(role, "district"))
    return visitor


@pytest.fixture
def clerk(world: World) -> Account:
    account = world.account(Role.CLERK, "urban_management A", "程知远")
    set_password(account, PASSWORD, actor=SYSTEM, now=NOW)
    return account


def test_the_system_administrator_sees_offices_and_who_is_in_them(world: World, clerk: Account) -> None:
    system = visitor_of(world, SYS)
    page, after = system.read("administered_offices"), ""
    while "?after=" in page:
        after = page.split("?after=")[1].split('"')[0]
        more = system.read("administered_offices", f"?after={after}")
        assert more.count("data-row")
        page = page.replace("?after=", "") + more
    assert "程知远 · 经办人" in page
    assert all(office.name in page for office in world.office.values())


def test_accounts_are_listed_and_a_residents_is_found_masked(world: World, clerk: Account) -> None:
    register_resident(phone="13900005678", name="李阿姨", password=PASSWORD, notice="2026-03", now=NOW)
    security = visitor_of(world, SEC)
    page = security.read("administered_accounts")
    assert "程知远" in page
    assert "李" not in page
    found = security.get(reverse("administered_accounts") + "?q=139 0000 5678")
    resident = security.get(found["Location"]).content.decode()
    assert "139****5678" in resident
    assert "13900005678" not in resident
    assert "李阿姨" not in resident
    assert "没有这个登录名" in security.read("administered_accounts", "?q=nobody")


def test_a_suspended_account_opens_for_nobody_until_it_is_readmitted(world: World, clerk: Account) -> None:
    at_work, security = Visitor(world), visitor_of(world, SEC)
    at_work.sign_in(clerk)
    assert at_work.get(reverse("inbox")).status_code == 200
    parts = {"account": clerk.pk}
    assert security.post(reverse("suspend_account", kwargs=parts), {"why": ""}).status_code == 422
    assert security.post(reverse("suspend_account", kwargs=parts), {"why": "已经调离"}).status_code == 302
    assert at_work.get(reverse("inbox")).status_code == 302
    assert sign_in_with_password(clerk.login, PASSWORD, NOW).account is None
    assert "已停用" in security.read("administered_account", **parts)
    assert security.post(reverse("readmit_account", kwargs=parts), {"why": "回岗"}).status_code == 302
    assert sign_in_with_password(clerk.login, PASSWORD, NOW).account == clerk
    row = Record.objects.get(event="suspend_account")
    assert row.entry.texts == {"why": "已经调离"}
    assert row.office == str(world.office["district"].pk)


def test_a_lock_after_failures_is_lifted_on_the_page(world: World, clerk: Account) -> None:
    for _ in range(5):
        sign_in_with_password(clerk.login, "wrong", NOW)
    security = visitor_of(world, SEC)
    assert "连续输错" in security.read("administered_account", account=clerk.pk)
    security.post(reverse("readmit_account", kwargs={"account": clerk.pk}), {"why": "本人来办"})
    assert sign_in_with_password(clerk.login, PASSWORD, NOW).account == clerk


def test_nobody_suspends_themselves(world: World) -> None:
    security, own = visitor_of(world, SEC), world.account(SEC, "district")
    snapshot = Snapshot()
    answer = security.post(reverse("suspend_account", kwargs={"account": own.pk}), {"why": "试试"})
    assert answer.status_code == 422
    assert "另一位安全管理员" in answer.content.decode()
    assert snapshot.unchanged()


@pytest.mark.parametrize("action", [suspend_account, readmit_account])
@pytest.mark.parametrize("role", [SYS, AUD, Role.CLERK])
def test_only_the_security_administrator_acts_on_accounts(
    world: World, clerk: Account, action: Any, role: Role
) -> None:
    actor = world.actor(role, "district", name="别的人")
    snapshot = Snapshot()
    with pytest.raises(PermissionDenied):
        action(clerk, why="试试", actor=actor, now=NOW)
    assert snapshot.unchanged()


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]


def test_the_log_tells_who_saw_and_did_what(world: World, clerk: Account) -> None:
    unmask_person(
        world.resident_account.person,
        fields=("phone",),
        why="回访要用",
        actor=world.clerk_of(name="程知远"),
        now=NOW,
    )
    world.case_of(state="accepted")
    audit = visitor_of(world, AUD)
    page = audit.read("administration_log")
    assert "查看完整个人信息" in page
    assert "回访要用" in page
    assert "accept_case" not in page, "acts on demands stand with the demands"
    assert "程知远 · 甲街道城市管理部" in audit.read("administration_log", "?group=appointments")
    assert "青溪区城市管理局" in audit.read("administration_log", "?event=establish_organization")
    assert "回访要用" not in audit.read("administration_log", "?group=appointments")
    assert "回访要用" in audit.read("administration_log", f"?login={clerk.login}&group=disclosures")
    assert "回访要用" not in audit.read("administration_log", "?login=resident&group=disclosures")
    assert "没有符合条件的记录" in audit.read("administration_log", "?login=nobody-at-all")


def test_the_log_is_narrowed_by_the_days_of_the_district(world: World, clerk: Account) -> None:
    late = NOW.replace(hour=16) + timedelta(minutes=1)  # already the fourth in the district
    unmask_person(
        world.resident_account.person, fields=("phone",), why="夜里", actor=world.clerk_of(name="程知远"), now=late
    )
    audit = visitor_of(world, AUD)
    assert "夜里" in audit.read("administration_log", "?since=2026-03-04&until=2026-03-04")
    assert "夜里" not in audit.read("administration_log", "?until=2026-03-03")
    assert "夜里" not in audit.read("administration_log", "?since=2026-03-05")


def test_the_log_pages_by_key(world: World, clerk: Account) -> None:
    for _ in range(45):
        set_password(clerk, PASSWORD, actor=SYSTEM, now=NOW)
    audit = visitor_of(world, AUD)
    page = audit.read("administration_log", "?event=set_password")
    assert page.count("data-row") == 40
    before = page.split("before=")[1].split('"')[0]
    rest = audit.read("administration_log", f"?event=set_password&before={before}")
    assert rest.count("data-row") == Record.objects.filter(event="set_password").count() - 40


def test_an_export_of_the_log_stands_in_the_log(world: World, clerk: Account) -> None:
    audit = visitor_of(world, AUD)
    rows = rows_of(audit.get(reverse("export_log") + "?event=set_password"))
    assert [row[1] for row in rows] == ["发生了什么", "更换密码"]
    assert Record.objects.get(event="export_log").codes["rows"] == 1
    assert "导出日志" in audit.read("administration_log", "?group=disclosures")


def test_every_event_beside_the_matters_is_audited_and_has_words() -> None:
    """What stands on no timeline stands in the log, or here with the reason why it does not."""
    written = set()
    for path in Path(inspect.getfile(people)).parents[2].rglob("*.py"):
        written |= set(re.findall(r'\bkeep\(\s*"(\w+)"', path.read_text("utf-8")))
    of_matters = {"release_import"}  # the worker's part of an import that was confirmed
    of_persons = {"know_person", "change_profile"}  # at the counter, on the way to a matter; and one's own name
    assert (written | {ERASURE}) - of_matters - of_persons == set(audited_events())
    assert set(EVENTS) == set(audited_events())
    assert set(GROUPS) == set(AUDITED)
    assert set(ROLES) == {str(role) for role in STAFF_ROLES}

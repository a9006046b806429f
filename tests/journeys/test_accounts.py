"""A second factor on a phone, and the administrators' pages at the desk, in a real browser and before axe."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.conf import settings
from playwright.sync_api import Page

from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.set_password import set_password
from linli.ground.reforms.actions.upload_reform import upload_reform
from linli.ground.reforms.desk import preview_row
from linli.ground.reforms.models import Phase, ReformFile
from linli.kernel.access import SYSTEM, Role
from tests.world import World

pytestmark = pytest.mark.journey

PASSWORD = "梧桐树下的老井-1953"
Visit = Callable[..., Page]
LookAt = Callable[[Page, str], list[str]]


def code(secret: bytes, world: World) -> str:
    return HOTP(secret, 6, SHA1()).generate(int(world.now.timestamp()) // 30).decode()  # noqa: S303 -- the standard's


def plans(world: World) -> list[int]:
    """A merger of two streets, previewed on its day, and a plan with faults."""
    day = world.now + timedelta(days=1)
    merge = {"kind": "merge", "from": ["990104001000", "990104002000"], "to": [{"code": "990104002000"}]}
    merger = {"day": day.date().isoformat(), "document": "青政发〔2026〕1号", "units": [merge]}
    uploader, keys = world.actor(Role.SYSTEM_ADMINISTRATOR, "district"), []
    for name, plan in {"街道合并.json": merger, "有问题.json": {"day": "明天", "units": [{"kind": "join"}]}}.items():
        row = upload_reform(name, json.dumps(plan).encode(), actor=uploader, now=world.now)
        preview_row(row.pk, day)
        keys.append(row.pk)
    phases = ReformFile.objects.order_by("pk").values_list("phase", flat=True)
    assert list(phases) == [Phase.PREVIEWED, Phase.FAULTY]
    return keys


def type_in(page: Page, login: str) -> None:
    page.goto("/sign-in/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def test_a_second_factor_on_a_phone(served: Any, visit: Visit, look_at: LookAt) -> None:
    world: World = served.world
    open_account(login="wang", name="王阿姨", password=PASSWORD, actor=SYSTEM, now=world.now)
    page, wrong = visit(elder=True), []

    def look(name: str) -> None:
        wrong.extend(look_at(page, f"account-{name}"))

    type_in(page, "wang")
    page.wait_for_url("**/mine/")
    page.goto("/mine/second-factor/")
    look("second-factor")
    secret = base64.b32decode(str(page.text_content(".secret-text")).replace(" ", ""))
    page.fill("input[name=code]", code(secret, world))
    page.fill("input[name=present]", PASSWORD)
    page.click("text=完成设置")
    page.wait_for_selector(".recovery-codes")
    look("recovery-codes")
    page.click("text=保存好了")
    look("second-factor-standing")
    page.goto("/mine/sessions/")
    look("sessions")
    settings.LINLI_CLOCK.set(world.later(minutes=2))
    other = visit(scripts=False, elder=True)
    type_in(other, "wang")
    other.wait_for_url("**/sign-in/code/")
    other.fill("input[name=code]", code(secret, world))
    other.keyboard.press("Enter")
    other.wait_for_url("**/mine/")
    assert wrong == []


def test_the_administrators_pages(served: Any, visit: Visit, look_at: LookAt) -> None:
    world: World = served.world
    clerk = world.account(Role.CLERK, "urban_management A", "程知远")
    merger, faulty = plans(world)
    wrong = []
    for role, names in {
        Role.SYSTEM_ADMINISTRATOR: ("offices/", "accounts/", "reforms/", f"reforms/{merger}/", f"reforms/{faulty}/"),
        Role.SECURITY_ADMINISTRATOR: (
            "accounts/",
            f"accounts/{clerk.pk}/",
            "retention/",
            "assessments/",
            "assessments/households/",
        ),
        Role.AUDIT_ADMINISTRATOR: ("log/",),
    }.items():
        account = world.account(role, "district")
        set_password(account, PASSWORD, actor=SYSTEM, now=world.now)
        for phone in (False, True):
            page = visit(phone=phone)
            type_in(page, account.login)
            page.wait_for_url("**/desk/")
            for name in names:
                page.goto(f"/desk/administration/{name}")
                wrong += look_at(page, f"{role}-{name.strip('/').replace('/', '-')}{'-phone' * phone}")
    assert wrong == []

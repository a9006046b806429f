"""A clerk's day in a real browser: cases by keyboard alone, and every desk page before axe."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from linli.ground.matters.clocks import local_day
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Account
from linli.kernel.access import SYSTEM, Actor, Role
from linli.services.cases.models import Case
from linli.site.running import settle
from tests.world import World

pytestmark = pytest.mark.journey

PASSWORD = "梧桐树下的老井-1953"
Visit = Callable[..., Page]
LookAt = Callable[[Page, str], list[str]]


def sign_in(page: Page, world: World, actor: Actor) -> None:
    account = Account.objects.select_related("person").get(pk=actor.account)
    set_password(account, PASSWORD, actor=SYSTEM, now=world.now)
    page.goto("/sign-in/")
    page.fill("input[name=login]", account.login)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")


class Keyboard:
    """Presses keys and counts them; typed texts are counted apart."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def follow(self, key: str, address: str) -> None:
        with self.page.expect_navigation(url=address):
            self.press(key)


def handle_batch(keyboard: Keyboard, batch: int, state: str, key: str, step: str, text: str) -> None:
    """Take one step on every case in a state: open the first, step, write, send, and on to the next with J."""
    page = keyboard.page
    page.goto(f"/desk/?state={state}&size=60")
    keyboard.press("j")
    keyboard.follow("Enter", "**/desk/cases/*/")
    for number in range(batch):
        if text:
            keyboard.follow(key, f"**/{step}/")
            page.keyboard.type(text)
            keyboard.follow("Control+Enter", "**/desk/cases/*/")
        else:
            keyboard.follow(key, "**/desk/cases/*/")
        if number < batch - 1:
            keyboard.follow("j", "**/desk/cases/*/")
    keyboard.follow("u", f"**/desk/?state={state}&size=60")


@pytest.mark.parametrize("batch", [4, pytest.param(20, marks=pytest.mark.bar)])
def test_mixed_cases_by_keyboard_alone(batch: int, visit: Visit, served: Any) -> None:
    world: World = served.world
    states = ("dispatched", "accepted", "handled")
    for state in states:
        for number in range(batch):
            world.case_of(state=state, title=f"{state} {number}")
    page = visit(phone=False)
    sign_in(page, world, world.clerk_of())
    keyboard, began = Keyboard(page), time.monotonic()
    # The last state first, so that each case is handled once.
    handle_batch(keyboard, batch, "handled", "w", "draft_reply", "您好,路灯已修好。")
    handle_batch(keyboard, batch, "accepted", "h", "handle_case", "已更换灯头。")
    handle_batch(keyboard, batch, "dispatched", "a", "accept_case", "")
    seconds = time.monotonic() - began
    cases = len(states) * batch
    print(f"\n{cases} cases: {keyboard.pressed / cases:.1f} keystrokes and {seconds / cases:.2f} s per case")
    counts = {state: Case.objects.filter(matter__state=state).count() for state in ("accepted", "handled", "drafted")}
    assert counts == {"accepted": batch, "handled": batch, "drafted": batch}
    lists = 3 * len(states)  # a list is entered and left once
    assert keyboard.pressed <= 3 * cases + lists


def test_long_lists_are_searched_and_pages_ticked_whole(visit: Visit, served: Any) -> None:
    world: World = served.world
    for number in range(3):
        world.case_of(title=f"路灯 {number}")
    page = visit(phone=False)
    sign_in(page, world, world.dispatcher_of())
    page.check("[data-tick-all] input")
    assert page.locator("[data-row] input:checked").count() == 3
    assert page.inner_text("[data-ticked]") == "已勾选 3 件"
    page.uncheck("[data-row] input >> nth=0")
    assert page.inner_text("[data-ticked]") == "已勾选 2 件"
    page.goto("/desk/file/")
    page.get_by_label("输入社区名称查找").fill("B2")
    assert page.input_value("#id_place") == str(world.community["B2"].pk)
    page.get_by_label("输入社区名称查找").fill("甲街道")
    assert page.input_value("#id_place") == str(world.street["A"].pk)
    page.fill("#id_title", "路灯")
    page.fill("#id_text", "路灯不亮。")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/file/slip/")
    page.reload()
    assert Case.objects.filter(matter__title="路灯").count() == 1


PAGES = {
    "inbox": "/desk/",
    "inbox-all": "/desk/?reach=all",
    "search": "/desk/?q=路灯",
    "more-filters": "/desk/?reach=all&order=received",
    "counter": "/desk/file/",
    "difficulties": "/desk/difficulties/",
    "not-found": "/desk/cases/1/",
    "imports": "/desk/imports/",
    "notices": "/desk/notices/",
}


@pytest.mark.parametrize("phone", [True, False])
def test_desk_pages_before_axe(phone: bool, visit: Visit, served: Any, look_at: LookAt) -> None:
    world: World = served.world
    received, drafted = world.case_of(), world.case_of(state="drafted")
    replied = world.case_of(state="replied")
    settle()
    page = visit(phone=phone)
    window = "phone" if phone else "desk"
    sign_in(page, world, world.dispatcher_of())
    number = received.matter.number
    pages = PAGES | {"case": f"/desk/cases/{number}/", "step": f"/desk/cases/{number}/file_case/"}
    wrong = open_each(page, pages, window, look_at)
    page.context.clear_cookies(name="sessionid")
    sign_in(page, world, world.clerk_of())
    pages = {
        "case-drafted": f"/desk/cases/{drafted.matter.number}/",
        "handle": f"/desk/cases/{world.case_of(state='accepted').matter.number}/handle_case/",
        "publish": f"/desk/cases/{replied.matter.number}/publish_case/",
    }
    assert not wrong + open_each(page, pages, window, look_at)


@pytest.mark.parametrize("phone", [True, False])
def test_desk_pages_of_a_day_before_axe(phone: bool, visit: Visit, served: Any, look_at: LookAt) -> None:
    world: World = served.world
    number, day = world.case_of(state="drafted").matter.number, local_day(world.now)
    settings.LINLI_CLOCK.set(world.later(days=1))
    settle()
    page = visit(phone=phone)
    window = "phone" if phone else "desk"
    sign_in(page, world, world.dispatcher_of())
    page.goto(f"/desk/cases/{number}/")
    page.get_by_text("看以前某一天的情况").click()
    page.get_by_label("截至哪一天").fill(day.isoformat())
    page.get_by_role("button", name="查看", exact=True).last.click()
    page.wait_for_url(f"**/desk/cases/{number}/?as_of={day}")
    page.get_by_text("换一天看").click()
    wrong = look_at(page, f"desk-day-case-{window}")
    page.get_by_role("link", name="回收件箱").click()
    page.wait_for_url("**/desk/?*as_of=*")
    wrong += look_at(page, f"desk-day-inbox-{window}")
    page.context.clear_cookies(name="sessionid")
    sign_in(page, world, world.actor(Role.SYSTEM_ADMINISTRATOR, "district"))
    pages = {"offices": "/desk/administration/offices/", "day-offices": f"/desk/administration/offices/?as_of={day}"}
    assert not wrong + open_each(page, pages, window, look_at)


def open_each(page: Page, pages: dict[str, str], window: str, look_at: LookAt) -> list[str]:
    wrong: list[str] = []
    for name, address in pages.items():
        answer = page.goto(address)
        assert answer is not None
        if answer.status != (404 if name == "not-found" else 200):
            wrong.append(f"{address} answered {answer.status}")
        wrong += look_at(page, f"desk-{name}-{window}")
    return wrong

"""The board in a real browser: pictures, bubbles, the way from a number to its demands, and all of it before axe."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from linli.ground.people.actions.set_password import set_password
from linli.ground.territory.models import Unit
from linli.kernel.access import SYSTEM, Role
from linli.site.running import settle
from tests.insight.crowd import Crowd
from tests.world import World

pytestmark = pytest.mark.journey

PASSWORD = "梧桐树下的老井-1953"
Visit = Callable[..., Page]
LookAt = Callable[[Page, str], list[str]]


@pytest.fixture(scope="module")
def browser(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    """One that draws maps without a graphics card."""
    launched = chromium("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
    yield launched
    launched.close()


def lived(world: World) -> None:
    for place, (west, south) in {"A1": (118.1, 32.05), "A2": (118.1, 32.15), "B1": (118.3, 32.05)}.items():
        Unit.objects.filter(pk=world.community[place].pk).update(longitude=west, latitude=south)
        world.case_of(street=place[0], place=world.community[place], state="closed" if place == "A1" else "received")
    crowd = Crowd(world)
    settle()
    crowd.find()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_from_a_number_to_its_demands(served: Any, visit: Visit, look_at: LookAt, *, phone: bool) -> None:
    world: World = served.world
    lived(world)
    account = world.account(Role.OBSERVER, "district")
    set_password(account, PASSWORD, actor=SYSTEM, now=world.now)
    page = visit(phone=phone)
    page.goto("/sign-in/?next=/board/")
    page.fill("input[name=login]", account.login)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/board/")
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(4)
    expect(page.locator("[data-bubbles] .bubble").first).to_be_visible()
    numbers = [int(each) for each in page.locator(".bubble").all_text_contents()]
    assert sum(numbers) == 17
    page.locator("summary", has_text="看表格").first.click()
    page.locator("summary", has_text="热度怎么算").click()
    wrong = look_at(page, f"board{'-phone' * phone}")
    page.locator(".board-numbers a").first.click()
    page.wait_for_url(re.compile("/board/rows/received/"))
    expect(page.locator("[data-row]")).to_have_count(17)
    wrong += look_at(page, f"board-rows{'-phone' * phone}")
    page.click("text=回到看板")
    page.get_by_role("link", name="桂花新城 搅拌站").click()
    page.wait_for_url(re.compile("/board/hot-topics/"))
    expect(page.locator("[data-row]")).to_have_count(5)
    page.locator("summary", has_text="热度怎么算").click()
    wrong += look_at(page, f"board-hot-topic{'-phone' * phone}")
    page.click("text=回到看板")
    page.get_by_role("link", name="甲街道", exact=True).click()
    expect(page.locator("h1")).to_have_text("甲街道看板")
    page.click("text=一周简报")
    expect(page.locator("h1")).to_have_text("甲街道一周简报")
    wrong += look_at(page, f"briefing{'-phone' * phone}")
    assert wrong == []

"""A resident's way through the portal in a real browser: with and without scripts, on a phone and at a desk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.ground.matters.models import Matter
from linli.ground.record.log import checkpoint, seal
from tests.world import World

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]
Violations = Callable[[Page], list[str]]
Shoot = Callable[[Page, str], None]

TEXT = "小区门口路灯坏了三天，晚上看不见路，老人不敢出门。请尽快修好。"


def file_one(page: Page, *, look: Callable[[Page, str], None] = lambda page, name: None, text: str = TEXT) -> str:
    """File a demand by what a person sees; returns the number and leaves the receipt open."""
    page.goto("/")
    look(page, "home")
    page.get_by_role("main").get_by_role("link", name=re.compile("我要反映")).first.click()
    look(page, "what")
    page.get_by_label("您要反映什么事").fill(text)
    page.get_by_role("button", name="下一步").click()
    look(page, "where")
    page.get_by_label("街道").select_option(label="甲街道")
    page.get_by_label("详细地址").fill("青年路 12 号门前")
    page.get_by_role("button", name="下一步").click()
    look(page, "contact")
    page.get_by_label("怎么称呼您").fill("李阿姨")
    page.get_by_label("联系电话").fill("13800005678")
    page.get_by_text("可以公开，供邻居参考").click()
    page.get_by_role("button", name="下一步").click()
    look(page, "review")
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("heading", name="已收到您反映的事")).to_be_visible()
    look(page, "filed")
    return Matter.objects.latest("id").number


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_filing_and_looking_up(
    visit: Visit, violations: Violations, shoot: Shoot, served: Any, *, phone: bool, elder: bool
) -> None:
    page = visit(phone=phone, elder=elder)
    wrong: list[str] = []

    def look(open_page: Page, name: str) -> None:
        shoot(open_page, f"{name}-{'phone' if phone else 'desk'}-{'elder' if elder else 'standard'}")
        wrong.extend(violations(open_page))
        assert open_page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"

    number = file_one(page, look=look)
    code = page.locator(".big-code strong").nth(1).inner_text()
    other = visit(phone=phone, elder=elder)
    other.goto("/lookup/")
    look(other, "lookup")
    other.get_by_label("受理编号").fill(number)
    other.get_by_label("查询码").fill(code)
    other.get_by_role("button", name="查询").click()
    expect(other.get_by_role("heading", name="现在到哪一步了")).to_be_visible()
    look(other, "status")
    assert wrong == []

"""A resident's way through the portal in a real browser: with and without scripts, on a phone and at a desk."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, expect

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.ground.matters.search import index_records
from linli.ground.notices import tasks
from linli.ground.notices.telling import tell_recipients
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Person
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.faces.portal_visitor import Messages
from tests.world import World

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]
LookAt = Callable[[Page, str], list[str]]

TEXT = "小区门口路灯坏了三天，晚上看不见路，老人不敢出门。请尽快修好。"
PASSWORD = "梧桐树下的老井-1953"


class Looker:
    """Looks at each page in both sizes of print: takes a picture, asks axe, and sees whether it is too wide."""

    def __init__(self, window: str, look_at: LookAt) -> None:
        self.window, self.look_at = window, look_at
        self.wrong: list[str] = []

    def __call__(self, page: Page, name: str) -> None:
        page.wait_for_load_state("load")
        self.wrong += self.look_at(page, f"{name}-{self.window}")


@pytest.fixture(params=["phone", "desk"])
def looker(request: pytest.FixtureRequest, look_at: LookAt) -> Looker:
    return Looker(request.param, look_at)


@pytest.fixture
def window(looker: Looker, visit: Visit) -> Callable[[], Page]:
    """On the phone the steps are taken in large print, at the desk in small."""
    return lambda: visit(phone=looker.window == "phone", elder=looker.window == "phone")


def nothing(_page: Page, _name: str) -> None:
    """Not looked at."""


def file_one(page: Page, look: Callable[[Page, str], None] = nothing) -> str:
    """File a demand by what a person sees; leaves the receipt open and returns its number."""
    page.goto("/")
    look(page, "home")
    page.get_by_role("main").get_by_role("link", name=re.compile("我要反映")).click()
    look(page, "what")
    page.get_by_role("button", name="下一步").click()
    look(page, "what-wrong")
    page.get_by_label("您要反映什么事").fill(TEXT)
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


def test_filing_and_looking_up(looker: Looker, window: Callable[[], Page], served: Any) -> None:
    page = window()
    number = file_one(page, looker)
    code = page.locator(".big-code strong").nth(1).inner_text()
    other = window()
    other.goto("/lookup/")
    looker(other, "lookup")
    other.get_by_label("受理编号").fill(number)
    other.get_by_label("查询码").fill("AAAAA AAAAA")
    other.get_by_role("button", name="查询", exact=True).click()
    expect(other.get_by_text("编号和查询码对不上")).to_be_visible()
    looker(other, "lookup-wrong")
    other.get_by_label("查询码").fill(code)
    other.get_by_role("button", name="查询", exact=True).click()
    expect(other.get_by_role("heading", name="现在到哪一步了")).to_be_visible()
    looker(other, "status")
    other.get_by_role("link", name="催一催").click()
    looker(other, "urge")
    other.get_by_label("想说的话").fill("老人晚上不敢出门")
    other.get_by_role("button", name="催一催").click()
    expect(other.get_by_text("已替您催办")).to_be_visible()
    looker(other, "urged")
    assert looker.wrong == []


def test_the_other_pages(looker: Looker, window: Callable[[], Page], served: Any) -> None:
    world: World = served.world
    case = world.case_of(state="closed")
    clerk = world.clerk_of()
    texts = {"title": "路灯不亮", "text": "某居民反映小区门口路灯不亮。", "reply": "您好，路灯已修好。"}
    CASES.actions["publish_case"](case.pk, actor=clerk, now=world.now, **texts)
    CASES.actions["rate_case"](case.pk, actor=world.resident, now=world.now, rating=5, comment="谢谢")
    replied = world.case_of(state="replied", title="楼道堆物")
    seal()
    checkpoint(world.now, at_once=True)
    tell_recipients(list(Record.objects.select_related("entry").order_by("id")))
    index_records(list(Record.objects.select_related("entry").order_by("id")))
    account = world.resident_account
    account.set_password(PASSWORD)
    account.save()
    page = window()
    for name, path in {
        "home-full": "/",
        "public": "/cases/",
        "public-none": "/cases/?q=不存在的词",
        "public-case": f"/cases/{case.matter.number}/",
        "recover": "/lookup/recover/",
        "mine-visitor": "/mine/",
        "checkpoints": "/record/",
        "check-receipt": "/record/check/",
        "privacy": "/privacy/",
        "territory": "/territory/",
        "forgot": "/sign-in/forgot/",
        "sign-in": "/sign-in/",
    }.items():
        page.goto(path)
        looker(page, name)
    page.get_by_label("登录名").fill("resident")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的事项")).to_be_visible()
    looker(page, "mine")
    for name in ("notices", "profile", "password", "consents", "phone", "data"):
        page.goto(f"/mine/{name}/")
        looker(page, name)
    page.goto(f"/mine/{replied.matter.number}/")
    looker(page, "status-replied")
    page.get_by_role("link", name="没解决，要求重办").click()
    looker(page, "reopen")
    page.goto(f"/mine/{case.matter.number}/")
    looker(page, "status-closed")
    page.goto("/file/")
    page.get_by_label("您要反映什么事").fill("三楼厨房着火了，快来人！")
    page.get_by_role("button", name="下一步").click()
    looker(page, "emergency")
    assert looker.wrong == []


def test_pages_of_a_day(looker: Looker, window: Callable[[], Page], served: Any) -> None:
    world: World = served.world
    case = world.case_of(state="closed")
    texts = {"title": "路灯不亮", "text": "某居民反映小区门口路灯不亮。", "reply": "您好，路灯已修好。"}
    CASES.actions["publish_case"](case.pk, actor=world.clerk_of(), now=world.now, **texts)
    day = local_day(world.now)
    settings.LINLI_CLOCK.set(world.later(days=1))
    settle()
    set_password(world.resident_account, PASSWORD, actor=SYSTEM, now=world.now)
    page = window()
    page.goto("/cases/")
    page.get_by_label("截至哪一天").fill(day.isoformat())
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text(f"截至 {day} 24 时的情况")).to_be_visible()
    looker(page, "day-public")
    page.get_by_role("link", name="路灯不亮").click()
    page.get_by_text("换一天看").click()
    looker(page, "day-public-case")
    page.goto(f"/cases/{case.matter.number}/?as_of={day - timedelta(days=1)}")
    expect(page.get_by_text("这一天它还没有公开")).to_be_visible()
    looker(page, "day-public-none")
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill("resident")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的事项")).to_be_visible()
    page.get_by_text("看以前某一天的情况").click()
    page.get_by_label("截至哪一天").fill(day.isoformat())
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text(f"截至 {day} 24 时的情况")).to_be_visible()
    looker(page, "day-mine")
    page.get_by_role("link", name="路灯不亮").click()
    expect(page.get_by_text("只供查看，不能办理。")).to_be_visible()
    looker(page, "day-my-case")
    assert looker.wrong == []


def test_registering_and_a_supplement_with_photos(
    looker: Looker, window: Callable[[], Page], served: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    messages = Messages()
    monkeypatch.setattr(tasks, "send_sms", messages.send)
    page = window()
    page.goto("/sign-in/")
    page.get_by_role("link", name="注册账号").click()
    looker(page, "register")
    page.get_by_role("button", name="获取短信验证码").click()
    expect(page.get_by_role("alert")).to_contain_text("请输入手机号")
    looker(page, "register-wrong")
    page.get_by_label("手机号").fill("139 0000 5678")
    page.get_by_label("我同意《个人信息说明》").check()
    page.get_by_role("button", name="获取短信验证码").click()
    looker(page, "register-check")
    page.get_by_label("短信验证码").fill(messages.digits)
    page.get_by_role("button", name="下一步").click()
    looker(page, "register-details")
    page.get_by_label("怎么称呼您").fill("李阿姨")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="注册", exact=True).click()
    expect(page.get_by_text("注册好了，已经登录")).to_be_visible()
    world: World = served.world
    case = world.case_of(state="accepted", filer=Person.objects.get(phone_verified=True))
    CASES.actions["ask_supplement"](case.pk, actor=world.clerk_of(), now=world.now, question="请补一张照片")
    page.goto(f"/mine/{case.matter.number}/supply_supplement/")
    photo = {"name": "灯.png", "mimeType": "image/png", "buffer": _png()}
    page.get_by_label("照片或文件").set_input_files([photo])  # type: ignore[list-item]
    page.get_by_role("button", name="补充材料").click()
    expect(page.get_by_role("button", name="去掉 灯.png")).to_be_visible()
    looker(page, "supplement-wrong")
    page.get_by_label("补充的内容").fill("杆号 A-17")
    page.get_by_role("button", name="补充材料").click()
    expect(page.get_by_role("img", name="灯.png")).to_be_visible()
    assert looker.wrong == []


def test_a_clash_of_point_and_choice_is_asked(looker: Looker, window: Callable[[], Page], served: Any) -> None:
    page = window()
    page.goto("/file/")
    page.get_by_label("您要反映什么事").fill(TEXT)
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/file/where/")
    page.wait_for_load_state("load")
    page.get_by_label("街道").select_option(label="乙街道")
    page.get_by_label("社区").select_option(label="B2社区")
    page.evaluate("document.getElementById('id_longitude').value = 118.1")
    page.evaluate("document.getElementById('id_latitude').value = 32.05")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("图上的点在A1社区，选的却是B2社区")
    looker(page, "where-clash")
    page.get_by_text("选的B2社区").click()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("联系电话")).to_be_visible()
    assert looker.wrong == []


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_filing_without_scripts(visit: Visit, served: Any, *, phone: bool) -> None:
    page = visit(phone=phone, scripts=False)
    page.goto("/file/")
    page.get_by_label("您要反映什么事").fill(TEXT)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("街道").select_option(label="乙街道")
    page.get_by_role("button", name="列出这个街道的社区").click()
    page.get_by_label("社区").select_option(label="B2社区")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_label("联系电话")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("社区")).to_have_value("990104002002")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("联系电话").fill("不是号码")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("不像一个电话号码")
    page.get_by_label("联系电话").fill("")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("heading", name="已收到您反映的事")).to_be_visible()
    assert Matter.objects.get().place.name == "B2社区"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_enter_in_the_address_goes_on(visit: Visit, served: Any, *, scripts: bool) -> None:
    page = visit(scripts=scripts)
    page.goto("/file/")
    page.get_by_label("您要反映什么事").fill(TEXT)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("详细地址").fill("A2社区活动室门口")
    page.get_by_label("详细地址").press("Enter")
    expect(page.get_by_role("heading", name="怎么联系您？")).to_be_visible()


def test_filing_by_keyboard_alone(visit: Visit, served: Any) -> None:
    page = visit(phone=False)
    page.goto("/file/")

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()") == name:
                return
        raise AssertionError(f"{name} is not reached by Tab")

    tab_to("text")
    page.keyboard.type(TEXT)
    tab_to("下一步")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="在哪里？")).to_be_visible()
    tab_to("place_text")
    page.keyboard.type("A2社区活动室门口")
    tab_to("下一步")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="怎么联系您？")).to_be_visible()
    tab_to("下一步")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="请核对，再提交")).to_be_visible()
    tab_to("确认提交")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="已收到您反映的事")).to_be_visible()
    assert Matter.objects.get().place.name == "A2社区"


def test_communities_follow_the_street_and_photos_are_kept(visit: Visit, served: Any) -> None:
    page = visit()
    page.goto("/file/")
    page.get_by_label("您要反映什么事").fill(TEXT)
    photo = {"name": "灯.png", "mimeType": "image/png", "buffer": _png()}
    page.get_by_label("照片").set_input_files([photo])  # type: ignore[list-item]
    page.get_by_role("button", name="下一步").click()
    page.wait_for_load_state("load")
    page.get_by_label("街道").select_option(label="甲街道")
    page.get_by_label("社区").select_option(label="A1社区")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("照片 1 张")).to_be_visible()
    page.get_by_role("button", name="确认提交").click()
    page.get_by_role("link", name="看办理进度").click()
    image = page.get_by_role("img", name="灯.png")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_large_print_stays_from_page_to_page(visit: Visit, served: Any) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("button", name="长辈版").click()
    page.get_by_role("link", name="我要查询").first.click()
    expect(page.locator("html")).to_have_class("elder")
    page.get_by_role("button", name="标准版").click()
    expect(page.locator("html")).not_to_have_class("elder")


def _png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (60, 40), "orange").save(content, "PNG")
    return content.getvalue()

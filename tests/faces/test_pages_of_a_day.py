"""Pages as of a day: what stood then, nothing of later, nothing to do, and only for whom the page is open today."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.ground.files.models import StoredFile
from linli.ground.files.storing import store_upload
from linli.ground.matters.clocks import local_day
from linli.ground.notices.models import Notice
from linli.ground.record.writing import Audience
from linli.kernel.access import Actor, Role
from linli.services.cases.feature import CASES
from linli.services.cases.wording import STATES
from tests.cast import KINDS, Cast
from tests.faces.asking_days import holds, lacks, read, told
from tests.faces.portal_visitor import Visitor, picture
from tests.world import World

MASKED = {"title": "路灯不亮", "text": "某居民反映路灯不亮。", "reply": "路灯已修好。"}
LATER = ("后来写的话", "您好,路灯已修好。", "已到现场更换灯泡。")
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"')
STEP = re.compile(r"/(?:mine|cases)/[0-9]{16}/[a-z]")
AROUND = {"/preferences/", "/sign-out/"}  # forms of the frame, on every page


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world)


def photo(name: str) -> StoredFile:
    return store_upload(name, picture(name), audience=Audience.PARTY, now=settings.LINLI_CLOCK.now())


class Days:
    """A demand that lives for some days, and what was there at the end of each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.first = photo("来时.jpg")
        opened = world.receive(actor=world.resident, filer=world.resident_account.person, files=(self.first,))
        self.pk, self.number = opened.matter.pk, opened.matter.number
        self.received = local_day(world.now)
        world.later(days=1)
        self.do("file_case", world.dispatcher_of(), topic=world.topic)
        self.do("dispatch_case", world.dispatcher_of(), unit=world.office["urban_management A"])
        self.dispatched = local_day(world.now)
        world.later(days=1)
        self.do("accept_case", world.clerk_of())
        self.do("add_note", world.clerk_of(), note="只给同事看的话")
        self.second = photo("修好.jpg")
        self.do("handle_case", world.clerk_of(), work="已到现场更换灯泡。", files=(self.second,))
        self.handled = local_day(world.now)
        world.later(days=1)
        self.do("draft_reply", world.clerk_of(), reply="您好,路灯已修好。")
        self.do("review_reply", world.reviewer_of())
        self.do("sign_reply", world.signer_of())
        self.replied = local_day(world.now)
        world.later(days=1)
        self.do("confirm_solved", world.resident)
        self.do("verify_case", world.dispatcher_of())
        self.do("close_case", world.dispatcher_of())
        self.do("rate_case", world.resident, rating=5, comment="后来写的话")
        world.later(days=1)
        told(world)

    def do(self, name: str, actor: Actor, **inputs: Any) -> None:
        """One act, now."""
        CASES.actions[name](self.pk, actor=actor, now=self.world.now, **inputs)


@pytest.fixture
def days(world: World) -> Days:
    return Days(world)


def state_shown(page: str) -> str:
    found = re.search(r'class="state state-[a-z]+">.*?<span>([^<]+)</span>', page)
    return found[1] if found else ""


def does_nothing(page: str) -> bool:
    """Whether the page has no form that sends anything, beside those of its frame, and no way to a step."""
    return set(FORM.findall(page)) <= AROUND and not STEP.search(page)


def test_the_desk_page_of_each_day(visitor: Visitor, world: World, days: Days) -> None:
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))

    def page(day: date) -> str:
        shown = read(visitor, "desk_case", day, number=days.number)
        assert does_nothing(shown)
        assert f"截至 {day} 24 时的情况" in shown
        return shown

    received = page(days.received)
    assert state_shown(received) == STATES["received"]
    assert holds(
        received, "<dd>2026-03-10</dd>", "尚未立案", "小区门口路灯坏了三天", days.first.pk, "甲街道市民服务中心"
    )
    assert lacks(received, *LATER, days.second.pk, "只给同事看的话", "路灯</dd>", "甲街道城市管理部", "138")
    dispatched = page(days.dispatched)
    assert state_shown(dispatched) == STATES["dispatched"]
    assert holds(
        dispatched, "<dd>甲街道城市管理部</dd>", "<dd>甲街道市民服务中心</dd>", "<dd>路灯</dd>", "<dd>2026-03-10</dd>"
    )
    assert lacks(dispatched, *LATER, days.second.pk)
    handled = page(days.handled)
    assert state_shown(handled) == STATES["handled"]
    assert holds(handled, "已到现场更换灯泡。", "只给同事看的话", days.second.pk)
    assert lacks(handled, "后来写的话", "您好,路灯已修好。")
    replied = page(days.replied)
    assert state_shown(replied) == STATES["replied"]
    assert lacks(replied, "后来写的话", "已结案")
    before = read(visitor, "desk_case", days.received - timedelta(days=1), 404, number=days.number)
    assert "这一天还没有这件诉求" in before
    assert does_nothing(before)
    assert lacks(before, "路灯不亮", "小区门口")


def test_the_filers_page_of_each_day(visitor: Visitor, world: World, days: Days) -> None:
    visitor.sign_in(world.resident_account)

    def page(day: date) -> str:
        shown = read(visitor, "my_case", day, number=days.number)
        assert does_nothing(shown)
        return shown

    received = page(days.received)
    assert state_shown(received) == STATES["received"]
    assert holds(received, "还没有分类", days.first.pk, "甲街道市民服务中心")
    assert lacks(received, *LATER, days.second.pk)
    handled = page(days.handled)
    assert holds(handled, "已到现场更换灯泡。", days.second.pk, "甲街道城市管理部")
    assert lacks(handled, "您好,路灯已修好。", "只给同事看的话", "后来写的话")
    assert holds(page(days.replied), "您好,路灯已修好。", '<h2 id="reply">')
    before = read(visitor, "my_case", days.received - timedelta(days=1), 404, number=days.number)
    assert "这一天还没有这件事" in before
    assert lacks(before, "路灯不亮")


def test_the_filers_list_of_each_day(visitor: Visitor, world: World, days: Days) -> None:
    visitor.sign_in(world.resident_account)
    for day, state in ((days.received, "received"), (days.handled, "handled"), (days.replied, "replied")):
        page = read(visitor, "my_matters", day)
        assert state_shown(page) == STATES[state]
        assert f"/mine/{days.number}/?as_of={day}" in page
        assert lacks(page, reverse("my_matters_sheet"))
    page = read(visitor, "my_matters", days.received - timedelta(days=1))
    assert "这一天您还没有反映过什么" in page
    assert days.number not in page
    assert days.number in visitor.read("my_matters")
    visitor.logout()
    assert days.number not in read(visitor, "my_matters", days.handled)


def test_the_public_pages_of_each_day(visitor: Visitor, world: World, days: Days) -> None:
    published = local_day(world.now)
    days.do("publish_case", world.clerk_of(), **MASKED)
    world.later(days=1)
    days.do("reopen_case", world.resident, reason="又坏了。")
    world.later(days=1)
    told(world)
    page = read(visitor, "public_case", published, number=days.number)
    assert state_shown(page) == STATES["closed"]
    assert holds(page, *MASKED.values(), "甲街道城市管理部", "已公开")
    assert lacks(page, "上一次", "重办", "又坏了", "后来写的话", "小区门口", days.first.pk)
    rows = read(visitor, "public_cases", published)
    assert state_shown(rows) == STATES["closed"]
    assert holds(rows, MASKED["title"], f"/cases/{days.number}/?as_of={published}")
    assert lacks(rows, reverse("public_cases_sheet"))
    for query in ("q=路灯", "q=路灯&state=closed", "place=990104001000"):
        assert days.number in visitor.read("public_cases", f"?as_of={published}&{query}"), query
    for query in ("q=井盖", "state=accepted", "q=路灯&state=accepted", "place=990104002000"):
        assert days.number not in visitor.read("public_cases", f"?as_of={published}&{query}"), query
    earlier = published - timedelta(days=1)
    assert "这一天它还没有公开" in read(visitor, "public_case", earlier, 404, number=days.number)
    for query in ("", "&q=路灯"):
        assert days.number not in visitor.read("public_cases", f"?as_of={earlier}{query}")


def test_what_was_corrected_or_taken_back_is_not_told_of_an_earlier_day(
    visitor: Visitor, world: World, days: Days
) -> None:
    published = local_day(world.now)
    days.do("publish_case", world.clerk_of(), **(MASKED | {"text": "写错了的话。"}))
    world.later(days=1)
    days.do("publish_case", world.clerk_of(), **MASKED)
    corrected = local_day(world.now)
    world.later(days=1)
    told(world)
    assert lacks(read(visitor, "public_case", published, 404, number=days.number), "写错了的话。", *MASKED.values())
    assert days.number not in read(visitor, "public_cases", published)
    assert lacks(read(visitor, "public_case", corrected, number=days.number), "写错了的话。")
    days.do("unpublish_case", world.clerk_of(), reason="住址。")
    world.later(days=1)
    told(world)
    for day in (published, corrected):
        answer = visitor.get(reverse("public_case", kwargs={"number": days.number}), {"as_of": str(day)})
        assert answer.status_code == 404
        assert "还没有公开" not in answer.content.decode(), "as if it did not exist"
        assert days.number not in read(visitor, "public_cases", day)


def test_a_day_is_open_to_those_alone_to_whom_the_page_is_open_today(world: World) -> None:
    cast = Cast(world)
    days = Days(world)
    days.do("publish_case", world.clerk_of(), **MASKED)
    published = local_day(world.now)
    withheld = world.case_of(state="accepted")
    world.later(days=1)
    told(world)
    withheld.matter.withheld = True
    withheld.matter.save(update_fields=["withheld"])
    for kind in KINDS:
        client = Visitor(world)
        if kind in cast.accounts:
            client.sign_in(cast.accounts[kind])
        for name, parts, day in (
            ("desk_case", {"number": days.number}, days.handled),
            ("my_case", {"number": days.number}, days.handled),
            ("public_case", {"number": days.number}, published),
            ("desk_case", {"number": withheld.matter.number}, published),
            ("my_case", {"number": withheld.matter.number}, published),
            ("public_case", {"number": withheld.matter.number}, published),
            ("inbox", {}, days.handled),
            ("administered_offices", {}, days.handled),
            ("my_matters", {}, days.handled),
            ("public_cases", {}, days.handled),
        ):
            address = reverse(name, kwargs=parts)
            now, then = client.get(address), client.get(address, {"as_of": str(day)})
            assert then.status_code == now.status_code, (kind, name)
            assert then.get("Location", "").partition("?")[0] == now.get("Location", "").partition("?")[0]
            assert withheld.matter.number not in then.content.decode() or then.status_code >= 300


def test_a_key_opens_the_day_too(visitor: Visitor, world: World, days: Days) -> None:
    opened = world.receive(actor=world.resident)
    day = local_day(world.now)
    world.later(days=1)
    told(world)
    visitor.post(reverse("look_up_case"), {"number": opened.matter.number, "code": opened.code})
    assert state_shown(read(visitor, "my_case", day, number=opened.matter.number)) == STATES["received"]
    assert visitor.get(reverse("my_case", kwargs={"number": days.number}), {"as_of": str(day)}).status_code == 302


def test_looking_back_changes_nothing(visitor: Visitor, world: World, days: Days) -> None:
    for account, name in (
        (world.account(Role.DISPATCHER, "citizen_service_center A"), "desk_case"),
        (world.resident_account, "my_case"),
    ):
        visitor.sign_in(account)
        unread = Notice.objects.filter(person=account.person, read_at=None).count()
        assert unread
        read(visitor, name, days.handled, number=days.number)
        assert Notice.objects.filter(person=account.person, read_at=None).count() == unread
        assert visitor.post(reverse(name, kwargs={"number": days.number}) + f"?as_of={days.handled}").status_code < 500
    assert visitor.get(reverse("my_case", kwargs={"number": days.number})).status_code == 200


@pytest.mark.parametrize("asked", ["x", "2026-13-01", "2026-02-30", "\x00", "2026-03-03T00:00"])
def test_what_is_no_day_is_not_found(visitor: Visitor, world: World, days: Days, asked: str) -> None:
    visitor.sign_in(world.account(Role.SYSTEM_ADMINISTRATOR, "district"))
    for name in ("administered_offices", "my_matters", "public_cases", "inbox"):
        assert visitor.get(reverse(name), {"as_of": asked}).status_code == 404, name
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    for name in ("desk_case", "my_case", "public_case"):
        assert visitor.get(reverse(name, kwargs={"number": days.number}), {"as_of": asked}).status_code == 404, name


def test_today_and_days_to_come_are_the_page_as_it_is(visitor: Visitor, world: World, days: Days) -> None:
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    today = local_day(world.now)
    for name, parts in (
        ("desk_case", {"number": days.number}),
        ("inbox", {}),
        ("public_cases", {}),
        ("my_matters", {}),
    ):
        for day in (today, today + timedelta(days=300)):
            page = read(visitor, name, day, **parts)
            assert "24 时的情况" not in page
            assert "截至哪一天" in page or name == "my_matters"


def test_going_back_to_the_list_keeps_the_day(visitor: Visitor, world: World, days: Days) -> None:
    visitor.sign_in(world.account(Role.DISPATCHER, "citizen_service_center A"))
    visitor.get(reverse("inbox"), {"as_of": str(days.handled), "reach": "all", "state": "handled"})
    address = reverse("desk_case", kwargs={"number": days.number})
    assert (
        f"state=handled&amp;reach=all&amp;as_of={days.handled}"
        in visitor.get(f"{address}?as_of={days.handled}").content.decode()
    )
    now = visitor.get(address).content.decode()
    assert "state=handled" in now
    assert "as_of=" not in now


def test_a_page_of_a_day_costs_the_same_for_many_as_for_few(visitor: Visitor, world: World) -> None:
    counted = []
    for _ in range(2):
        for state in ("received", "accepted", "closed", "closed"):
            case = world.case_of(state=state)
            if state == "closed":
                CASES.actions["publish_case"](case.pk, actor=world.clerk_of(), now=world.now, **MASKED)
        day = local_day(world.now)
        world.later(days=1)
        told(world)
        numbers = []
        for account, name, parts in (
            (world.resident_account, "my_matters", {}),
            (world.resident_account, "my_case", {"number": case.matter.number}),
            (world.account(Role.DISPATCHER, "citizen_service_center A"), "inbox", {}),
            (world.account(Role.DISPATCHER, "citizen_service_center A"), "desk_case", {"number": case.matter.number}),
            (world.account(Role.SYSTEM_ADMINISTRATOR, "district"), "administered_offices", {}),
            (None, "public_cases", {}),
            (None, "public_case", {"number": case.matter.number}),
        ):
            visitor.logout()
            if account is not None:
                visitor.sign_in(account)
            read(visitor, name, day, **parts)
            with CaptureQueriesContext(connection) as queries:
                read(visitor, name, day, **parts)
            numbers.append((name, len(queries)))
        counted.append(numbers)
    assert counted[0] == counted[1]
    assert max(number for _, number in counted[0]) <= 20

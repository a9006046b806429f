"""The inbox: what a search finds, where each office begins, how the list is narrowed, going on from case to case."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from linli.ground.matters.inbox import InboxFilters, inbox
from linli.ground.matters.models import SavedFilter
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.site.running import settle
from tests.world import World


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    return client


def titles(client: Client, query: str) -> list[str]:
    page = client.get(f"/desk/?{query}").content.decode()
    return re.findall(r"data-open>([^<]+)</a>", page)


def current(page: str) -> list[str]:
    return re.findall(r'aria-current="page">([^<]+)<', page)


def test_ones_own_number_opens_the_case_at_once(world: World, desk: Client) -> None:
    case, other = world.case_of(), world.case_of(street="B")
    number = case.matter.number
    for typed in (number, f" {number[:8]} {number[8:]} "):
        assert desk.get("/desk/", {"q": typed})["Location"] == f"/desk/cases/{number}/"
    assert desk.get("/desk/", {"q": other.matter.number}).status_code == 200


def test_an_outside_number_is_found(world: World, desk: Client) -> None:
    world.case_of(title="热线转来", channel="hotline_12345", outside_number="NJ-2026-7")
    world.case_of(title="另一件")
    assert titles(desk, "q=NJ-2026-7") == ["热线转来"]


def test_a_telephone_finds_the_callers_demands_only_where_the_filer_may_be_seen(world: World, client: Client) -> None:
    world.case_of(title="可见", state="accepted")
    world.case_of(title="不愿露面", state="accepted", identity_shown=False)
    for role, office, found in (
        (Role.DISPATCHER, "citizen_service_center A", {"可见", "不愿露面"}),
        (Role.CLERK, "urban_management A", {"可见"}),
        (Role.CLERK, "urban_management B", set()),
        (Role.AUDITOR, "district", set()),
    ):
        client.force_login(world.account(role, office))
        assert set(titles(client, "q=13800001234")) == found, role


def test_a_search_looks_everywhere_and_the_tabs_narrow_it(world: World, desk: Client) -> None:
    for state in ("received", "accepted", "closed"):
        world.case_of(title=f"路灯 {state}", state=state)
    settle()
    assert set(titles(desk, "q=路灯")) == {"路灯 received", "路灯 accepted", "路灯 closed"}
    assert titles(desk, "q=路灯&reach=desk") == ["路灯 received"]
    assert titles(desk, "q=路灯&reach=closed") == ["路灯 closed"]
    page = desk.get("/desk/?q=路灯").content.decode()
    assert "包括已办结的" in page
    assert "全部（含已办结）" in current(page)


def test_who_decides_begins_with_what_waits_for_them(world: World, client: Client) -> None:
    world.case_of(title="待签收", state="dispatched")
    world.case_of(title="待审核", state="drafted")
    world.case_of(title="待签发", state="reviewed")
    asked = world.case_of(title="请求延期", state="accepted")
    CASES.actions["request_extension"](asked.pk, actor=world.clerk_of(), now=world.now, days=3, reason="等配件。")
    for actor, found in (
        (world.account(Role.REVIEWER, "urban_management A"), ["待审核"]),
        (world.account(Role.SIGNER, "urban_management A"), ["待签发"]),
        (world.account(Role.SUPERVISOR, "street A"), ["请求延期"]),
        (world.account(Role.SUPERVISOR, "street B"), []),
    ):
        client.force_login(actor)
        assert titles(client, "") == found
        assert "轮到我" in current(client.get("/desk/").content.decode())
    client.force_login(world.account(Role.SUPERVISOR, "street A"))
    assert len(titles(client, "reach=all")) == 4


def test_a_waived_draft_waits_for_the_signer_and_nobodys_own_draft_for_review(world: World) -> None:
    case = world.case_of(state="drafted")
    Case.objects.filter(pk=case.pk).update(waives_second_person=True)
    rows = inbox(world.signer_of(), world.now, filters=InboxFilters()).rows
    assert [row["id"] for row in rows] == [case.pk]
    Case.objects.filter(pk=case.pk).update(drafted_by=world.reviewer_of().person)
    assert not inbox(world.reviewer_of(), world.now, filters=InboxFilters()).rows


def test_the_list_is_narrowed_by_topic_place_channel_and_day(world: World, desk: Client) -> None:
    world.case_of(title="甲一", state="filed")
    world.case_of(title="甲二", place=world.community["A2"], channel="phone")
    world.now = datetime(2026, 3, 5, 2, tzinfo=UTC)
    world.case_of(title="后来")
    assert titles(desk, f"topic={world.topic.pk}") == ["甲一"]
    assert titles(desk, f"place={world.community['A2'].code}") == ["甲二"]
    assert set(titles(desk, f"place={world.street['A'].code}")) == {"甲一", "甲二", "后来"}
    assert titles(desk, "channel=phone") == ["甲二"]
    assert titles(desk, "since=2026-03-05") == ["后来"]
    assert set(titles(desk, "until=2026-03-04")) == {"甲一", "甲二"}
    assert titles(desk, "order=received")[0] == "后来"


@pytest.mark.parametrize(
    "query", ["topic=²", "topic=" + "9" * 30, "since=0001-01-01", "until=9999-12-31", "place=x", "order=x&after=x"]
)
def test_the_filters_bear_whatever_is_sent(world: World, desk: Client, query: str) -> None:
    assert desk.get(f"/desk/?{query}").status_code == 200


@pytest.mark.parametrize("order", ["", "received"])
def test_every_page_marks_its_tabs_and_leads_back_to_the_first(world: World, desk: Client, order: str) -> None:
    for number in range(21):
        world.case_of(title=f"第{number}件")
    address = f"/desk/?who=pool&order={order}"
    first = desk.get(address).content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = desk.get(onward[1].replace("&amp;", "&")).content.decode()
    assert "待认领" in current(second)
    assert "回到第一页" in second
    seen = re.findall(r"data-open>([^<]+)</a>", first) + re.findall(r"data-open>([^<]+)</a>", second)
    assert len(set(seen)) == len(seen) == 21
    assert len(titles(desk, "size=60")) == 21


def test_what_concerns_the_handler_can_be_switched_off(world: World, desk: Client) -> None:
    page = desk.get("/desk/?who=mine&light=red").content.decode()
    nav = page[page.index('aria-label="经办"') :]
    assert 'href="/desk/?light=red">全部' in nav[: nav.index("</nav>")]


def test_a_kept_filter_can_be_dropped_by_its_owner_alone(world: World, client: Client) -> None:
    client.force_login(world.account(Role.DISPATCHER, "citizen_service_center A"))
    client.post("/desk/filters/", {"name": "急件", "query": "light=red"})
    kept = SavedFilter.objects.get()
    other = Client()
    other.force_login(world.account(Role.DISPATCHER, "citizen_service_center B"))
    for given in (str(kept.pk), "²", ""):
        other.post("/desk/filters/drop/", {"filter": given})
    assert SavedFilter.objects.exists()
    client.post("/desk/filters/drop/", {"filter": kept.pk})
    assert not SavedFilter.objects.exists()


def test_only_what_the_office_may_do_is_offered(world: World, client: Client) -> None:
    world.case_of(title="看得到")
    client.force_login(world.account(Role.OBSERVER, "street A"))
    page = client.get("/desk/").content.decode()
    assert "看得到" in page
    assert "bulk-step" not in page
    assert "/desk/export/" not in page
    client.force_login(world.account(Role.REVIEWER, "urban_management A"))
    world.case_of(state="drafted")
    page = client.get("/desk/").content.decode()
    assert re.findall(r'<option value="(\w+_\w+)">', page[page.index("bulk-step") :]) == ["review_reply"]


def test_j_follows_the_order_of_a_search_too(world: World, desk: Client) -> None:
    for number in range(3):
        world.case_of(title=f"路灯 {number}")
    settle()
    page = desk.get("/desk/?q=路灯").content.decode()
    listed = re.findall(r'href="/desk/cases/(\d+)/" data-open', page)
    for here, onward in zip(listed, [*listed[1:], listed[0]], strict=True):
        assert f'href="/desk/cases/{onward}/" data-key="j"' in desk.get(f"/desk/cases/{here}/").content.decode()


def test_alone_in_its_list_a_case_has_no_next_one(world: World, desk: Client) -> None:
    case = world.case_of()
    desk.get("/desk/?state=received")
    assert 'data-key="j"' not in desk.get(f"/desk/cases/{case.matter.number}/").content.decode()

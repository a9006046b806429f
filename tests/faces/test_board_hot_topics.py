"""Hot topics on the board: what is shown of which place, what each opens, and who does not see one."""

import html
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.insight.indicators.board import Asked
from linli.insight.indicators.figures import recount_again
from linli.insight.indicators.hottest import demands_of, hot_topic_asked, hottest
from linli.insight.indicators.models import HotTopic
from linli.insight.indicators.rules.hot_topics import Change
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from tests.faces.portal_visitor import Visitor
from tests.faces.program import Program
from tests.insight.crowd import NAME, TELEPHONE, Crowd
from tests.world import World


@pytest.fixture
def crowd(world: World) -> Crowd:
    """The plant is told of three times in street A and twice in B, the parking in A alone."""
    found = Crowd(world)
    found.find()
    return found


def asked(world: World, **other: Any) -> Asked:
    today = local_day(world.now)
    return Asked(**({"since": today, "until": today, "today": today, "place": world.district} | other))


def page(world: World, role: Role, office: str, name: str = "board", query: str = "", **parts: Any) -> Any:
    visitor = Visitor(world)
    visitor.sign_in(world.account(role, office))
    return visitor.get(reverse(name, kwargs=parts) + query)


def plant(crowd: Crowd) -> HotTopic:
    return HotTopic.objects.get(demands__matter=crowd.plant[0])


def parking(crowd: Crowd) -> HotTopic:
    return HotTopic.objects.get(demands__matter=crowd.parking[0])


def test_the_sizes_of_the_streets_add_up_to_that_of_the_district(crowd: Crowd) -> None:
    world, observer = crowd.world, crowd.world.actor(Role.OBSERVER, "district")

    def sizes(**other: Any) -> dict[int, int]:
        return {shown.topic.pk: shown.here for shown in hottest(observer, asked(world, **other), 10)}

    one, two = plant(crowd).pk, parking(crowd).pk
    assert sizes() == {one: 5, two: 4}
    assert sizes(place=world.street["A"]) == {one: 3, two: 4}
    assert sizes(place=world.street["B"]) == {one: 2}
    assert sizes(place=world.community["A1"]) == {one: 3}
    assert sizes(place=world.community["B2"]) == {}
    assert sizes(topic=world.topic) == {}
    CASES.actions["file_case"](crowd.plant[0], actor=world.dispatcher_of(), now=world.now, topic=world.topic)
    recount_again(crowd.plant)
    assert sizes(topic=world.topic) == {one: 1}
    assert len(hottest(observer, asked(world), 1)) == 1


def test_each_topic_opens_as_many_demands(crowd: Crowd) -> None:
    observer = crowd.world.actor(Role.OBSERVER, "district")
    for place in (crowd.world.district, crowd.world.street["A"], crowd.world.community["B1"]):
        question = asked(crowd.world, place=place)
        for shown in hottest(observer, question, 10):
            rows = demands_of(observer, shown.topic, question).rows
            assert len(rows) == shown.here
            assert {row["id"] for row in rows} <= {*crowd.plant, *crowd.parking}


def test_demands_page_by_key(crowd: Crowd) -> None:
    observer, question = crowd.world.actor(Role.OBSERVER, "district"), asked(crowd.world)
    seen, after = [], ""
    while True:
        rows = demands_of(observer, plant(crowd), question, after=after, size=2)
        seen += [row["id"] for row in rows.rows]
        after = rows.after
        if not after:
            break
    assert seen == sorted(crowd.plant, reverse=True)


def test_a_street_opens_its_own_alone(crowd: Crowd) -> None:
    supervisor = crowd.world.supervisor_of("B")
    rows = demands_of(supervisor, plant(crowd), asked(crowd.world)).rows  # even if the district were asked
    assert {row["id"] for row in rows} == set(crowd.plant[3:])
    answer = page(crowd.world, Role.SUPERVISOR, "street B", "board_hot_topic", topic=plant(crowd).pk)
    assert re.findall(r"data-open>([^<]+)<", answer.content.decode()) != []
    assert page(crowd.world, Role.SUPERVISOR, "street B", "board_hot_topic", topic=parking(crowd).pk).status_code == 404
    query = f"?place={crowd.world.district.code}"
    answer = page(crowd.world, Role.SUPERVISOR, "street B", "board_hot_topic", query, topic=plant(crowd).pk)
    assert answer.status_code == 404


def test_whoever_keeps_out_of_a_demand_does_not_see_its_topic(crowd: Crowd) -> None:
    office = crowd.world.office["street A"]
    Matter.objects.filter(pk=crowd.plant[4]).update(recused_path=office.path)
    topic, question = plant(crowd).pk, asked(crowd.world, place=crowd.world.street["A"])
    complained_of = crowd.world.supervisor_of("A")
    assert topic not in {shown.topic.pk for shown in hottest(complained_of, question, 10)}
    assert hot_topic_asked(complained_of, question, topic) is None
    assert "搅拌站" not in page(crowd.world, Role.SUPERVISOR, "street A").content.decode()
    other = crowd.world.actor(Role.OBSERVER, "district")
    assert topic in {shown.topic.pk for shown in hottest(other, question, 10)}


def test_what_was_erased_after_the_night_is_not_counted(crowd: Crowd) -> None:
    Matter.objects.filter(pk=crowd.plant[0]).update(erased_at=crowd.now)
    observer, question = crowd.world.actor(Role.OBSERVER, "district"), asked(crowd.world)
    shown = hot_topic_asked(observer, question, plant(crowd).pk)
    assert shown is not None
    assert shown.here == 4
    assert crowd.plant[0] not in {row["id"] for row in demands_of(observer, shown.topic, question).rows}


def test_the_page_and_what_it_opens(crowd: Crowd) -> None:
    text = page(crowd.world, Role.OBSERVER, "district", query="?since=2020-01-01&until=2020-01-31").content.decode()
    assert "2026-02-01 — 2026-03-02" in text  # whatever days the board shows
    assert "桂花新城" in text
    assert "滨河苑" in text
    assert "log₂(1 + 附议人数)" in text
    assert NAME not in text
    assert TELEPHONE not in text
    opened = {html.unescape(each) for each in re.findall(r'href="(/board/hot-topics[^"]+)"', text)}
    assert len(opened) == 3
    visitor = Visitor(crowd.world)
    visitor.sign_in(crowd.world.account(Role.OBSERVER, "district"))
    assert {visitor.get(each).status_code for each in opened} == {200}
    one = page(crowd.world, Role.OBSERVER, "district", "board_hot_topic", topic=plant(crowd).pk).content.decode()
    assert f"= {plant(crowd).heat:.1f}" in one
    assert one.count("data-open>") == 5


def test_under_a_place_the_page_says_what_is_district_wide(crowd: Crowd) -> None:
    whole = page(crowd.world, Role.OBSERVER, "district").content.decode()
    words = "排名、人数和热度都是全区的"
    assert words not in whole
    street = page(crowd.world, Role.SUPERVISOR, "street B").content.decode()
    assert words in street
    assert "全区 5" in street
    assert "滨河苑" not in street
    none = page(crowd.world, Role.SUPERVISOR, "street B", query=f"?place={crowd.world.community['B2'].code}")
    assert "这里没有热点" in none.content.decode()


def test_the_page_says_why_there_is_nothing(world: World) -> None:
    assert "还没有找过热点" in page(world, Role.OBSERVER, "district").content.decode()
    assert page(world, Role.OBSERVER, "district", "board_hot_topics_sheet").status_code == 404
    crowd = Crowd(world)
    crowd.find(nights=200)
    assert "没有找到热点" in page(world, Role.OBSERVER, "district").content.decode()


def test_how_the_heat_stands_to_the_night_before(crowd: Crowd) -> None:
    observer = crowd.world.actor(Role.OBSERVER, "district")
    assert {shown.change for shown in hottest(observer, asked(crowd.world), 10)} == {None}
    for place in ("A1", "A2", "B1"):
        crowd.tell("桂花新城搅拌站粉尘太大", "桂花新城搅拌站粉尘噪音。", place=place, days_ago=-1)
    crowd.find(nights=2)
    changes = {shown.topic.place: shown.change for shown in hottest(observer, asked(crowd.world), 10)}
    assert changes["桂花新城"] is Change.HOTTER
    crowd.world.now += timedelta(days=2)
    text = page(crowd.world, Role.OBSERVER, "district").content.decode()
    assert re.search(r"升温 \+\d+\.\d", text)
    assert "比的是 2026-03-03 凌晨那一遍" in text


def test_the_sheet(crowd: Crowd) -> None:
    answer = page(crowd.world, Role.SUPERVISOR, "street A", "board_hot_topics_sheet")
    head, *rows = load_workbook(BytesIO(answer.content)).active.values
    assert len(head) == len(set(head))
    found = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    assert len(found) == 2
    (name,) = (each for each in found if "桂花新城" in each)
    assert (found[name]["这里的件数"], found[name]["全区件数"], found[name]["人数"]) == (3, 5, 5)
    assert "hot-topics-990104001000-2026-02-01-2026-03-02.xlsx" in answer["Content-Disposition"]


def test_programs_read_the_same(crowd: Crowd) -> None:
    program = Program(crowd.world, crowd.world.account(Role.SUPERVISOR, "street A"))
    status, told = program.get("/figures/hot-topics")
    assert status == 200
    assert (told["night"], told["since"], told["until"], told["read"]) == ("2026-03-03", "2026-02-01", "2026-03-02", 14)
    one = next(row for row in told["rows"] if row["id"] == plant(crowd).pk)
    assert (one["here"], one["size"], one["voices"], one["change"]) == (3, 5, 5, None)
    assert one["heat"] == pytest.approx(plant(crowd).heat)
    status, rows = program.get(f"/figures/hot-topics/{one['id']}/rows")
    assert (status, len(rows["rows"])) == (200, 3)
    other = Program(crowd.world, crowd.world.account(Role.SUPERVISOR, "street B"))
    assert other.get(f"/figures/hot-topics/{parking(crowd).pk}/rows")[0] == 404
    assert other.get("/figures/hot-topics", place=crowd.world.street["A"].code)[0] == 404
    assert program.get("/figures/hot-topics/999999999999999999999/rows")[0] == 404


def test_programs_are_told_that_there_was_no_night(world: World) -> None:
    status, told = Program(world, world.account(Role.OBSERVER, "district")).get("/figures/hot-topics")
    assert (status, told["night"], told["rows"]) == (200, None, [])


def test_the_briefing(crowd: Crowd) -> None:
    text = page(crowd.world, Role.OBSERVER, "district", "briefing").content.decode()
    assert "桂花新城" in text
    assert "不只是这一周的" in text
    before = page(crowd.world, Role.OBSERVER, "district", "briefing", "?week=2026-W08").content.decode()
    assert "桂花新城" not in before
    assert "热点只保留最近一夜的" in before
    paper = page(crowd.world, Role.OBSERVER, "district", "briefing_paper")
    assert paper.content.startswith(b"%PDF-")


def test_as_many_queries_however_many_topics(crowd: Crowd, django_assert_num_queries: Any) -> None:
    observer = crowd.world.actor(Role.OBSERVER, "district")
    for most in (1, 10):
        with django_assert_num_queries(2):
            hottest(observer, asked(crowd.world), most)

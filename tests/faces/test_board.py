"""The board: what it shows of which place, that every number opens its rows, and that nobody sees more than theirs."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from linli.faces.board.briefing import _fetch_nothing
from linli.ground.matters.clocks import local_day
from linli.ground.territory.facade import Level, Unit
from linli.insight.indicators.board import Asked, by_day, by_place, by_topic, heat, open_by_age, place_asked, total
from linli.insight.indicators.board_rows import NUMBERS, rows_behind
from linli.insight.indicators.checking import check_figures
from linli.insight.indicators.rules.board import (
    PARTS,
    Grain,
    Ratio,
    Share,
    Standing,
    Sums,
    by_age,
    grain_of,
    standing_of,
    step_of,
    trend,
)
from linli.insight.indicators.rules.figures import MEASURES
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from tests.faces.portal_visitor import Visitor
from tests.world import World

SCOPED: list[tuple[str, dict[str, str]]] = [
    ("board", {}),
    ("board_points", {}),
    ("board_rows", {"number": "received"}),
    ("board_sheet", {"table": "trend"}),
    ("briefing", {}),
    ("briefing_paper", {}),
]


@pytest.fixture
def lived(world: World) -> World:
    """Three demands in street A, one of them closed and rated badly; one in street B; counted and checked."""
    closed = world.case_of(state="closed")
    CASES.actions["rate_case"](closed.pk, actor=world.resident, now=world.now, rating=2)
    world.case_of(state="accepted", title="<b>路灯</b>")
    world.case_of()
    world.case_of(street="B", place=world.street["B"])
    check_figures(world.now)
    return world


def asked(world: World, **other: Any) -> Asked:
    today = local_day(world.now)
    return Asked(**({"since": today, "until": today, "today": today, "place": world.district} | other))


def board(world: World, role: Role, office: str, query: str = "", name: str = "board", **parts: str) -> Any:
    visitor = Visitor(world)
    visitor.sign_in(world.account(role, office))
    return visitor.get(reverse(name, kwargs=parts) + query)


def test_the_parts_add_up_to_the_whole(lived: World) -> None:
    question = asked(lived)
    whole = total(question)
    streets = [sums for _unit, sums in by_place(question, Level.STREET)]
    assert whole == sum(streets, Sums())
    assert [sums["received"] for sums in streets] == [3, 1]
    assert (whole["received"], whole["closed"], whole["bad"]) == (4, 1, 1)
    communities = by_place(asked(lived, place=lived.street["A"]), Level.COMMUNITY)
    assert [(unit.name, sums["received"]) for unit, sums in communities] == [("A1社区", 3), ("A2社区", 0)]
    assert sum((sums for _day, sums in by_day(question)), Sums()) == whole


def test_what_is_due_today_is_counted_tomorrow(lived: World) -> None:
    row = asked(lived, until=local_day(lived.now) + timedelta(days=30))
    assert total(row)["due"] == 0
    later = asked(lived, until=row.until, today=row.until + timedelta(days=1))
    assert total(later)["due"] > 0
    assert sum(sums["due"] for _day, sums in by_day(row)) == 0
    assert sum(sums["due"] for _day, sums in by_day(later)) == total(later)["due"]


def test_topics_and_places(lived: World) -> None:
    topics = by_topic(asked(lived), 5)
    assert [(topic.name, sums["received"]) for topic, sums in topics] == [("路灯", 2)]
    numbers = heat(asked(lived), [lived.topic], Level.STREET)
    assert numbers == {(lived.street["A"].path, lived.topic.path): 2}
    assert open_by_age(asked(lived))[0] == 3


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_every_number_opens_as_many_rows(lived: World, number: str) -> None:
    question = asked(lived, until=local_day(lived.now) + timedelta(days=30))
    question = asked(lived, until=question.until, today=question.until + timedelta(days=1))
    observer = lived.actor(Role.OBSERVER, "district")
    rows = rows_behind(observer, number, question).rows
    sums = total(question)
    known = {
        "late": sums["due"] - sums["answered"],
        "unsolved": sums["said"] - sums["solved"],
        "hops": sums["closed"] if sums["hops"] > sums["closed"] else 0,
        "returns": 0,
    }
    assert len(rows) == known.get(number, sums[number] if number in MEASURES else 0)


def test_rows_page_by_key(lived: World) -> None:
    observer = lived.actor(Role.OBSERVER, "district")
    seen, after = [], ""
    while True:
        page = rows_behind(observer, "received", asked(lived), after=after, size=1)
        seen += [row["number"] for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 4


def test_whoever_may_not_open_a_demand_does_not_find_it_behind_a_number(lived: World) -> None:
    supervisor = lived.supervisor_of("A")
    rows = rows_behind(supervisor, "received", asked(lived)).rows
    assert {row["place__name"] for row in rows} == {"A1社区"}


def test_the_page_and_its_rows(lived: World) -> None:
    page = board(lived, Role.OBSERVER, "district")
    text = page.content.decode()
    assert "青溪区看板" in text
    assert "甲街道" in text
    assert f"{reverse('board_rows', kwargs={'number': 'received'})}?" in text
    opened = {html.unescape(each) for each in re.findall(r'href="(/board/rows/[^"]+)"', text)}
    assert any("/rows/open/" in each and "since=2000-01-01" in each for each in opened)
    assert any(f"topic={lived.topic.pk}" in each and lived.street["A"].code in each for each in opened)
    visitor = Visitor(lived)
    visitor.sign_in(lived.account(Role.OBSERVER, "district"))
    assert {visitor.get(each).status_code for each in opened} == {200}
    rows = board(lived, Role.OBSERVER, "district", name="board_rows", number="received").content.decode()
    assert "&lt;b&gt;路灯&lt;/b&gt;" in rows
    assert "<b>路灯</b>" not in rows + text


def test_a_street_sees_its_own_and_no_other(lived: World) -> None:
    page = board(lived, Role.SUPERVISOR, "street A").content.decode()
    assert "甲街道看板" in page
    assert "乙街道" not in page
    for place in (lived.street["B"], lived.district, lived.community["B1"]):
        for name, parts in SCOPED:
            answer = board(lived, Role.SUPERVISOR, "street A", f"?place={place.code}", name, **parts)
            assert answer.status_code == 404


def test_an_office_that_keeps_the_history_of_another_begins_with_its_own_place(lived: World) -> None:
    """The old area stands before the new one in the order of the tree."""
    supervisor = lived.actor(Role.SUPERVISOR, "street B")
    (office,) = supervisor.appointments
    heir = replace(supervisor, appointments=(replace(office, former_areas=(lived.street["A"].path,)),))
    assert lived.street["A"].path < lived.street["B"].path
    begins = place_asked(heir, "")
    assert begins is not None
    assert begins.code == lived.street["B"].code
    former = place_asked(heir, lived.street["A"].code)
    assert former is not None


@pytest.mark.parametrize(
    "query",
    ["?place=1", "?topic=99999999", "?topic=x", "?since=yesterday", "?until=2026-13-01", "?place=%00", "?topic=²"],
)
def test_what_is_not_there_is_not_found(lived: World, query: str) -> None:
    assert board(lived, Role.OBSERVER, "district", query).status_code == 404


@pytest.mark.parametrize("query", ["?since=0001-01-01&until=9999-12-31", "?since=2026-03-09&until=2026-03-01"])
def test_days_are_put_into_order(lived: World, query: str) -> None:
    assert board(lived, Role.OBSERVER, "district", query).status_code == 200


def test_there_is_no_other_number_and_no_other_table(lived: World) -> None:
    assert board(lived, Role.OBSERVER, "district", name="board_rows", number="salaries").status_code == 404
    assert board(lived, Role.OBSERVER, "district", name="board_sheet", table="salaries").status_code == 404


@pytest.mark.parametrize(("table", "rows"), [("trend", 30), ("places", 2), ("topics", 1), ("heat", 2)])
def test_each_table_is_a_sheet(lived: World, table: str, rows: int) -> None:
    answer = board(lived, Role.OBSERVER, "district", name="board_sheet", table=table)
    found = list(load_workbook(BytesIO(answer.content)).active.values)
    assert len(found) == rows + 1
    assert len(found[0]) == len(set(found[0]))


def test_points_of_the_map(lived: World) -> None:
    Unit.objects.filter(pk=lived.community["A1"].pk).update(longitude=118.1, latitude=32.05)
    answer = board(lived, Role.SUPERVISOR, "street A", name="board_points")
    (point,) = answer.json()["features"]
    assert point["properties"]["name"] == "A1社区"
    assert point["properties"]["number"] == 3
    assert point["geometry"]["coordinates"] == [118.1, 32.05]


def test_a_community_has_nothing_below(lived: World) -> None:
    query = f"?place={lived.community['A1'].code}"
    assert board(lived, Role.OBSERVER, "district", query).status_code == 200
    assert board(lived, Role.OBSERVER, "district", query, "board_sheet", table="heat").status_code == 404


def test_as_many_queries_whatever_there_is(lived: World, django_assert_max_num_queries: Any) -> None:
    visitor = Visitor(lived)
    visitor.sign_in(lived.account(Role.OBSERVER, "district"))
    visitor.get(reverse("board"))
    with django_assert_max_num_queries(24):
        visitor.get(reverse("board"))


def sums_of(**numbers: int) -> Sums:
    return Sums(tuple(numbers.get(name, 0) for name in MEASURES))


def test_units_are_put_into_three_groups() -> None:
    whole = sums_of(due=1000, answered=800).ratio(Ratio.RESPONSE)
    few = sums_of(due=5, answered=5).ratio(Ratio.RESPONSE)
    one = sums_of(due=1).ratio(Ratio.RESPONSE)
    many = sums_of(due=200, answered=190).ratio(Ratio.RESPONSE)
    bad = sums_of(due=200, answered=120).ratio(Ratio.RESPONSE)
    assert standing_of(few, whole) is Standing.WITHIN  # five of five may be chance
    assert standing_of(one, whole) is Standing.WITHIN  # so may none of one
    assert standing_of(many, whole) is Standing.ABOVE
    assert standing_of(bad, whole) is Standing.BELOW
    assert standing_of(None, whole) is None
    assert sums_of().ratio(Ratio.MENDING) is None
    assert set(PARTS) == set(Ratio)


def test_a_share_knows_its_interval() -> None:
    share = sums_of(rated=10, satisfied=8).ratio(Ratio.SATISFACTION)
    assert isinstance(share, Share)
    assert share.share == 0.8
    assert share.low < 0.8 < share.high


def test_steps_of_a_trend() -> None:
    monday = date(2026, 3, 2)
    assert grain_of(monday, monday + timedelta(days=44)) is Grain.DAY
    assert grain_of(monday, monday + timedelta(days=45)) is Grain.WEEK
    assert grain_of(monday, monday + timedelta(days=400)) is Grain.MONTH
    assert step_of(date(2026, 3, 8), Grain.WEEK) == monday
    assert step_of(date(2026, 3, 8), Grain.MONTH) == date(2026, 3, 1)
    days = [(monday + timedelta(days=number), sums_of(received=1)) for number in (0, 6, 7, 90)]
    steps = trend(days, monday, monday + timedelta(days=90))
    assert [sums["received"] for _day, sums in steps][:3] == [2, 1, 0]
    assert sum(sums["received"] for _day, sums in steps) == 4


def test_ages() -> None:
    today = date(2026, 3, 31)
    days = [(today - timedelta(days=age), 1) for age in (0, 2, 3, 7, 8, 15, 16, 30, 31, 90, 91, 4000)]
    assert by_age(days, today) == [2, 2, 2, 2, 2, 2]


def test_the_briefing_of_a_week(lived: World) -> None:
    page = board(lived, Role.OBSERVER, "district", "?week=2026-W10", "briefing").content.decode()
    assert "2026-03-02 — 2026-03-08" in page
    assert "这一周还没有结束" in page
    assert re.search(r"收到 <strong>4</strong>", page)
    last = board(lived, Role.OBSERVER, "district", name="briefing").content.decode()
    assert "2026-02-23 — 2026-03-01" in last
    assert "这一周还没有结束" not in last


@pytest.mark.parametrize("week", ["2026-W11", "2026-W60", "1999-W01", "x", "2026", "2026-W", "99999999999-W1"])
def test_there_is_no_such_week(lived: World, week: str) -> None:
    assert board(lived, Role.OBSERVER, "district", f"?week={week}", "briefing").status_code == 404


def test_the_briefing_on_paper(lived: World) -> None:
    answer = board(lived, Role.SUPERVISOR, "street A", "?week=2026-W10", "briefing_paper")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert "briefing-990104001000-2026-W10.pdf" in answer["Content-Disposition"]


def test_paper_fetches_nothing() -> None:
    with pytest.raises(PermissionDenied):
        _fetch_nothing("file:///etc/passwd")


def test_where_no_pdf_can_be_drawn_the_page_says_so(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> Any:
        raise OSError("cannot load library")

    monkeypatch.setattr("linli.faces.board.briefing.import_module", missing)
    answer = board(lived, Role.OBSERVER, "district", name="briefing_paper")
    assert answer.status_code == 404

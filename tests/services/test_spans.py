"""How matters stood on a day: the spans tell what a replay of the record tells, whatever was done and reformed."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from linli.ground.matters.clocks import end_of, local_day
from linli.ground.matters.inbox import InboxFilters, counts_by_state, inbox
from linli.ground.matters.models import Matter, MatterSpan
from linli.ground.matters.spans import carry_on, write_spans
from linli.ground.matters.then import counts_on, inbox_on, is_told, on_day, span_on
from linli.ground.organizations.history import organizations_as_of
from linli.ground.record.following import FOLLOWERS, follow
from linli.ground.record.log import seal
from linli.ground.record.models import Record, Subscription
from linli.ground.territory.facade import units_as_of
from linli.kernel.access import Actor, Role
from linli.kernel.paths import upper_bound
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.services.reforming import COMMITTEES, UNITS, reformed
from tests.services.replaying import check_spans
from tests.services.test_reform_partition import Play, steps
from tests.world import World

STATES = ("received", "filed", "dispatched", "accepted", "handled", "drafted", "reviewed", "replied", "closed")
WIDE = 10_000
SAME = ("number", "title", "state", "place__name", "holder__name", "desk__name", "opened_at")


def lived(world: World, days: int = 4) -> None:
    """Some days of demands that come and go on."""
    for number in range(days):
        for state in STATES[number::2]:
            world.case_of("AB"[number % 2], state)
        world.later(days=1, minutes=7)


def everything(**more: Any) -> InboxFilters:
    return InboxFilters(reach="any", **more)


def test_the_spans_tell_what_the_record_tells(world: World) -> None:
    lived(world)
    case = world.case_of(state="closed")
    CASES.actions["publish_case"](
        case.pk, actor=world.clerk_of(), now=world.later(hours=1), title="路灯", text="路灯不亮。", reply="已修好。"
    )
    CASES.actions["unpublish_case"](case.pk, actor=world.clerk_of(), now=world.later(hours=1), reason="住址。")
    settle()
    check_spans()


def test_what_changes_nothing_begins_no_span(world: World) -> None:
    case = world.case_of(state="accepted")
    settle()
    before = MatterSpan.objects.filter(matter=case.pk).count()
    CASES.actions["add_note"](case.pk, actor=world.clerk_of(), now=world.later(hours=1), note="已电话联系。")
    settle()
    assert MatterSpan.objects.filter(matter=case.pk).count() == before


def test_of_acts_in_one_moment_the_last_counts(world: World) -> None:
    case = world.case_of(state="closed")
    settle()
    assert [span.state for span in MatterSpan.objects.filter(matter=case.pk)] == ["closed"]


def test_rows_that_come_twice_change_nothing(world: World) -> None:
    lived(world, days=2)
    settle()
    rows = list(Record.objects.select_related("entry").order_by("leaf__position"))
    before = list(MatterSpan.objects.order_by("matter", "since").values())
    for again in (rows, rows[:7], rows[5:40], rows[-3:], rows):
        write_spans(again)
    assert list(MatterSpan.objects.order_by("matter", "since").values()) == before


def test_a_batch_costs_as_many_queries_for_many_matters_as_for_few(world: World) -> None:
    lived(world, days=1)
    settle()
    case = world.case_of(state="accepted")
    few = list(Record.objects.select_related("entry").filter(subject=case.matter.number))
    lived(world)
    many = list(Record.objects.select_related("entry").filter(pk__gt=few[-1].pk).order_by("pk"))
    counted = []
    for rows in (few, many):
        with CaptureQueriesContext(connection) as queries:
            write_spans(rows)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 7
    assert len(many) > 10 * len(few)


def test_however_the_log_is_cut_the_spans_are_the_same(world: World) -> None:
    lived(world, days=2)
    reformed(world, [UNITS], [COMMITTEES])
    settle()
    names = [field.name for field in MatterSpan._meta.fields if field.name != "id"]
    before = list(MatterSpan.objects.order_by("matter", "since").values(*names))
    for size in (1, 7):
        MatterSpan.objects.all().delete()
        Subscription.objects.filter(name="spans").update(position=0)
        while follow(FOLLOWERS["spans"], size):
            pass
        assert list(MatterSpan.objects.order_by("matter", "since").values(*names)) == before


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12), st.booleans(), st.integers(0, 12))
def test_stretches_are_well_formed_whatever_the_clock_does(
    acts: list[tuple[int, int]], goes_back: bool, again: int
) -> None:
    start = end_of(date(2026, 3, 1))
    hours = [hour for hour, _ in acts] if goes_back else sorted(hour for hour, _ in acts)
    rows = [(row, start + timedelta(hours=hours[row]), what) for row, (_, what) in enumerate(acts)]
    stretches: list[Any] = []
    for row, at, what in [*rows, *rows[again:]]:
        stretches = carry_on(stretches, row, at, what)  # type: ignore[arg-type]
    for each, after in pairwise(stretches):
        assert each.until == after.since > each.since
        assert each.said != after.said
    assert [each.until for each in stretches[-1:]] == [None] * bool(rows)
    assert [each.said for each in stretches[-1:]] == [what for _, _, what in rows[-1:]]
    for hour in range(6 if not goes_back else 0):
        moment = start + timedelta(hours=hour, minutes=1)
        there = [each.said for each in stretches if each.since < moment and (not each.until or each.until >= moment)]
        assert there == [what for _, at, what in rows if at < moment][-1:]


def play_out(world: World, taken: list[tuple[str, int, int]]) -> None:
    """Reforms, a day each, with a matter moved in between."""
    with transaction.atomic():
        play = Play(world)
        start = local_day(play.now)
        for step in taken:
            play.take(*step)
        settle()
        check_spans()
        for number in range((local_day(play.now) - start).days + 1):
            check_sums(start + timedelta(days=number))
        transaction.set_rollback(True)


def check_sums(day: date) -> None:
    """Every open matter lies with offices and in a place of that day, so that what is below one makes it up."""
    tree = list(organizations_as_of(day).values_list("path", flat=True))
    spans = MatterSpan.objects.filter(on_day(day), is_open=True)
    held = Counter(spans.values_list("holder_path", flat=True))
    assert held.keys() <= set(tree)
    assert set(spans.values_list("desk_path", flat=True)) <= set(tree)
    for path in tree:
        children = [each for each in tree if len(each) == len(path) + 4 and each.startswith(path)]
        whole = spans.filter(holder_path__range=(path, upper_bound(path))).count()
        parts = sum(spans.filter(holder_path__range=(each, upper_bound(each))).count() for each in children)
        assert whole == held[path] + parts
    roots = [path for path in tree if len(path) == 4]
    placed, units = Counter(spans.values_list("place_path", flat=True)), [each.place for each in units_as_of(day)]
    assert placed.keys() <= {unit.path for unit in units}
    for unit in units:
        below = [
            each.path for each in units if len(each.path) == len(unit.path) + 4 and each.path.startswith(unit.path)
        ]
        whole = spans.filter(place_path__range=(unit.path, upper_bound(unit.path))).count()
        parts = sum(spans.filter(place_path__range=(path, upper_bound(path))).count() for path in below)
        assert whole == placed[unit.path] + parts
    total = sum(spans.filter(holder_path__range=(path, upper_bound(path))).count() for path in roots)
    assert total == spans.count()


def play_many(world: World, examples: int) -> None:
    given(steps)(
        settings(max_examples=examples, phases=[Phase.generate], deadline=None)(lambda taken: play_out(world, taken))
    )()


def test_after_any_reforms_the_units_below_make_up_the_unit(world: World) -> None:
    play_many(world, 5)


@pytest.mark.bar
def test_after_many_reforms_the_units_below_make_up_the_unit(world: World) -> None:
    play_many(world, 100)


def test_before_a_reform_it_lies_with_the_offices_and_in_the_place_of_then(world: World) -> None:
    committee = world.office["committee A1"]
    case = world.case_of()
    before = local_day(world.now)
    reformed(world, [UNITS], [COMMITTEES])
    settle()
    then, now = span_on(case.pk, before), span_on(case.pk, local_day(world.now))
    assert then is not None
    assert now is not None
    assert then.place_id == world.community["A1"].pk
    assert (now.place.code, now.place.name) == ("990104001003", "新社区")
    assert committee.path not in (then.holder_path, now.holder_path)
    heir = world.actor(Role.OBSERVER, "street A")
    place = InboxFilters(reach="any", place="990104001001")
    assert [row["id"] for row in inbox_on(heir, before, filters=place).rows] == [case.pk]
    assert not inbox_on(heir, local_day(world.now), filters=place).rows


def askers(world: World) -> list[Actor]:
    return [
        world.clerk_of(),
        world.clerk_of("B"),
        world.dispatcher_of(),
        world.supervisor_of(),
        world.signer_of(),
        world.actor(Role.OBSERVER, "committee A1"),
        world.actor(Role.AUDITOR, "district"),
        world.actor(Role.SYSTEM_ADMINISTRATOR, "district"),
        world.resident,
        Actor(),
    ]


def test_the_end_of_today_is_the_inbox_as_it_is(world: World) -> None:
    lived(world)
    settle()
    today = local_day(world.now)
    for actor in askers(world):
        for reach in ("desk", "all", "closed", "any"):
            for more in ({}, {"state": "accepted"}, {"place": "990104001001"}, {"topic": str(world.topic.pk)}):
                filters = InboxFilters(reach=reach, **more)
                live = inbox(actor, world.now, filters=filters, size=WIDE).rows
                then = inbox_on(actor, today, filters=filters, size=WIDE).rows
                assert len(live) == len(then)
                for name in SAME:
                    assert {(row["id"], row[name]) for row in live} == {(row["id"], row[name]) for row in then}
                assert counts_by_state(actor, world.now, filters) == counts_on(actor, today, filters)


def test_a_day_shows_nobody_what_they_cannot_open_today(world: World) -> None:
    """Whoever held a matter and holds it no more, and whoever was appointed since: the rights of today."""
    lived(world)
    case = world.case_of(state="accepted")
    world.later(days=1)
    CASES.actions["hand_over_case"](case.pk, actor=world.clerk_of(), now=world.now, reason="不属于本部门。")
    settle()
    start, days = local_day(world.now) - timedelta(days=7), range(8)
    for actor in askers(world):
        may_open = set(Matter.objects.values_list("pk", flat=True)) & {
            row["id"] for row in inbox(actor, world.now, filters=everything(), size=WIDE).rows
        }
        for number in days:
            for filters in (everything(), InboxFilters(reach="desk"), everything(q="路灯")):
                page = inbox_on(actor, start + timedelta(days=number), filters=filters, size=WIDE)
                assert {row["id"] for row in page.rows} <= may_open
    unit = world.clerk_of()
    assert case.pk not in {row["id"] for row in inbox(unit, world.now, filters=everything(), size=WIDE).rows}
    yesterday = local_day(world.now) - timedelta(days=1)
    assert case.pk not in {row["id"] for row in inbox_on(unit, yesterday, filters=everything(), size=WIDE).rows}


def test_pages_of_a_day_go_on_by_key_and_hold_everything_once(world: World) -> None:
    lived(world)
    settle()
    actor, day = world.actor(Role.AUDITOR, "district"), local_day(world.now) - timedelta(days=1)
    whole = [row["id"] for row in inbox_on(actor, day, filters=everything(), size=WIDE).rows]
    found: list[int] = []
    after = ""
    while True:
        page = inbox_on(actor, day, filters=everything(), after=after, size=3)
        found += [row["id"] for row in page.rows]
        after = page.after
        if not after:
            break
    assert found == whole
    assert len(set(found)) == len(found) > 6


def test_a_page_of_a_day_costs_as_many_queries_for_many_as_for_few(world: World) -> None:
    counted = []
    for _ in range(2):
        lived(world)
        settle()
        actor, day = world.dispatcher_of(), local_day(world.now) - timedelta(days=1)
        with CaptureQueriesContext(connection) as queries:
            assert inbox_on(actor, day, filters=everything(), size=60).rows
        counted.append(len(queries))
    assert counted == [2, 2]  # the page, and the names that its places bore


def test_until_the_follower_has_read_on_a_day_is_not_wholly_told(world: World) -> None:
    day = local_day(world.now)
    world.case_of(state="accepted")
    settle()
    assert is_told(day)
    world.later(days=1)
    world.case_of()
    while seal():
        pass
    assert is_told(day)
    assert not is_told(local_day(world.now))
    Subscription.objects.filter(name="spans").update(position=0)
    assert not is_told(day)

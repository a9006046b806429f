"""Loading a year's working days: what changes is shown first, open clocks follow, provisional days are marked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.ground.matters.calendars import CalendarRefused, calendar_year, load_calendar, preview_calendar
from linli.ground.matters.clocks import end_of, local_day, workdays
from linli.ground.matters.models import CalendarYear, Matter
from linli.ground.matters.ticking import tick
from linli.ground.record.models import Record
from linli.kernel.access import SYSTEM
from linli.kernel.workdays import Status
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.world import World

pytestmark = pytest.mark.django_db

RECEIVED = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)  # Wednesday

OFFICIAL = """
year = 2027
status = "official"
source = "国务院办公厅关于2027年部分节假日安排的通知"
off = [2027-01-01, 2027-02-05, 2027-02-08, 2027-04-05]
work = [2027-01-02]
"""


@pytest.fixture
def world(db: None) -> World:
    return World(RECEIVED)


def test_a_due_day_in_a_provisional_year_is_marked(world: World) -> None:
    case = world.case_of(state="dispatched")
    assert case.matter.due_provisional
    # Thursday 31, Monday 4 to Thursday 7: five working days, New Year's Day being off.
    assert local_day(case.matter.due_at) == date(2027, 1, 8)
    assert case.matter.due_at == end_of(date(2027, 1, 7))


def test_an_official_table_with_a_make_up_day_moves_and_confirms(world: World) -> None:
    case = world.case_of(state="dispatched")
    warned_before = case.matter.warn_at
    preview = preview_calendar(OFFICIAL)
    assert preview.matters == 1
    assert preview.now_worked == (date(2027, 1, 2), date(2027, 6, 9), date(2027, 9, 15), date(2027, 10, 1))
    assert preview.now_off == ()
    assert Matter.objects.get().due_provisional

    loaded = load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    assert (loaded.moved, loaded.confirmed) == (1, 1)
    matter = Matter.objects.get()
    assert matter.due_at == end_of(date(2027, 1, 6))
    assert not matter.due_provisional
    assert (matter.clock_start, matter.clock_days) == (date(2026, 12, 30), 5)
    assert matter.warn_at is not None
    assert warned_before is not None
    assert matter.warn_at < warned_before
    row = Record.objects.get(event="load_calendar")
    assert row.subject == "calendar:2027"
    assert row.codes == {"status": "official", "matters": 1, "moved": 1, "confirmed": 1}


def test_the_clock_acts_by_the_new_table(world: World) -> None:
    case = world.case_of(state="accepted")
    load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    matter = Matter.objects.get(pk=case.pk)
    assert matter.next_due == matter.warn_at
    tick(end_of(date(2027, 1, 6)))
    assert Case.objects.get(pk=case.pk).overdue_at is not None


def test_every_other_moment_counted_in_working_days_follows(world: World) -> None:
    clerk = world.clerk_of()
    waiting = world.case_of(state="accepted").pk
    CASES.actions["ask_supplement"](waiting, actor=clerk, now=world.now, question="请写明灯杆编号。")
    replied, closed = world.case_of(state="replied").pk, world.case_of(state="closed").pk
    promise = Matter.objects.get(pk=closed).due_at
    before = {row.pk: (row.waits_until, row.verify_by, row.reopen_until) for row in Case.objects.all()}
    assert before[waiting][0] == before[replied][1] == end_of(date(2027, 1, 7))
    load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    after = {row.pk: (row.waits_until, row.verify_by, row.reopen_until) for row in Case.objects.all()}
    assert after[waiting][0] == after[replied][1] == end_of(date(2027, 1, 6))
    assert after[replied][2] == after[closed][2] == before[closed][2] - timedelta(days=1)
    assert Matter.objects.get(pk=closed).due_at == promise
    assert Matter.objects.get(pk=waiting).next_due == end_of(date(2027, 1, 6))
    assert Matter.objects.get(pk=closed).next_due is None


def test_a_mark_that_came_too_early_is_taken_back_and_comes_again(world: World) -> None:
    later = OFFICIAL.replace("2027-01-01, ", "2027-01-01, 2027-01-04, 2027-01-05, ").replace("[2027-01-02]", "[]")
    case = world.case_of(state="accepted")
    tick(end_of(date(2027, 1, 7)))
    assert Case.objects.get(pk=case.pk).overdue_at is not None
    load_calendar(later, actor=SYSTEM, now=end_of(date(2027, 1, 7)))
    assert Matter.objects.get(pk=case.pk).due_at == end_of(date(2027, 1, 11))
    assert Case.objects.get(pk=case.pk).overdue_at is None
    tick(end_of(date(2027, 1, 11)))
    assert Case.objects.get(pk=case.pk).overdue_at == end_of(date(2027, 1, 11))


def test_what_does_not_reach_the_year_stays(world: World) -> None:
    case = world.case_of(state="dispatched")
    Matter.objects.filter(pk=case.pk).update(due_at=end_of(date(2026, 12, 31)), due_provisional=False)
    closed = world.case_of(state="received")
    Matter.objects.filter(pk=closed.pk).update(closed_at=world.now)
    later = world.case_of(state="received")
    Matter.objects.filter(pk=later.pk).update(clock_start=date(2028, 1, 1), due_at=end_of(date(2028, 2, 1)))
    before = list(Matter.objects.order_by("pk").values_list("due_at", "due_provisional", "next_due"))
    assert load_calendar(OFFICIAL, actor=SYSTEM, now=world.now).moved == 0
    assert list(Matter.objects.order_by("pk").values_list("due_at", "due_provisional", "next_due")) == before


def test_loading_twice_changes_nothing_more(world: World) -> None:
    world.case_of(state="dispatched")
    load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    again = load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    assert (again.moved, again.confirmed, again.preview.now_worked) == (0, 0, ())
    assert CalendarYear.objects.count() == 1


def test_a_correction_of_the_notice_moves_it_back(world: World) -> None:
    world.case_of(state="dispatched")
    load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    load_calendar(OFFICIAL.replace("work = [2027-01-02]", "work = []"), actor=SYSTEM, now=world.now)
    matter = Matter.objects.get()
    assert (matter.due_at, matter.due_provisional) == (end_of(date(2027, 1, 7)), False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("year = 2027", "missing"),
        ("not a table", "TOML"),
        (OFFICIAL.replace("2027-01-02", "2027-01-04"), "not a weekend day"),
        (OFFICIAL.replace("2027", "2033"), "load it before"),
    ],
)
def test_a_table_that_cannot_be_loaded_changes_nothing(world: World, text: str, message: str) -> None:
    with pytest.raises(CalendarRefused, match=message):
        load_calendar(text, actor=SYSTEM, now=world.now)
    assert not CalendarYear.objects.exists()
    assert not Record.objects.filter(event="load_calendar").exists()


def test_a_guess_never_follows_a_notice(world: World) -> None:
    load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    with pytest.raises(CalendarRefused, match="official"):
        load_calendar(OFFICIAL.replace('"official"', '"provisional"'), actor=SYSTEM, now=world.now)


def test_a_year_more_can_be_added(world: World) -> None:
    text = OFFICIAL.replace("2027", "2028").replace("[2028-01-02]", "[]")
    preview = preview_calendar(text)
    assert (preview.before, preview.now_off, preview.matters) == (None, (), 0)
    load_calendar(text, actor=SYSTEM, now=world.now)
    assert workdays().years[-1] == 2028


def test_the_year_is_shown_with_its_source(world: World) -> None:
    table, loaded_at = calendar_year(2027)
    assert (table.status, loaded_at) == (Status.PROVISIONAL, None)
    load_calendar(OFFICIAL, actor=SYSTEM, now=world.now)
    table, loaded_at = calendar_year(2027)
    assert (table.status, loaded_at) == (Status.OFFICIAL, world.now)
    with pytest.raises(LookupError):
        calendar_year(1999)


def test_a_year_that_nobody_has_loaded_is_guessed_and_confirmed_later(db: None) -> None:
    world = World(datetime(2028, 9, 29, 2, 0, tzinfo=UTC))  # Friday
    case = world.case_of(state="accepted")
    assert (case.matter.due_at, case.matter.due_provisional) == (end_of(date(2028, 10, 10)), True)
    tick(end_of(date(2028, 10, 10)))
    assert Case.objects.get(pk=case.pk).overdue_at == end_of(date(2028, 10, 10))

"""Legal periods: every vector of the rules, every day of the shipped years, the laws of the arithmetic."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.workdays import CalendarMissing, Status, Workdays, YearTable, corresponding_day

WORKDAYS = Workdays.shipped()

WORKING_DAY_VECTORS = [
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-12", 20, "2026-03-18"),
    ("2026-04-30", 5, "2026-05-11"),
    ("2026-09-18", 5, "2026-09-24"),
    ("2026-09-30", 5, "2026-10-13"),
    ("2026-09-30", 7, "2026-10-15"),
    ("2026-10-09", 1, "2026-10-10"),
    ("2026-01-01", 3, "2026-01-06"),
    ("2026-11-23", 7, "2026-12-02"),
    ("2026-11-23", 15, "2026-12-14"),
    ("2026-11-23", 20, "2026-12-21"),
]
NATURAL_DAY_VECTORS = [
    ("2026-01-26", 20, "2026-02-24"),
    ("2026-09-25", 7, "2026-10-08"),
    ("2026-02-01", 15, "2026-02-24"),
    ("2026-03-02", 1, "2026-03-03"),
    ("2026-03-01", 0, "2026-03-02"),
]
WORKING_DAYS_PER_YEAR = {
    2018: 250, 2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248,
}  # fmt: skip
OFF_2026 = [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"),
            ("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")]  # fmt: skip
WORK_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]

TABLE_2028 = 'year = 2028\nstatus = "official"\nsource = "通知"\noff = [2028-01-03]\nwork = []\n'

days = st.dates(date(2011, 1, 1), date(2025, 12, 31))
lengths = st.integers(1, 240)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str) -> list[date]:
    return [day(first) + timedelta(days=n) for n in range((day(last) - day(first)).days + 1)]


@pytest.mark.parametrize(("start", "working_days", "due"), WORKING_DAY_VECTORS)
def test_due_day(start: str, working_days: int, due: str) -> None:
    assert WORKDAYS.add(day(start), working_days) == day(due)
    assert WORKDAYS.between(day(start), day(due)) == working_days


@pytest.mark.parametrize(("start", "length", "due"), NATURAL_DAY_VECTORS)
def test_calendar_days_roll_forward_to_a_working_day(start: str, length: int, due: str) -> None:
    assert WORKDAYS.natural(day(start), length) == day(due)


@pytest.mark.parametrize(
    ("start", "months", "corresponding", "due"),
    [
        ("2025-01-31", 1, "2025-02-28", "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29", "2024-02-29"),
        ("2026-01-31", 1, "2026-02-28", "2026-02-28"),  # a worked Saturday
        ("2025-12-15", 2, "2026-02-15", "2026-02-24"),  # rolled over the Spring Festival
        ("2025-11-30", 3, "2026-02-28", "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28", "2025-02-28"),
        ("2025-12-31", 0, "2025-12-31", "2025-12-31"),
        ("2025-12-01", 1, "2026-01-01", "2026-01-04"),
    ],
)
def test_months_end_on_the_corresponding_day(start: str, months: int, corresponding: str, due: str) -> None:
    assert corresponding_day(day(start), months) == day(corresponding)
    assert WORKDAYS.months(day(start), months) == day(due)


def test_every_shipped_day_agrees_with_an_independent_calendar() -> None:
    differing = [
        each
        for each in span("2011-01-01", "2026-12-31")
        if WORKDAYS.is_workday(each) != chinese_calendar.is_workday(each)
    ]
    assert differing == []


@pytest.mark.parametrize(("year", "count"), WORKING_DAYS_PER_YEAR.items())
def test_working_days_per_year(year: int, count: int) -> None:
    assert WORKDAYS.between(date(year, 1, 1), date(year, 12, 31)) == count


def test_the_notice_for_2026() -> None:
    table = WORKDAYS.tables[2026]
    assert table.off == {each for first, last in OFF_2026 for each in span(f"2026-{first}", f"2026-{last}")}
    assert table.work == {day(f"2026-{each}") for each in WORK_2026}


def test_only_2027_is_provisional_with_its_thirteen_statutory_days() -> None:
    assert WORKDAYS.years == tuple(range(2011, 2028))
    provisional = [table for table in WORKDAYS.tables.values() if table.status is Status.PROVISIONAL]
    assert [(table.year, len(table.off), len(table.work)) for table in provisional] == [(2027, 13, 0)]
    assert all(table.source for table in WORKDAYS.tables.values())


def test_a_span_is_provisional_as_soon_as_it_reaches_a_provisional_year() -> None:
    assert not WORKDAYS.is_provisional(day("2026-01-05"), day("2026-12-31"))
    assert WORKDAYS.is_provisional(day("2026-12-31"), day("2027-01-01"))
    assert WORKDAYS.is_provisional(day("2027-03-01"))
    year = WORKDAYS.tables[2026]
    earlier = YearTable(2026, Status.PROVISIONAL, year.source, year.off, year.work)
    official = YearTable(2027, Status.OFFICIAL, "通知", frozenset(), frozenset())
    changed = WORKDAYS.replaced(earlier).replaced(official)
    assert changed.is_provisional(day("2027-03-01"), day("2025-03-01"))
    assert not changed.is_provisional(day("2027-03-01"))


def test_a_replaced_table_moves_open_deadlines_and_leaves_the_first_calendar_alone() -> None:
    table = YearTable(2027, Status.OFFICIAL, "通知", frozenset({day("2027-01-04")}), frozenset())
    assert WORKDAYS.add(day("2026-12-31"), 1) == day("2027-01-04")
    assert WORKDAYS.replaced(table).add(day("2026-12-31"), 1) == day("2027-01-01")
    assert WORKDAYS.replaced(table).add(day("2027-01-01"), 1) == day("2027-01-05")
    assert WORKDAYS.add(day("2026-12-31"), 1) == day("2027-01-04")


def test_a_table_for_the_next_year_extends_the_calendar() -> None:
    extended = WORKDAYS.replaced(YearTable.parse(TABLE_2028))
    assert extended.years[-1] == 2028
    assert extended.add(day("2027-12-31"), 1) == day("2028-01-04")


@pytest.mark.parametrize(
    ("ask", "year"),
    [
        (lambda: WORKDAYS.is_workday(day("2010-12-31")), 2010),
        (lambda: WORKDAYS.add(day("2010-12-31"), 1), 2010),
        (lambda: WORKDAYS.between(day("2010-12-31"), day("2028-01-01")), 2010),
        (lambda: WORKDAYS.is_provisional(day("2010-12-31"), day("2029-01-01")), 2010),
        (lambda: WORKDAYS.is_workday(day("9999-01-01")), 9999),
        (lambda: WORKDAYS.add(day("2199-12-31"), 1), 2200),
    ],
)
def test_a_day_before_the_tables_or_beyond_all_years_is_refused_with_the_way_out(ask: object, year: int) -> None:
    assert callable(ask)
    with pytest.raises(CalendarMissing, match="linli calendar load FILE") as refusal:
        ask()
    assert refusal.value.year == year


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        ("2027-12-31", 1, "2028-01-03"),  # Friday; the 1st is a Saturday
        ("2028-04-28", 1, "2028-05-03"),  # Friday; 1 and 2 May are off
        ("2028-09-29", 1, "2028-10-04"),  # Friday; 1 to 3 October are off
        ("2030-12-31", 1, "2031-01-02"),
        ("2028-01-01", 0, "2028-01-01"),
    ],
)
def test_after_the_last_table_it_goes_on_by_the_law_and_is_provisional(start: str, working_days: int, due: str) -> None:
    fresh = Workdays(WORKDAYS.tables.values())
    assert fresh.add(day(start), working_days) == day(due)
    assert fresh.between(day(start), day(due)) == working_days
    assert fresh.is_provisional(day(start), day(due))
    assert fresh.is_provisional(day("2026-01-05"), day(due))
    assert fresh.years == WORKDAYS.years


def test_a_long_period_runs_through_many_years_without_a_table() -> None:
    due = WORKDAYS.add(day("2026-11-23"), 2000)
    assert WORKDAYS.between(day("2026-11-23"), due) == 2000
    assert WORKDAYS.natural(day("2027-12-31"), 1) == day("2028-01-03")
    assert WORKDAYS.months(day("2027-12-31"), 36) == day("2030-12-31")


def test_periods_have_no_negative_length() -> None:
    for period in (WORKDAYS.add, WORKDAYS.natural, WORKDAYS.months):
        with pytest.raises(ValueError, match="zero or more"):
            period(day("2026-03-02"), -1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year = 2028", "year = 28", "year: 28"),
        ("year = 2028", 'year = "2028"', "year: not a whole number"),
        ("year = 2028", "year = true", "year: not a whole number"),
        ("year = 2028\n", "", "year: missing"),
        ('"official"', '"draft"', "status: 'draft'"),
        ('"official"', "[]", "status: "),
        ('"通知"', '" "', "source: empty"),
        ('"通知"', "1", "source: not a text"),
        ("work = []", "works = []", "work: missing"),
        ("work = []", "work = []\nnote = 1", "note: unknown key"),
        ("work = []", "work = 2028-01-08", "work: not a list"),
        ("work = []", 'work = ["2028-01-08"]', "work: '2028-01-08' is not a date"),
        ("work = []", "work = [2028-01-08T00:00:00]", "is not a date"),
        ("work = []", "work = [2028-01-07]", "work: 2028-01-07 is not a weekend day"),
        ("work = []", "work = [2027-01-09]", "work: 2027-01-09 is not in 2028"),
        ("work = []", "work = [2028-01-08, 2028-01-08]", "work: 2028-01-08 is listed twice"),
        ("off = [2028-01-03]", "off = [2029-01-03]", "off: 2029-01-03 is not in 2028"),
        ("[2028-01-03]\nwork = []", "[2028-01-08]\nwork = [2028-01-08]", "also listed under off"),
        ("year = 2028", "year 2028", "not valid TOML"),
    ],
)
def test_a_wrong_table_is_refused_by_its_key(old: str, new: str, message: str) -> None:
    assert old in TABLE_2028
    with pytest.raises(ValueError, match=message):
        YearTable.parse(TABLE_2028.replace(old, new))


def test_a_calendar_has_each_year_once_and_none_missing() -> None:
    with pytest.raises(ValueError, match="at least one year"):
        Workdays(())
    with pytest.raises(ValueError, match="two tables for 2026"):
        Workdays([WORKDAYS.tables[2026], WORKDAYS.tables[2026]])
    with pytest.raises(ValueError, match="no table for 2028"):
        WORKDAYS.replaced(YearTable.parse(TABLE_2028.replace("2028", "2029")))


def test_the_shipped_calendar_is_read_once() -> None:
    assert Workdays.shipped() is WORKDAYS


@given(days, lengths)
def test_adding_and_counting_back_agree(start: date, n: int) -> None:
    due = WORKDAYS.add(start, n)
    assert WORKDAYS.is_workday(due)
    assert WORKDAYS.between(start, due) == n
    assert WORKDAYS.between(due, start) == -n


@given(days, st.integers(0, 120), st.integers(0, 120))
def test_periods_add_up(start: date, a: int, b: int) -> None:
    assert WORKDAYS.add(start, a + b) == WORKDAYS.add(WORKDAYS.add(start, a), b)


@given(days, days, lengths, st.integers(0, 20))
def test_a_later_start_or_a_longer_period_never_ends_earlier(one: date, other: date, n: int, more: int) -> None:
    assert WORKDAYS.add(min(one, other), n) <= WORKDAYS.add(max(one, other), n)
    assert WORKDAYS.add(one, n) <= WORKDAYS.add(one, n + more)


@given(days, st.integers(0, 365))
def test_a_rolled_day_is_the_first_working_day_from_the_last_day_on(start: date, n: int) -> None:
    last = start + timedelta(days=n)
    rolled = WORKDAYS.natural(start, n)
    assert WORKDAYS.is_workday(rolled)
    assert not any(WORKDAYS.is_workday(last + timedelta(days=k)) for k in range((rolled - last).days))


@given(days, st.integers(0, 300))
def test_counting_is_the_plain_count(start: date, n: int) -> None:
    end = start + timedelta(days=n)
    counted = sum(WORKDAYS.is_workday(start + timedelta(days=k)) for k in range(1, n + 1))
    assert WORKDAYS.between(start, end) == counted

"""Months back and forth."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.privacy.rules.terms import months_after, months_before

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 3), 120, date(2036, 3, 3)),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day(day: date, months: int, last: date) -> None:
    assert months_after(day, months) == last


@given(DAYS, DAYS, st.integers(0, 240))
def test_nothing_goes_before_its_term_has_ended(began: date, today: date, months: int) -> None:
    if began < months_before(today, months):
        assert months_after(began, months) < today


@given(DAYS, st.integers(0, 240))
def test_what_is_left_over_is_at_most_three_days_past_its_term(today: date, months: int) -> None:
    began = months_before(today, months)
    assert (today - months_after(began, months)).days <= 3

"""The promised day as a rule: what a pause leaves of it. March 2026: Sunday 1, 8, 15; no holidays."""

from datetime import date

import pytest

from linli.kernel.workdays import Workdays
from linli.services.cases.rules.promise import Period, days_left, filed_due, resumed

WORKDAYS = Workdays.shipped()


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(
    ("asked_on", "due", "left"),
    [
        (3, 10, 5),
        (6, 9, 1),
        (7, 9, 1),  # Saturday
        (10, 10, 0),
        (11, 10, None),
        (31, 10, None),
    ],
)
def test_a_pause_keeps_the_days_that_are_left_and_none_of_a_broken_promise(
    asked_on: int, due: int, left: int | None
) -> None:
    assert days_left(march(asked_on), march(due), WORKDAYS) == left


@pytest.mark.parametrize(
    ("left", "came_on", "days", "due"),
    [
        (5, 3, 5, 10),
        (1, 10, 1, 11),
        (0, 10, 0, 10),  # none added: due on the day it comes
        (0, 11, 0, 11),
        (0, 7, 1, 9),  # a rest day: the next working day
        (1, 7, 1, 9),
    ],
)
def test_it_goes_on_with_the_days_that_were_left(left: int, came_on: int, days: int, due: int) -> None:
    period = resumed(left, march(came_on), march(12), WORKDAYS)
    assert period == Period(march(came_on), days)
    assert WORKDAYS.add(period.start, period.days) == march(due)


@pytest.mark.parametrize(("left", "days", "due"), [(5, 5, 19), (2, 2, 16), (1, 1, 13), (0, 1, 13)])
@pytest.mark.parametrize("looked_on", [13, 14, 20, 31])
def test_it_goes_on_when_the_waiting_is_over_however_late_somebody_looks(
    left: int, days: int, due: int, looked_on: int
) -> None:
    period = resumed(left, march(looked_on), march(12), WORKDAYS)
    assert period == Period(march(12), days)
    assert WORKDAYS.add(period.start, period.days) == march(due)


@pytest.mark.parametrize(
    ("by_topic", "filed_on", "due"),
    [
        # received on the 3rd, promised for the 10th
        (10, 3, 10),
        (10, 10, 10),
        (17, 3, 17),  # a longer topic: told to the filer
        (17, 10, 17),
        (17, 11, 10),  # too late: what is broken stays so
        (6, 3, 6),
        (6, 5, 6),
        (6, 6, 9),  # Friday: the next working day is left to act
        (4, 9, 10),
        (4, 10, 10),  # and never behind the receipt's promise
        (4, 11, 10),
        (6, 20, 10),
    ],
)
def test_the_topic_sets_the_promised_day(by_topic: int, filed_on: int, due: int) -> None:
    assert filed_due(march(10), march(by_topic), march(filed_on), WORKDAYS) == march(due)

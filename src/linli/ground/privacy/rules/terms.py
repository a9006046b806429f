"""Months back and forth (B0.2–B0.3): a period ends on the corresponding day; where there is none, with the month.

A last day that is a rest day moves nothing here: these are terms of the district's own, not deadlines for anybody.
"""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The last day of a period of months that began on a day."""
    return _moved(day, months)


def months_before(day: date, months: int) -> date:
    """The day before which a period of months must have begun, to have ended before `day`.

    Never early: what began before the result has surely ended. Where months differ in length it may be three days late.
    """
    return _moved(day, -months)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

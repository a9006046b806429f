"""The promised day: what filing under a topic makes of it, and what a pause leaves of it."""

from dataclasses import dataclass
from datetime import date

from linli.kernel.workdays import Workdays


@dataclass(frozen=True)
class Period:
    """So many working days from a day on, which is not counted; none at all is that day itself."""

    start: date
    days: int


def days_left(asked_on: date, due: date, calendar: Workdays) -> int | None:
    """The working days that are left when the clock stops; None when the promise is broken already."""
    return calendar.between(asked_on, due) if asked_on <= due else None


def resumed(left: int, came_on: date, last_day: date, calendar: Workdays) -> Period:
    """How the promise goes on: with the days that were left, and none more.

    It goes on when the supplement comes, or when the last day of waiting has passed, however late somebody looks. With
    no day left it is due on the day on which it goes on, or the next working day if that is a rest day.
    """
    if came_on > last_day:
        return Period(last_day, max(left, 1))
    return Period(came_on, left if left or calendar.is_workday(came_on) else 1)


def filed_due(promised: date, by_topic: date, filed_on: date, calendar: Workdays) -> date:
    """The last day of the promise once the topic is known.

    A longer topic lengthens it, which the filer is told; what is broken already stays so. A shorter one shortens it,
    but leaves the next working day to act, and never goes behind the receipt's promise.
    """
    if by_topic > promised >= filed_on:
        return by_topic
    return min(max(by_topic, calendar.add(filed_on, 1)), promised)

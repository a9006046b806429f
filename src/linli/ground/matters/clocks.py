"""Working days in force, and the one way to set a matter's clock."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from linli.ground.matters.models import CalendarYear, Matter
from linli.kernel.workdays import Workdays, YearTable


def workdays() -> Workdays:
    """The shipped calendars with the loaded years laid over them."""
    with connection.cursor() as cursor:  # asked with almost every act: compiling the query would cost more than it
        cursor.execute(f"SELECT year, content FROM {CalendarYear._meta.db_table} ORDER BY year")
        return _workdays(tuple(cursor.fetchall()))


@lru_cache(maxsize=4)
def _workdays(loaded: tuple[tuple[int, str], ...]) -> Workdays:
    calendar = Workdays.shipped()
    for _, content in loaded:
        calendar = calendar.replaced(YearTable.parse(content))
    return calendar


def local_day(moment: datetime) -> date:
    """The day of a moment in the district's time zone."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def end_of(day: date) -> datetime:
    """The first moment after `day` (24:00, B0.4), which is when a period that ends on it has passed."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))


def last_day(end: datetime) -> date:
    """The day at whose 24:00 a period ends, as `end_of` gives it."""
    return local_day(end - timedelta(microseconds=1))


def set_clock(matter: Matter, start: date, days: int, calendar: Workdays, *, warn_days: int) -> None:
    """Let the matter's clock run `days` working days from `start` (not counted).

    Its light turns yellow `warn_days` working days before the end, or from the start if it is shorter than that.
    """
    due = calendar.add(start, days)
    matter.clock_start, matter.clock_days = start, days
    matter.due_at = end_of(due)
    is_short = days < warn_days
    matter.warn_at = end_of(start - timedelta(days=1) if is_short else calendar.add(start, days - warn_days))
    matter.due_provisional = calendar.is_provisional(start, due)

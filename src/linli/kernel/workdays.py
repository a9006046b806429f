"""Working days of the State Council's calendar, and the legal periods that run on them.

One table per year says which weekdays are rest days and which weekend days are worked (调休上班日). The
tables shipped with Linli cover every year since 2011; a year whose notice is not out yet is provisional, and
so is every day computed from it. Years after the last table go by the holidays whose date the law fixes, and are
provisional too: an installation that nobody tends goes on.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Self

SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 1949, 2199  # nobody promises further ahead, and a slip of the keyboard costs no seconds
KEYS = frozenset({"year", "status", "source", "off", "work"})
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
LAW = "全国年节及纪念日放假办法(2024年修订)第二条"


class Status(StrEnum):
    """How far a year's table can be relied on."""

    OFFICIAL = auto()
    """Taken from the State Council's notice."""
    PROVISIONAL = auto()
    """Statutory holidays only; the notice is still to come."""


class CalendarMissing(LookupError):
    """A day lies before the first year of which the working days are known, or beyond all years."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no working-day table for {year}: load the State Council's notice with `linli calendar load FILE`"
        )
        self.year = year


@dataclass(frozen=True)
class YearTable:
    """The exceptions of one year to Monday-to-Friday work.

    Args:
        year: Gregorian year, 1949 to 9998; every date below lies in it.
        status: official, or provisional until the notice is out.
        source: title of the notice, shown to whoever asks why a day counts.
        off: rest days; weekend days may be listed or left out.
        work: weekend days that are worked.

    Raises:
        ValueError: a field contradicts another; the message names the key and what to do.
    """

    year: int
    status: Status
    source: str
    off: frozenset[date]
    work: frozenset[date]

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"year: {self.year} is not a calendar year; write four digits such as 2027")
        if not self.source.strip():
            raise ValueError("source: empty; write the title of the notice the dates come from")
        for key, days in (("off", self.off), ("work", self.work)):
            for day in sorted(days):
                if day.year != self.year:
                    raise ValueError(f"{key}: {day} is not in {self.year}; move it to that year's table")
        for day in sorted(self.work):
            if day.weekday() < SATURDAY:
                raise ValueError(f"work: {day} is not a weekend day; it is worked anyway, remove it")
        for day in sorted(self.off & self.work):
            raise ValueError(f"work: {day} is also listed under off; keep it in one list only")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a table from TOML with the keys year, status, source, off and work.

        Raises:
            ValueError: not TOML, a key missing, unknown or of the wrong kind, or a contradiction; the message
                names the key and what to do.
        """
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"the table is not valid TOML: {error}") from error
        for key in sorted(KEYS - content.keys()):
            raise ValueError(f"{key}: missing; a table has year, status, source, off and work")
        for key in sorted(content.keys() - KEYS):
            raise ValueError(f"{key}: unknown key; remove it or correct its name")
        if type(content["year"]) is not int:
            raise ValueError("year: not a whole number; write four digits such as 2027")
        if type(content["source"]) is not str:
            raise ValueError("source: not a text; write the title of the notice in quotes")
        if content["status"] not in tuple(Status):
            raise ValueError(f'status: {content["status"]!r}; write "official" or "provisional"')
        return cls(
            year=content["year"],
            status=Status(content["status"]),
            source=content["source"],
            off=_days(content, "off"),
            work=_days(content, "work"),
        )

    def is_workday(self, day: date) -> bool:
        """Whether a day of this year is worked."""
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)


class Workdays:
    """Working-day arithmetic over consecutive years. Immutable: loading a table makes a new calendar.

    Every method takes and returns calendar days in the district's own time zone; a day before the loaded
    years raises `CalendarMissing`, a day after them is provisional.
    """

    def __init__(self, tables: Iterable[YearTable]) -> None:
        """Index the tables.

        Raises:
            ValueError: no table, a year given twice, or a year missing in between.
        """
        ordered = sorted(tables, key=lambda table: table.year)
        if not ordered:
            raise ValueError("a calendar needs the table of at least one year")
        for earlier, later in pairwise(ordered):
            if later.year == earlier.year:
                raise ValueError(f"two tables for {later.year}; keep one")
            if later.year != earlier.year + 1:
                raise ValueError(f"no table for {earlier.year + 1}; load it before the one for {later.year}")
        self._tables = {table.year: table for table in ordered}
        # Counting and stepping are then two binary searches, however long the period.
        self._known = (ordered[-1].year, tuple(each for table in ordered for each in _ordinals(table)))

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """The calendar of the tables shipped with Linli, read once per process."""
        folder = files("linli.kernel").joinpath("calendars")
        texts = (entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml"))
        return cls(YearTable.parse(text) for text in texts)

    def replaced(self, table: YearTable) -> Workdays:
        """A calendar with this table in place of, or in addition to, the one for its year.

        Raises:
            ValueError: the year does not touch the loaded years.
        """
        return Workdays((self._tables | {table.year: table}).values())

    @property
    def years(self) -> tuple[int, ...]:
        """The loaded years, in order."""
        return tuple(self._tables)

    @property
    def tables(self) -> Mapping[int, YearTable]:
        """The loaded tables by year."""
        return dict(self._tables)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        return self._table(day).is_workday(day)

    def add(self, start: date, working_days: int) -> date:
        """The last day of a period of working days, the start day not counted.

        Args:
            start: day the period is counted from; it may be a rest day.
            working_days: length of the period, n ≥ 0; zero is the start day itself, worked or not.

        Raises:
            ValueError: a negative length.
            CalendarMissing: the period starts before the loaded years.

        Source:
            民法典 第201条 (the start day is not counted); 行政许可法 第82条 (working days).
        """
        _not_negative(working_days)
        if working_days == 0:
            self._table(start)
            return start
        position, year = self._worked_until(start) + working_days - 1, start.year
        while position >= len(self._worked(year)):
            year += 1
        return date.fromordinal(self._worked(year)[position])

    def natural(self, start: date, days: int) -> date:
        """The last day of a period of calendar days, moved to the first working day if it is a rest day.

        Args:
            start: day the period is counted from, not counted itself.
            days: length of the period, n ≥ 0.

        Raises:
            ValueError: a negative length.
            CalendarMissing: the last day is before the loaded years.

        Source:
            民法典 第201条 (the start day is not counted), 第203条 (rest day).
        """
        _not_negative(days)
        return self._rolled(start + timedelta(days=days))

    def months(self, start: date, months: int) -> date:
        """The last day of a period of months, moved to the first working day if it is a rest day.

        Raises:
            ValueError: a negative length.
            CalendarMissing: the last day is before the loaded years.

        Source:
            民法典 第202条 (corresponding day), 第203条 (rest day).
        """
        return self._rolled(corresponding_day(start, months))

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`.

        The count is negative when `end` comes first, so that a period past its end reads as days overdue.
        """
        return self._worked_until(end) - self._worked_until(start)

    def is_provisional(self, first: date, *others: date) -> bool:
        """Whether the span from the earliest to the latest of these days touches a provisional year."""
        days = (first, *others)
        span = range(min(days).year, max(days).year + 1)
        return any(self._table(date(year, 1, 1)).status is Status.PROVISIONAL for year in span)

    def _table(self, day: date) -> YearTable:
        if day.year in self._tables:
            return self._tables[day.year]
        if not self.years[-1] < day.year <= LAST_YEAR:
            raise CalendarMissing(day.year)
        return guessed(day.year)

    def _worked(self, year: int) -> tuple[int, ...]:
        """The working days from the first loaded one to the end of `year`, or of a later one, as ordinals."""
        last, ordinals = self._known
        if year > last:
            later = (self._table(date(each, 1, 1)) for each in range(last + 1, year + 1))
            ordinals += tuple(each for table in later for each in _ordinals(table))
            self._known = (year, ordinals)
        return ordinals

    def _worked_until(self, day: date) -> int:
        """Working days from the first loaded day up to and including this one."""
        self._table(day)
        return bisect_right(self._worked(day.year), day.toordinal())

    def _rolled(self, day: date) -> date:
        return day if self.is_workday(day) else self.add(day, 1)


def corresponding_day(start: date, months: int) -> date:
    """The day of the same number `months` later, or the last of that month if it has none.

    Not moved for rest days: for terms and retention periods rather than for things to be done.

    Raises:
        ValueError: a negative length.

    Source:
        民法典 第202条; 31 January and one month give 28 or 29 February.
    """
    _not_negative(months)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


@cache
def guessed(year: int) -> YearTable:
    """A year of which nothing is known but the law: Monday to Friday, less the holidays of fixed date."""
    off = frozenset(date(year, month, day) for month, day in FIXED_HOLIDAYS)
    return YearTable(year, Status.PROVISIONAL, LAW, off, frozenset())


def _not_negative(length: int) -> None:
    if length < 0:
        raise ValueError(f"a period cannot be {length} long: give zero or more")


def _ordinals(table: YearTable) -> tuple[int, ...]:
    return tuple(day.toordinal() for day in _days_of(table.year) if table.is_workday(day))


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days))


def _days(content: Mapping[str, Any], key: str) -> frozenset[date]:
    """The dates of one list, each given once. A TOML date with a time is refused."""
    listed = content[key]
    if type(listed) is not list:
        raise ValueError(f"{key}: not a list; write dates in square brackets, [] for none")
    seen: set[date] = set()
    for day in listed:
        if type(day) is not date:
            raise ValueError(f"{key}: {day!r} is not a date; write 2027-10-01 without quotes or time")
        if day in seen:
            raise ValueError(f"{key}: {day} is listed twice; keep one")
        seen.add(day)
    return frozenset(seen)

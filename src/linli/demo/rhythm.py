"""The rhythm of a year: on which days and at what hours people write, and when offices work."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from linli.demo.chances import shares
from linli.demo.measured import HOURS, WEEKDAYS
from linli.ground.matters.clocks import local_day, workdays
from linli.kernel.workdays import Workdays

OPENS, CLOSES = 9, 18
MORNING_RUSH = timedelta(hours=2, minutes=30)
SATURDAY, SUNDAY = 5, 6
HOLIDAY_SHARE = 0.8
"""How much of a Sunday's messages a public holiday sees."""

Seasons = Mapping[int, float]
"""By month, how much more often than on the average of the year; 1 where nothing is said."""


class Rhythm:
    """The calendar of the year as people and offices live by it."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._zone = ZoneInfo(settings.TIME_ZONE)
        self._workdays: Workdays = workdays()

    def day_weight(self, day: date, seasons: Seasons) -> float:
        """How many messages a day sees, compared with others: by weekday, holiday and season."""
        weekday = day.weekday()
        if weekday < SATURDAY and not self._workdays.is_workday(day):
            weight = WEEKDAYS[SUNDAY] * HOLIDAY_SHARE
        elif weekday >= SATURDAY and self._workdays.is_workday(day):
            weight = WEEKDAYS[SATURDAY - 1]  # worked in exchange for a holiday
        else:
            weight = WEEKDAYS[weekday]
        return weight * seasons.get(day.month, 1.0)

    def spread(self, total: int, days: list[date], seasons: Seasons) -> list[int]:
        """How many of `total` fall on each of the days."""
        weights = [self.day_weight(day, seasons) * self._random.uniform(0.7, 1.3) for day in days]
        return shares(total, weights)

    def writing_moment(self, day: date) -> datetime:
        """Some moment of the day at which people write."""
        hour = self._random.choices(range(24), HOURS)[0]
        return datetime.combine(day, time(hour, self._random.randrange(60), self._random.randrange(60)), self._zone)

    def in_office(self, moment: datetime) -> datetime:
        """The moment itself in office hours of a working day, otherwise some time in the next one's morning."""
        local = moment.astimezone(self._zone)
        day = local.date()
        worked = self._workdays.is_workday(day)
        if worked and OPENS <= local.hour < CLOSES:
            return moment
        if not worked or local.hour >= CLOSES:
            day += timedelta(days=1)
            while not self._workdays.is_workday(day):
                day += timedelta(days=1)
        return datetime.combine(day, time(OPENS), self._zone) + MORNING_RUSH * self._random.random()

    def awake(self, moment: datetime) -> datetime:
        """The moment itself from seven to eleven at night, otherwise the next morning."""
        local = moment.astimezone(self._zone)
        if 7 <= local.hour < 23:
            return moment
        morning = datetime.combine(local.date() + timedelta(days=local.hour >= 23), time(7), self._zone)
        return morning + MORNING_RUSH * self._random.random()

    def end_of_day(self, moment: datetime) -> datetime:
        """The midnight after a moment."""
        return datetime.combine(local_day(moment) + timedelta(days=1), time(), self._zone)

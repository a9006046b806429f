"""What the board makes of sums: shares with intervals, where a part stands to the whole, a trend, ages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linli.insight.indicators.rules.figures import MEASURES, NOTHING, Values
from linli.methods.proportions import wilson_interval

DAYS_BY_DAY, DAYS_BY_WEEK = 45, 400
LEAST_APART = 5
AGES = (2, 7, 15, 30, 90)  # days, the last one of each group; older ones are the rest


class Ratio(StrEnum):
    """A share of the board: part of whole."""

    RESPONSE = "response"
    CLOSING = "closing"
    SOLUTION = "solution"
    SATISFACTION = "satisfaction"
    MENDING = "mending"
    TOPICS = "topics_taken"
    UNITS = "units_taken"
    MERGES = "merges_taken"


OF_PROPOSALS = (Ratio.TOPICS, Ratio.UNITS, Ratio.MERGES)
"""How often people took what the program proposed."""

PARTS: Mapping[Ratio, tuple[str, str]] = {
    Ratio.RESPONSE: ("answered", "due"),
    Ratio.CLOSING: ("closed_in_time", "due"),
    Ratio.SOLUTION: ("solved", "said"),
    Ratio.SATISFACTION: ("satisfied", "rated"),
    Ratio.MENDING: ("mended", "bad"),
    Ratio.TOPICS: ("topics_taken", "topics_proposed"),
    Ratio.UNITS: ("units_taken", "units_proposed"),
    Ratio.MERGES: ("merges_taken", "merges_proposed"),
}


class Standing(StrEnum):
    """Where the share of a part stands to that of the whole; within, where their difference may be chance."""

    ABOVE = "above"
    WITHIN = "within"
    BELOW = "below"


class Grain(StrEnum):
    """How long a step of a trend is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Share:
    """Part of whole with its interval (Wilson, 95 %); shares between 0 and 1."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.part / self.whole


@dataclass(frozen=True)
class Sums:
    """One sum of each measure."""

    values: Values = NOTHING

    def __getitem__(self, measure: str) -> int:
        return self.values[MEASURES.index(measure)]

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(tuple(one + more for one, more in zip(self.values, other.values, strict=True)))

    def ratio(self, ratio: Ratio) -> Share | None:
        """A share; None where there is nothing that it could be a share of."""
        part, whole = (self[name] for name in PARTS[ratio])
        return Share(part, whole, *wilson_interval(part, whole)) if whole else None

    @property
    def hops_each(self) -> float | None:
        """How often a closed demand went from one desk to another, on average."""
        return self["hops"] / self["closed"] if self["closed"] else None

    @property
    def returns_each(self) -> float | None:
        """How often a closed demand was sent back, on average."""
        return self["returns"] / self["closed"] if self["closed"] else None


def standing_of(part: Share | None, whole: Share | None) -> Standing | None:
    """Where a part stands: above or below only if its interval and that of the whole do not overlap.

    So units are put into three groups, not into a row. Of fewer than `LEAST_APART` nothing is said: there the interval
    is not to be trusted either.
    """
    if part is None or whole is None:
        return None
    if part.whole < LEAST_APART:
        return Standing.WITHIN
    if part.low > whole.high:
        return Standing.ABOVE
    return Standing.BELOW if part.high < whole.low else Standing.WITHIN


def grain_of(since: date, until: date) -> Grain:
    """Steps that make a trend of some dozens of points."""
    days = (until - since).days + 1
    if days <= DAYS_BY_DAY:
        return Grain.DAY
    return Grain.WEEK if days <= DAYS_BY_WEEK else Grain.MONTH


def step_of(day: date, grain: Grain) -> date:
    """The first day of the step in which a day lies; weeks begin on Monday."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)


def trend(days: Iterable[tuple[date, Sums]], since: date, until: date) -> list[tuple[date, Sums]]:
    """The sums step by step, those of steps in which nothing happened too."""
    grain = grain_of(since, until)
    steps: dict[date, Sums] = {}
    day = since
    while day <= until:
        steps.setdefault(step_of(day, grain), Sums())
        day += timedelta(days=1)
    for each, sums in days:
        steps[step_of(each, grain)] += sums
    return sorted(steps.items())


def by_age(open_by_day: Iterable[tuple[date, int]], today: date) -> list[int]:
    """How many open ones are how old: in the groups of `AGES`, the oldest last."""
    counts = [0] * (len(AGES) + 1)
    for day, number in open_by_day:
        age = (today - day).days
        counts[next((place for place, last in enumerate(AGES) if age <= last), len(AGES))] += number
    return counts

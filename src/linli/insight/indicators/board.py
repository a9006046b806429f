"""Reads of the board: the sums of some days, of a place and a topic, and of what lies below them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, Sum

from linli.ground.matters.clocks import local_day
from linli.ground.matters.scope import subtree
from linli.ground.territory.facade import Level, Unit
from linli.insight.indicators.models import DailyFigures
from linli.insight.indicators.rules.board import Sums, by_age, trend
from linli.insight.indicators.rules.figures import MEASURES
from linli.kernel.access import Actor
from linli.services.cases.facade import CASES
from linli.services.catalogue.facade import Topic

VIEW = "view_figures"
# Whether something was in time is known when the day is over.
KNOWN_LATER = frozenset({"due", "answered", "closed_in_time"})


@dataclass(frozen=True)
class Asked:
    """Which figures: from the first to the last of some days, of a place and a topic with all below them."""

    since: date
    until: date
    today: date
    place: Unit
    topic: Topic | None = None

    @property
    def topic_path(self) -> str:
        """Empty for all topics."""
        return self.topic.path if self.topic else ""

    @property
    def days(self) -> Q:
        """The rows of these days."""
        return Q(day__gte=self.since, day__lte=self.until)


def areas(actor: Actor) -> list[str]:
    """The paths of the places whose figures the actor may see with all below them, today's own first; empty for none.

    Behind the area of an office stand those whose history it keeps.
    """
    return list(dict.fromkeys(clause.path for clause in CASES.access.clauses(actor, VIEW)))


def place_asked(actor: Actor, code: str) -> Unit | None:
    """The place with this code, or the first of the actor's own; None if it is none of theirs."""
    own = areas(actor)
    if not code:
        first: Unit | None = Unit.objects.defer("outline").filter(path__in=own[:1]).first()
        return first
    found: Unit | None = Unit.objects.defer("outline").filter(code=code).exclude(level=Level.GRID.value).first()
    return found if found and any(found.path.startswith(path) for path in own) else None


def places_of(actor: Actor) -> list[Unit]:
    """The districts, streets and communities of today that the actor may choose from, parents first."""
    condition = Q(pk__in=())
    for path in areas(actor):
        condition |= subtree("path", path)
    rows = Unit.objects.filter(condition, valid_to__isnull=True).exclude(level=Level.GRID.value)
    return list(rows.defer("outline").order_by("path"))


def topic_asked(key: str) -> Topic | None:
    """The topic, or group of topics, with this key."""
    found: Topic | None = Topic.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    return found


def total(asked: Asked) -> Sums:
    """The sums of the place and the topic."""
    rows = DailyFigures.objects.filter(asked.days, place=asked.place.path, topic=asked.topic_path)
    return _sums(rows.aggregate(**_added(asked)))


def by_day(asked: Asked) -> list[tuple[date, Sums]]:
    """Step by step: days, weeks or months."""
    rows = DailyFigures.objects.filter(asked.days, place=asked.place.path, topic=asked.topic_path)
    found = rows.order_by("day").values("day", *MEASURES)
    return trend(((row["day"], _known(row, asked)) for row in found), asked.since, asked.until)


def by_place(asked: Asked, level: Level) -> list[tuple[Unit, Sums]]:
    """The units of a level below the place, in the order of the tree: those of today, and those with figures."""
    rows = _below_place(asked, level).filter(asked.days, topic=asked.topic_path)
    sums = {row["place"]: _sums(row) for row in rows.order_by().values("place").annotate(**_added(asked))}
    below = Unit.objects.filter(subtree("path", asked.place.path), depth=level.depth)
    units = below.filter(Q(valid_to__isnull=True) | Q(path__in=list(sums))).defer("outline").order_by("path")
    return [(unit, sums.get(unit.path, Sums())) for unit in units]


def by_topic(asked: Asked, most: int) -> list[tuple[Topic, Sums]]:
    """The topics that were asked for most, with their own sums: leaves below the chosen one, or all."""
    rows = DailyFigures.objects.filter(asked.days, subtree("topic", asked.topic_path), place=asked.place.path)
    found = rows.exclude(topic="").order_by().values("topic").annotate(**_added(asked))
    sums = {row["topic"]: _sums(row) for row in found}
    leaves = Topic.objects.filter(path__in=list(sums), numchild=0)
    pairs = [(topic, sums[topic.path]) for topic in leaves if sums[topic.path]["received"]]
    return sorted(pairs, key=lambda pair: (-pair[1]["received"], pair[0].path))[:most]


def heat(asked: Asked, topics: Iterable[Topic], level: Level) -> dict[tuple[str, str], int]:
    """How many were received, by the paths of place and topic."""
    rows = _below_place(asked, level).filter(asked.days, topic__in=[topic.path for topic in topics])
    found = rows.order_by().values_list("place", "topic").annotate(number=Sum("received"))
    return {(place, topic): number for place, topic, number in found}


def open_by_age(asked: Asked) -> list[int]:
    """How many are open today, by their age; whatever days are asked for."""
    rows = DailyFigures.objects.filter(place=asked.place.path, topic=asked.topic_path, open__gt=0)
    return by_age(rows.values_list("day", "open"), asked.today)


def today_of(now: datetime) -> date:
    """The day in the district."""
    return local_day(now)


def _below_place(asked: Asked, level: Level) -> Any:
    paths = Unit.objects.filter(subtree("path", asked.place.path), depth=level.depth).values("path")
    return DailyFigures.objects.filter(place__in=paths)


def _added(asked: Asked) -> dict[str, Sum]:
    over = Q(day__lt=asked.today)
    return {f"all_{name}": Sum(name, filter=over if name in KNOWN_LATER else None, default=0) for name in MEASURES}


def _known(row: dict[str, Any], asked: Asked) -> Sums:
    return _sums(row if row["day"] < asked.today else row | dict.fromkeys(KNOWN_LATER, 0))


def _sums(row: Mapping[str, Any]) -> Sums:
    return Sums(tuple(row[f"all_{name}"] if f"all_{name}" in row else row[name] for name in MEASURES))

"""A year in the life of the fictional district: twenty thousand demands, each moved by the real actions.

Permissions, guards, records and deadlines in it are real. Everything is drawn from one seed. A day is one transaction,
and nobody else is at work: what is recorded is sealed day by day, and read by the followers when the year is over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction

from linli.demo.births import DIFFICULTIES, births
from linli.demo.cast import RESIDENTS, Cast
from linli.demo.chances import Deck
from linli.demo.courses import Course
from linli.demo.examples import example_texts
from linli.demo.fates import DOORS, TURNS, Birth, Door, Turn
from linli.demo.geography import district_plan
from linli.demo.offices import establish_catalogue, establish_offices
from linli.demo.rhythm import Rhythm
from linli.demo.scene import Lives, Scene
from linli.demo.story import SampleLogin, sample_logins, sample_residents
from linli.demo.telling import Teller
from linli.demo.turns import course_of
from linli.demo.year_topics import MORE_CATALOGUE, MORE_DEPARTMENTS
from linli.ground.matters.clocks import local_day
from linli.ground.record.log import checkpoint, seal
from linli.ground.territory.facade import Level, found_district, units
from linli.insight.indicators.facade import publish_last_quarter
from linli.kernel.access import SYSTEM
from linli.services.cases.facade import learn_topics

DAYS = 365
DEMANDS = 20_150


@dataclass(frozen=True)
class Extent:
    """How much of a year is played: demands within the first days, and how long their lives may go on."""

    demands: int = DEMANDS
    writing_days: int = DAYS
    days: int = DAYS
    residents: int = RESIDENTS


@dataclass(frozen=True)
class Played:
    """How far the year is."""

    day: date
    demands: int
    of: int
    acts: int


@dataclass(frozen=True)
class Year:
    """A year that was played."""

    scene: Scene
    logins: list[SampleLogin]

    @property
    def demands(self) -> int:
        """How many demands were received."""
        return self.scene.outcomes["receive_case"]

    @property
    def acts(self) -> int:
        """How many acts were taken on them, those of time included."""
        return self.scene.outcomes.total()


def play_year(
    now: datetime,
    *,
    password: str,
    seed: int = 7,
    extent: Extent | None = None,
    say: Callable[[str], None] = print,
    after_day: Callable[[Played], None] | None = None,
) -> Year:
    """Found the district, its offices and catalogue, and let a year go by until `now`."""
    clock, extent = settings.LINLI_CLOCK, extent or Extent()
    start = now - timedelta(days=extent.days)
    try:
        clock.set(start)
        say("founding the district")
        scene, born, teller = _prepared(start, extent, seed)
        say(f"{extent.demands} demands in {extent.days} days")
        for played in _days(scene, teller, born, now):
            if after_day:
                after_day(played)
        clock.set(now)
        offices, residents = scene.cast.offices, scene.cast.residents
        return Year(scene, sample_logins(offices, residents, password, now))
    finally:
        clock.set(None)


@transaction.atomic
def _prepared(start: datetime, extent: Extent, seed: int) -> tuple[Scene, list[Birth], Teller]:
    random = Random(seed)  # noqa: S311 -- a story, not a secret
    found_district(district_plan(seed), actor=SYSTEM, now=start)
    offices = establish_offices(start, MORE_DEPARTMENTS)
    topics = establish_catalogue(offices, start, MORE_CATALOGUE)
    learn_topics(start, example_texts())
    communities = list(units(Level.COMMUNITY))
    cast = Cast(offices, topics, random, sample_residents(start))
    cast.settle_residents(communities, extent.residents, start)
    rhythm = Rhythm(random)
    days = [local_day(start) + timedelta(days=number + 1) for number in range(extent.writing_days)]
    born = births(extent.demands, days, communities, rhythm, random)
    return Scene(cast, rhythm, random, start), born, Teller(random)


def _days(scene: Scene, teller: Teller, born: list[Birth], now: datetime) -> Iterator[Played]:
    """Play day after day; each is committed whole, then sealed under a checkpoint of its own."""
    lives, begun, total = _lives(scene, teller, born), 0, len(born)
    upcoming = next(lives, None)
    while scene.now < now:
        end = min(scene.rhythm.end_of_day(scene.now), now)
        with transaction.atomic():
            while upcoming is not None and upcoming[0] <= end:
                scene.enter(upcoming[1], upcoming[0])
                begun, upcoming = begun + 1, next(lives, None)
            scene.play_until(end)
            scene.advise()
        settings.LINLI_CLOCK.set(end)
        publish_last_quarter(end)
        while seal():
            pass
        checkpoint(end, at_once=True)
        yield Played(local_day(end), begun, total, scene.outcomes.total())


def _lives(scene: Scene, teller: Teller, born: list[Birth]) -> Iterator[tuple[datetime, Lives]]:
    """A life for each birth, with the door and the turn that it is dealt; the newest plain one of a kind may lead."""
    doors: Deck[Door] = Deck(scene.random, DOORS)
    turns: Deck[Turn] = Deck(scene.random, TURNS)
    leaders: dict[tuple[str, str], Course] = {}
    for birth in born:
        door, turn = doors.deal(), turns.deal()
        if door is Door.COMMITTEE:
            birth = replace(birth, topic=DIFFICULTIES, spot="")  # noqa: PLW2901 -- it has troubles of its own
        told = teller.told(birth.topic, birth.place.name, birth.spot)
        around = birth.spot or birth.place.code[:12]
        course = Course(scene, teller, birth, door, turn, told, leaders.get((around, birth.topic)))
        if turn in {Turn.PLAIN, Turn.LATE} and door is not Door.COMMITTEE:
            leaders[around, birth.topic] = course
        yield birth.at, course_of(course)

"""The story of a fictional district: sixty demands in forty days, each moved by the real actions under a set clock.

Permissions, records and deadlines in it are therefore real. Everything is drawn from one seed.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from linli.demo.examples import example_texts
from linli.demo.geography import district_plan
from linli.demo.lives import Life, Stage
from linli.demo.offices import Offices, establish_catalogue, establish_offices
from linli.demo.texts import DEMANDS, DIFFICULTIES
from linli.ground.matters.models import Matter
from linli.ground.matters.ticking import tick
from linli.ground.organizations.models import StreetUnit
from linli.ground.organizations.selectors import committee_of
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Account
from linli.ground.territory.facade import Level, found_district, units
from linli.kernel.access import ADMINISTRATORS, SYSTEM, Role
from linli.services.cases.facade import learn_topics
from linli.services.catalogue.facade import Topic

DAYS = 40
DEMAND_COUNT = 60
DIFFICULTY_STAGES = (Stage.CLOSED, Stage.CLOSED, Stage.DISPATCHED, Stage.RECEIVED)
OPENS, CLOSES = 9, 18


@dataclass(frozen=True)
class SampleLogin:
    """One login that is printed for trying out."""

    role: str
    login: str
    who: str


def play_story(now: datetime, *, password: str, seed: int = 7, say: Callable[[str], None] = print) -> list[SampleLogin]:
    """Found the district, its offices and catalogue, and let forty days of demands go by until `now`."""
    clock, random = settings.LINLI_CLOCK, Random(seed)  # noqa: S311 -- a story, not a secret
    start = now - timedelta(days=DAYS)
    try:
        clock.set(start)
        say("founding the district")
        found_district(district_plan(seed), actor=SYSTEM, now=start)
        offices = establish_offices(start)
        topics = establish_catalogue(offices, start)
        say("learning topics from the program's own texts")
        learn_topics(start, example_texts())
        say("sixty demands in forty days")
        residents = sample_residents(start)
        lives = _lives(random, offices, topics, residents, start, now)
        _let_time_pass(lives + _difficulties(random, offices, topics, start), now)
        return sample_logins(offices, residents, password, now)
    finally:
        clock.set(None)


def sample_residents(start: datetime) -> list[Account]:
    """The residents whose logins are printed."""
    return [
        open_account(login=login, name=name, phone=phone, actor=SYSTEM, now=start)
        for login, name, phone in (
            ("resident", "程采薇", "13800000001"),
            ("resident-2", "沈怀瑾", "13800000002"),
            ("resident-3", "柳初晴", "13800000003"),
        )
    ]


def _lives(
    random: Random, offices: Offices, topics: dict[str, Topic], residents: list[Account], start: datetime, now: datetime
) -> list[tuple[datetime, Iterator[timedelta]]]:
    communities = list(units(Level.COMMUNITY))
    streets = {street.path: street.code for street in units(Level.STREET)}
    # A handful of streets carry the story, so that each desk that is tried has something on it.
    busy = communities[:10]
    stages = list(Stage)
    lives = []
    for number in range(DEMAND_COUNT):
        told = DEMANDS[number % len(DEMANDS)]
        place = random.choice(busy)
        share = number / DEMAND_COUNT
        begun = start + (now - start) * share + timedelta(hours=random.random() * 6)
        stage = (
            stages[(number * 7 + number // 15) % len(stages)]
            if share < 0.8
            else random.choice((Stage.RECEIVED, Stage.DISPATCHED, Stage.ACCEPTED))
        )
        life = Life(
            told=told,
            topic=topics[told.topic],
            place=place,
            street=streets[place.path[:8]],
            offices=offices,
            resident=random.choice(residents) if random.random() < 0.7 else None,
            stage=stage,
            random=random,
        )
        lives.append((in_office_hours(begun), life.go()))
    return lives


def _difficulties(
    random: Random, offices: Offices, topics: dict[str, Topic], start: datetime
) -> list[tuple[datetime, Iterator[timedelta]]]:
    communities = list(units(Level.COMMUNITY))[:10]
    lives = []
    for number, told in enumerate(DIFFICULTIES):
        place = communities[number * 2]
        life = Life(
            told=told,
            topic=topics[told.topic],
            place=place,
            street=place.code[:9] + "000",
            offices=offices,
            resident=None,
            stage=DIFFICULTY_STAGES[number],
            random=random,
            committee=committee_of(place),
        )
        lives.append((in_office_hours(start + timedelta(days=4 + 9 * number)), life.go()))
    return lives


def _let_time_pass(lives: list[tuple[datetime, Iterator[timedelta]]], now: datetime) -> None:
    """Take the acts of all lives in order of time; between them the clock takes its due steps."""
    clock, order = settings.LINLI_CLOCK, itertools.count()
    queue = [(at, next(order), life) for at, life in lives]
    heapq.heapify(queue)
    while queue:
        at, _, life = heapq.heappop(queue)
        if at > now:
            continue
        _tick_until(at)
        clock.set(at)
        pause = next(life, None)
        if pause is not None:
            heapq.heappush(queue, (in_office_hours(at + pause), next(order), life))
    _tick_until(now)
    clock.set(now)


def in_office_hours(moment: datetime) -> datetime:
    """The moment itself between nine and six in the district, otherwise the next morning, a little after nine."""
    local = timezone.localtime(moment)
    if OPENS <= local.hour < CLOSES:
        return moment
    morning = local.replace(hour=OPENS, minute=5 + local.minute // 2)
    return morning if local.hour < OPENS else morning + timedelta(days=1)


def _tick_until(moment: datetime) -> None:
    """Let the clock take each step at the moment when it is due."""
    while (due := Matter.objects.filter(next_due__lte=moment).aggregate(first=Min("next_due"))["first"]) is not None:
        settings.LINLI_CLOCK.set(due)
        if not tick(due):
            raise RuntimeError(f"what is due at {due} cannot be done")


def sample_logins(offices: Offices, residents: list[Account], password: str, now: datetime) -> list[SampleLogin]:
    """Passwords for one resident and one person in each role, of one street."""
    street = min(offices.street_units, key=lambda key: key[0])[0]
    unit = offices.street_units[street, StreetUnit.URBAN_MANAGEMENT]
    centre = offices.street_units[street, StreetUnit.CITIZEN_SERVICE_CENTER]
    holders = [
        (Role.WINDOW_CLERK, centre),
        (Role.DISPATCHER, centre),
        (Role.DISPATCHER, offices.centre),
        (Role.CLERK, unit),
        (Role.REVIEWER, unit),
        (Role.SIGNER, unit),
        (Role.SUPERVISOR, offices.street_offices[street]),
        (Role.OBSERVER, offices.centre),
        (Role.AUDITOR, offices.centre),
        *((role, offices.centre) for role in sorted(ADMINISTRATORS)),
    ]
    logins = [SampleLogin("resident", residents[0].login, residents[0].person.name)]
    set_password(residents[0], password, actor=SYSTEM, now=now)
    for role, organization in holders:
        offices.actor(organization, role, now)
        account = offices.accounts[organization.pk, role]
        set_password(account, password, actor=SYSTEM, now=now)
        logins.append(SampleLogin(str(role), account.login, organization.name))
    return logins

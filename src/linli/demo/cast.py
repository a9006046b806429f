"""Who plays in the year: people in office as actors, residents, callers, and how each unit works."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from linli.demo.offices import GIVEN, SURNAMES, Offices
from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.ground.organizations.selectors import committee_of
from linli.ground.people.actions.know_person import know_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.register_household import Member, register_household
from linli.ground.people.models import Account, Person
from linli.ground.people.selectors import actor_of
from linli.ground.territory.facade import Unit
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.identity import RESIDENT_CHECKS, RESIDENT_WEIGHTS
from linli.services.catalogue.facade import Responsible, Topic, responsible_unit

MORE_GIVEN = (
    "一诺", "听澜", "慕白", "晚舟", "清越", "疏桐", "既明", "含章", "朝歌", "长宁", "予安", "知夏", "逢春", "临川",
    "栖迟", "扶摇", "嘉树", "令仪", "德音", "思远", "允执", "有容", "若谷", "千帆", "半夏", "青禾", "微澜", "穆清",
)  # fmt: skip
RESIDENTS = 480
UNASSIGNED_AREA = "990104"
CALLER_NUMBERS = range(1000, 10000)


@dataclass(frozen=True)
class Character:
    """How a unit works, from its first day to its last; what the published rates are to show.

    Args:
        pace: the share of the promised time that it usually takes.
        lateness: how often it breaks the promise without any reason.
        failure: how often what it calls solved is not.
        annoyance: how often those who rate it rate it badly.
    """

    pace: float
    lateness: float
    failure: float
    annoyance: float


@dataclass
class Cast:
    """Everybody in the story. Offices do not change in it, so an actor is read once and stays the same."""

    offices: Offices
    topics: dict[str, Topic]
    random: Random
    residents: list[Account] = field(default_factory=list)
    _actors: dict[tuple[int, Role], Actor] = field(default_factory=dict)
    _filers: dict[str, Actor] = field(default_factory=dict)
    _units: dict[tuple[str, str], Organization] = field(default_factory=dict)
    _parents: dict[int, Organization] = field(default_factory=dict)
    _characters: dict[int, Character] = field(default_factory=dict)

    def actor(self, organization: Organization, role: Role, now: datetime) -> Actor:
        """Whoever holds the role at an organization."""
        key = (organization.pk, role)
        if key not in self._actors:
            self._actors[key] = self.offices.actor(organization, role, now)
        return self._actors[key]

    def supervisor_over(self, unit: Organization, now: datetime) -> Actor:
        """Whoever supervises the unit from above."""
        if unit.pk not in self._parents:
            self._parents[unit.pk] = unit.get_parent()
        return self.actor(self._parents[unit.pk], Role.SUPERVISOR, now)

    def resident(self, account: Account, now: datetime) -> Actor:
        """A resident with an account."""
        if account.login not in self._filers:
            self._filers[account.login] = actor_of(account, now)
        return self._filers[account.login]

    def unit_for(self, topic: str, place: Unit) -> Organization:
        """The unit that answers for a topic at a place."""
        digits = {Responsible.COMMUNITY: 12, Responsible.STREET: 9}.get(Responsible(self.topics[topic].responsible), 6)
        key = (topic, place.code[:digits])
        if key not in self._units:
            self._units[key] = responsible_unit(self.topics[topic], place) or self.street_unit(
                place, StreetUnit.URBAN_MANAGEMENT
            )
        return self._units[key]

    def street_unit(self, place: Unit, unit: StreetUnit) -> Organization:
        """A unit of the street in which the place lies."""
        return self.offices.street_units[place.code[:9] + "000", unit]

    def committee(self, place: Unit) -> Organization:
        """The residents' committee of a community."""
        found = committee_of(place)
        if found is None:
            raise LookupError(place.name)
        return found

    def neighbour_of(self, unit: Organization, place: Unit) -> Organization:
        """Another unit to which the demand might have gone by mistake."""
        return self.others_than(unit, place)[0]

    def others_than(self, unit: Organization, place: Unit) -> list[Organization]:
        """The street's other units, in an order of chance."""
        others = [self.street_unit(place, each) for each in StreetUnit if each != StreetUnit.CITIZEN_SERVICE_CENTER]
        others = [each for each in others if each.pk != unit.pk]
        self.random.shuffle(others)
        return others

    def character(self, unit: Organization) -> Character:
        """How the unit works: most work well, some are slow, some careless."""
        if unit.pk not in self._characters:
            draw = Random(f"{unit.name}")  # noqa: S311 -- a story; of its own, so that no other draw moves it
            is_committee = unit.kind == Kind.COMMITTEE
            self._characters[unit.pk] = Character(
                pace=draw.uniform(0.3, 0.75),
                lateness=draw.betavariate(1.2, 14 if is_committee else 10),
                failure=draw.betavariate(2, 22),
                annoyance=draw.betavariate(2, 14 if is_committee else 11),
            )
        return self._characters[unit.pk]

    def caller(self, actor: Actor, now: datetime) -> Person:
        """Somebody who leaves a name and a telephone, to a clerk or with a demand of their own."""
        phone = f"1380000{self.random.choice(CALLER_NUMBERS)}"
        return know_person(name=self.name(), phone=phone, actor=actor, now=now)

    def name(self) -> str:
        """A name that nobody real is meant by."""
        return self.random.choice(SURNAMES) + self.random.choice(GIVEN + MORE_GIVEN)

    def settle_residents(self, communities: list[Unit], count: int, now: datetime) -> None:
        """Residents with accounts, beside those that the story has already, and some households with their numbers."""
        for serial in range(count):
            login = f"resident-{len(self.residents) + 1}"
            phone = f"1380000{len(self.residents) + 1:04}"
            self.residents.append(open_account(login=login, name=self.name(), phone=phone, actor=SYSTEM, now=now))
            community = communities[serial % len(communities)]
            if serial < len(communities):
                self._move_in(community, serial, now)

    def _move_in(self, community: Unit, serial: int, now: datetime) -> None:
        name, number, entered = self.name(), resident_number(serial), now.date()
        address = f"{community.name.removesuffix('社区')}{1 + serial % 30}号{1 + serial % 6}单元{1 + serial % 6}01室"
        register_household(community, address, [Member(name, number)], entered_on=entered, actor=SYSTEM, now=now)


def resident_number(serial: int) -> str:
    """The valid number of somebody born in an area that is assigned to nobody."""
    born = f"19{60 + serial % 40}0{1 + serial % 9}{10 + serial % 18}"
    first = f"{UNASSIGNED_AREA}{born}{serial % 1000:03}"
    weighted = sum(weight * int(digit) for weight, digit in zip(RESIDENT_WEIGHTS, first, strict=True))
    return first + RESIDENT_CHECKS[weighted % 11]

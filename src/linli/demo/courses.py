"""The course of one demand through the year: its acts, with the moments between them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linli.demo.fates import NEEDS_FILER, Birth, Door, Turn
from linli.demo.scene import Lives, Scene
from linli.demo.telling import Teller, Told
from linli.ground.matters.action import Done
from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization, StreetUnit
from linli.ground.people.models import Account, Person
from linli.kernel.access import VISITOR, Actor, Role
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.actions.report_difficulty import report_difficulty
from linli.services.cases.facade import ProposedTopic, proposals_for
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Channel

CHANNELS = {Door.PHONE: Channel.PHONE, Door.COUNTER: Channel.COUNTER, Door.LETTER: Channel.LETTER}
HIDES_FROM_UNIT = 0.12
WANTS_PUBLICATION = 0.6


@dataclass
class Course:
    """One demand, told as a series of acts; every act is yielded the moment at which the next one comes."""

    scene: Scene
    teller: Teller
    birth: Birth
    door: Door
    turn: Turn
    told: Told
    leading: "Course | None" = None
    matter: int = 0
    account: Account | None = None
    person: Person | None = None
    unit: Organization = field(init=False)
    desk_office: Organization = field(init=False)
    due: datetime = field(init=False)
    closed: bool = False
    given_up: bool = False

    def __post_init__(self) -> None:
        self.unit = self.scene.cast.unit_for(self.birth.topic, self.birth.place)
        self.desk_office = self.scene.cast.street_unit(self.birth.place, StreetUnit.CITIZEN_SERVICE_CENTER)
        if self.turn in NEEDS_FILER and self.door in {Door.NAMELESS, Door.LETTER}:
            self.door = Door.NAMED
        if self.door is Door.COMMITTEE:
            self.turn = Turn.PLAIN
        random = self.scene.random
        self.shown = random.random() >= HIDES_FROM_UNIT
        self.wants_publication = random.random() < WANTS_PUBLICATION

    def act(self, name: str, actor: Actor, **inputs: Any) -> Done[Case]:
        """Take one step on this demand."""
        done = self.scene.act(name, self.matter, actor, **inputs)
        self.due = done.matter.due_at
        self.closed = done.matter.closed_at is not None
        return done

    def receive(self) -> None:
        """It comes in by its door."""
        opened = self._report() if self.door is Door.COMMITTEE else self._receive()
        self.scene.outcomes["receive_case"] += 1
        self.scene.doors[self.door] += 1
        self.scene.received(opened.matter)
        self.desk_office = opened.matter.desk
        self.matter, self.due = opened.matter.pk, opened.matter.due_at

    def _report(self) -> Done[Case]:
        committee = self.scene.cast.committee(self.birth.place)
        clerk = self.scene.cast.actor(committee, Role.CLERK, self.now)
        return report_difficulty(actor=clerk, now=self.now, title=self.told.title, text=self.told.text)

    def _receive(self) -> Done[Case]:
        actor, cast, random = VISITOR, self.scene.cast, self.scene.random
        if self.door is Door.RESIDENT:
            self.account = random.choice(cast.residents)
            self.person, actor = self.account.person, cast.resident(self.account, self.now)
        elif self.door in CHANNELS:
            actor = self.counter
        if self.door in {Door.NAMED, Door.PHONE, Door.COUNTER}:
            self.person = cast.caller(actor, self.now)
        return receive_case(
            actor=actor,
            now=self.now,
            title=self.told.title,
            text=self.told.text,
            place=self.birth.place,
            channel=CHANNELS.get(self.door, Channel.WEB),
            filer=self.person,
            visibility="public" if self.wants_publication else "private",
            identity_shown=self.shown,
            complained_of=self.unit if self.turn is Turn.COMPLAINT else None,
            place_text=self.told.place,
            longitude=self.birth.place.longitude,
            latitude=self.birth.place.latitude,
        )

    def state(self) -> str:
        """The state to which others, or time, have brought it."""
        return str(Matter.objects.values_list("state", flat=True).get(pk=self.matter))

    def proposed(self) -> ProposedTopic | None:
        """What the dispatcher finds proposed, if the demand lay there over night."""
        if self.matter not in self.scene.advised:
            return None
        case = Case.objects.select_related("matter").get(pk=self.matter)
        return next((each for each in proposals_for(case, self.now) if each.is_sure), None)

    def is_over(self) -> bool:
        """Whether it was withdrawn or declined."""
        return self.given_up

    @property
    def now(self) -> datetime:
        """The moment that the story has reached."""
        return self.scene.now

    @property
    def counter(self) -> Actor:
        """The window clerk of the street's citizen service centre."""
        return self.scene.cast.actor(self.desk_office, Role.WINDOW_CLERK, self.now)

    @property
    def desk(self) -> Actor:
        """The dispatcher of the office that received it."""
        return self.scene.cast.actor(self.desk_office, Role.DISPATCHER, self.now)

    def of_unit(self, role: Role, unit: Organization | None = None) -> Actor:
        """Somebody of the unit that is to answer, or of another one."""
        return self.scene.cast.actor(unit or self.unit, role, self.now)

    @property
    def supervisor(self) -> Actor:
        """Whoever supervises the unit from above."""
        return self.scene.cast.supervisor_over(self.unit, self.now)

    @property
    def filer(self) -> Actor:
        """Who filed it: signed in, or with number and code."""
        if self.account is not None:
            return self.scene.cast.resident(self.account, self.now)
        return Actor(keys=frozenset({self.matter}))

    @property
    def has_contact(self) -> bool:
        """Whether the filer can be called."""
        return self.person is not None or self.door is Door.COMMITTEE

    def in_office(self, least: float, most: float) -> datetime:
        """Some hours from now, when offices work."""
        return self.scene.rhythm.in_office(self.now + timedelta(hours=self.scene.random.uniform(least, most)))

    def shortly(self, least: float, most: float) -> datetime:
        """Some hours from now, whatever time it is."""
        return self.now + timedelta(hours=self.scene.random.uniform(least, most))

    def at_home(self, least: float, most: float) -> datetime:
        """Some hours from now, when people are awake."""
        return self.scene.rhythm.awake(self.shortly(least, most))

    def chance(self, share: float) -> bool:
        """Whether something that happens with this share happens."""
        return self.scene.random.random() < share


@dataclass
class Part:
    """A part of a demand that was split: another unit answers it to the leading one."""

    whole: Course
    unit: Organization
    matter: int
    closed: bool = False

    def go(self) -> Lives:
        """Accepted, worked on, answered."""
        course, scene = self.whole, self.whole.scene
        clerk = course.of_unit(Role.CLERK, self.unit)
        yield course.in_office(1, 5)
        scene.act("accept_case", self.matter, clerk)
        yield course.in_office(4, 20)
        scene.act("handle_case", self.matter, clerk, work=course.teller.phrase("part work"))
        scene.act("draft_reply", self.matter, clerk, reply=course.teller.part_reply())
        yield course.in_office(1, 3)
        scene.act("review_reply", self.matter, course.of_unit(Role.REVIEWER, self.unit))
        done = scene.act("sign_reply", self.matter, course.of_unit(Role.SIGNER, self.unit))
        self.closed = done.matter.closed_at is not None

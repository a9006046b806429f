"""The life of one demand in the story: how far it comes, and what happens on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

from django.conf import settings

from linli.demo.offices import Offices
from linli.demo.texts import BAD_NEWS, SUPPLEMENT, Told
from linli.ground.organizations.models import Organization, StreetUnit
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.ground.territory.facade import Unit
from linli.kernel.access import VISITOR, Actor, Role
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.actions.report_difficulty import report_difficulty
from linli.services.cases.facade import ProposedTopic, advise_on, proposals_for
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.publishing import masked_proposal
from linli.services.cases.rules.vocabulary import CallResult, Rating
from linli.services.catalogue.facade import Topic, responsible_unit


class Stage(Enum):
    """How far a demand comes."""

    CLOSED = 1
    RECEIVED = 2
    RATED = 3
    DISPATCHED = 4
    ACCEPTED = 5
    PUBLISHED = 6
    WAITING = 7
    HANDLED = 8
    REOPENED = 9
    DRAFTED = 10
    REPLIED = 11
    SUPERVISED = 12
    DECLINED = 13
    RETURNED = 14
    EXTENDED = 15


ENDED = {Stage.CLOSED, Stage.RATED, Stage.PUBLISHED, Stage.REOPENED}


@dataclass
class Life:
    """One demand, told as a series of acts with pauses between them."""

    told: Told
    topic: Topic
    place: Unit
    street: str
    offices: Offices
    resident: Account | None
    stage: Stage
    random: Random
    matter: int = field(default=0)
    committee: Organization | None = None

    def go(self) -> Iterator[timedelta]:
        """Yield the pause before each next act."""
        self.receive()
        yield self.pause(1, 5)
        if self.stage is Stage.RECEIVED:
            return
        self.act("file_case", self.desk, topic=self.topic, proposed=self.proposed())
        if self.stage is Stage.DECLINED:
            self.act(
                "decline_case", self.desk, reason="经核对，该处属于铁路单位管理范围。", right_door="铁路服务热线 12306"
            )
            return
        self.act("dispatch_case", self.desk, unit=self.unit, proposed=responsible_unit(self.topic, self.place))
        yield self.pause(1, 6)
        if self.stage is Stage.DISPATCHED:
            return
        if self.stage is Stage.RETURNED:
            self.act("return_case", self.clerk, reason="现场在相邻街道，请改派。")
            return
        self.act("accept_case", self.clerk)
        yield from self._handle()
        if self.stage in ENDED or self.stage is Stage.REPLIED:
            yield from self._answer()

    def _handle(self) -> Iterator[timedelta]:
        if self.stage is Stage.ACCEPTED:
            return
        if self.stage is Stage.WAITING and self.resident:
            self.act("ask_supplement", self.clerk, question=SUPPLEMENT[0])
            yield self.pause(20, 30)
            self.act("supply_supplement", self.filer, text=SUPPLEMENT[1])
            return
        if self.stage is Stage.SUPERVISED:
            yield timedelta(days=9)
            self.act("supervise_case", self.supervisor, requirement="请三日内办结并向反映人说明超期原因。")
            return
        if self.stage is Stage.EXTENDED:
            yield self.pause(20, 40)
            self.act("request_extension", self.clerk, days=3, reason="需要更换的部件正在采购。")
            yield self.pause(2, 6)
            self.act("grant_extension", self.supervisor, note="同意，请告知反映人。")
            return
        yield self.pause(20, 50)
        self.act("handle_case", self.clerk, work=self.told.work)
        if self.stage is Stage.HANDLED:
            return
        self.act("draft_reply", self.clerk, reply=self.told.reply)

    def _answer(self) -> Iterator[timedelta]:
        yield self.pause(1, 4)
        if not self.topic.waives_second_person:
            self.act("review_reply", self.office(Role.REVIEWER))
        self.act("sign_reply", self.office(Role.SIGNER))
        if self.stage is Stage.REPLIED:
            return
        yield self.pause(18, 40)
        if self.stage is Stage.REOPENED and self.resident:
            self.act("reopen_case", self.filer, reason=BAD_NEWS)
            return
        if self.resident or self.committee:
            self.act("call_back_case", self.desk, result=CallResult.SOLVED, note="反映人表示满意。")
        self.act("verify_case", self.desk)
        self.act("close_case", self.desk)
        yield self.pause(1, 20)
        if self.resident and self.stage in {Stage.RATED, Stage.PUBLISHED}:
            rating = self.random.choice([Rating.VERY_SATISFIED, Rating.SATISFIED, Rating.BASICALLY_SATISFIED])
            self.act("rate_case", self.filer, rating=rating)
        if self.committee is not None:
            return
        proposal = masked_proposal(Case.objects.select_related("matter").get(pk=self.matter))
        self.act("publish_case", self.clerk, **proposal.fields())

    def receive(self) -> None:
        """The demand, or the committee's difficulty, reaches the street's citizen service centre."""
        if self.committee is not None:
            clerk = self.offices.actor(self.committee, Role.CLERK, self.now)
            reported = report_difficulty(actor=clerk, now=self.now, title=self.told.title, text=self.told.text)
            self.matter = reported.matter.pk
            return
        opened = receive_case(
            actor=actor_of(self.resident, self.now) if self.resident else VISITOR,
            now=self.now,
            title=self.told.title,
            text=self.told.text,
            place=self.place,
            filer=self.resident.person if self.resident else None,
            visibility="private" if self.stage is Stage.SUPERVISED else "public",
            longitude=self.place.longitude,
            latitude=self.place.latitude,
        )
        self.matter = opened.matter.pk
        advise_on([self.matter], self.now)

    def act(self, name: str, actor: Actor, **inputs: Any) -> None:
        """Take one step."""
        CASES.actions[name](self.matter, actor=actor, now=self.now, **inputs)

    def proposed(self) -> ProposedTopic | None:
        """What the dispatcher finds proposed."""
        case = Case.objects.select_related("matter").get(pk=self.matter)
        return next((each for each in proposals_for(case, self.now) if each.is_sure), None)

    def pause(self, least: float, most: float) -> timedelta:
        """Some hours."""
        return timedelta(hours=self.random.uniform(least, most))

    @property
    def now(self) -> datetime:
        """The moment that the story has reached."""
        moment: datetime = settings.LINLI_CLOCK.now()
        return moment

    @property
    def unit(self) -> Organization:
        """The unit that answers for the topic at this place."""
        found = responsible_unit(self.topic, self.place)
        return found or self.offices.street_units[self.street, StreetUnit.URBAN_MANAGEMENT]

    def office(self, role: Role) -> Actor:
        """Somebody of the responsible unit in a role."""
        return self.offices.actor(self.unit, role, self.now)

    @property
    def desk(self) -> Actor:
        """The dispatcher of the street's citizen service centre."""
        centre = self.offices.street_units[self.street, StreetUnit.CITIZEN_SERVICE_CENTER]
        return self.offices.actor(centre, Role.DISPATCHER, self.now)

    @property
    def clerk(self) -> Actor:
        """The clerk of the responsible unit."""
        return self.office(Role.CLERK)

    @property
    def supervisor(self) -> Actor:
        """Whoever supervises the responsible unit: the street's for its own, the district's for a department."""
        return self.offices.actor(self.unit.get_parent(), Role.SUPERVISOR, self.now)

    @property
    def filer(self) -> Actor:
        """The resident who filed."""
        if self.resident is None:
            raise ValueError("nobody to speak for an anonymous demand")
        return actor_of(self.resident, self.now)

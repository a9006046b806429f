"""One demand, the time of day, and everybody concerned by name; who is told of what, and what the clock does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from linli.ground.matters.action import Refused
from linli.ground.matters.standing import standing_of
from linli.ground.matters.ticking import tick
from linli.ground.notices.models import Notice
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.kernel.access import Actor, Role
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import CallResult
from linli.site.running import settle
from tests.world import Snapshot, World

HERE = ZoneInfo("Asia/Shanghai")
INSTANT = timedelta(microseconds=1)


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{hour:02d}:00").replace(tzinfo=HERE).astimezone(UTC)


def midnight_after(day: str) -> datetime:
    return at(day, 0) + timedelta(days=1)


class Journey:
    """A case, the time of day, and everybody concerned by name."""

    def __init__(self, world: World, begins: datetime) -> None:
        self.world = world
        self.accounts: dict[str, Account] = {
            "filer": world.resident_account,
            "desk": world.account(Role.DISPATCHER, "citizen_service_center A"),
            "clerk": world.account(Role.CLERK, "urban_management A"),
            "colleague": world.account(Role.CLERK, "urban_management A", "同事"),
            "reviewer": world.account(Role.REVIEWER, "urban_management A"),
            "signer": world.account(Role.SIGNER, "urban_management A"),
            "superior": world.account(Role.SUPERVISOR, "street A"),
            "other clerk": world.account(Role.CLERK, "urban_management B"),
            "other superior": world.account(Role.SUPERVISOR, "street B"),
        }
        self.people = {account.person_id: name for name, account in self.accounts.items()}
        self.go_to(begins)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        settle()
        self.pk = world.receive(actor=world.resident, filer=world.resident_account.person).matter.pk

    def go_to(self, moment: datetime) -> None:
        self.world.now = moment
        settings.LINLI_CLOCK.set(moment)

    def act(self, who: str, name: str, **inputs: Any) -> None:
        CASES.actions[name](self.pk, actor=self.actor(who), now=self.world.now, **inputs)

    def refused(self, who: str, name: str, why: str, **inputs: Any) -> None:
        snapshot = Snapshot()
        with pytest.raises(Refused, match=why):
            self.act(who, name, **inputs)
        assert snapshot.unchanged()

    def ticks(self, *events: str) -> None:
        """The clock comes by, and does exactly these things."""
        newest = Record.objects.order_by("-pk").values_list("pk", flat=True)[0]
        tick(self.world.now)
        assert list(Record.objects.filter(pk__gt=newest).order_by("pk").values_list("event", flat=True)) == list(events)

    def actor(self, who: str) -> Actor:
        return actor_of(self.accounts[who], self.world.now)

    @property
    def case(self) -> Case:
        return World.case(self.pk)

    def told(self) -> dict[str, set[str]]:
        """Who has been told of what since the last time this was asked."""
        settle()
        found: dict[str, set[str]] = {}
        for notice in Notice.objects.filter(matter=self.pk, read_at=None).order_by("pk"):
            found.setdefault(notice.event, set()).add(self.people[notice.person_id])
            assert notice.as_staff is (notice.person_id != self.world.resident_account.person_id)
        Notice.objects.update(read_at=self.world.now)
        return found

    def light(self) -> str:
        return standing_of(CASES, self.case.matter, self.world.now)["light"]

    def page(self, who: str) -> str:
        client = Client()
        client.force_login(self.accounts[who])
        answer = client.get(reverse("desk_case", kwargs={"number": self.case.matter.number}))
        assert answer.status_code == 200
        return answer.content.decode()


def to_hands(journey: Journey) -> None:
    journey.act("desk", "file_case", topic=journey.world.topic)
    journey.act("desk", "dispatch_case", unit=journey.world.office["urban_management A"])
    journey.act("clerk", "accept_case")


def to_reply(journey: Journey) -> None:
    journey.act("clerk", "handle_case", work="已更换灯泡。")
    journey.act("clerk", "draft_reply", reply="您好,路灯已修好。")
    journey.act("reviewer", "review_reply")
    journey.act("signer", "sign_reply")


def to_close(journey: Journey) -> None:
    to_reply(journey)
    journey.act("desk", "call_back_case", result=CallResult.SOLVED)
    journey.act("desk", "verify_case")
    journey.act("desk", "close_case")

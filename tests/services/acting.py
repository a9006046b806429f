"""Acting on a case in a test: what was written, what was refused, and when something is due."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from linli.ground.matters.action import Done, Refused
from linli.ground.matters.clocks import end_of, local_day
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Entry
from linli.ground.record.writing import Audience
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.workdays import Workdays
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from tests.world import Snapshot, World

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
WORKDAYS = Workdays.shipped()
ALWAYS = {"from", "to", "holder", "desk"}


def act(world: World, case: Case, name: str, actor: Actor, **inputs: Any) -> Done[Case]:
    done: Done[Case] = CASES.actions[name](case.pk, actor=actor, now=world.now, **inputs)
    case.refresh_from_db()
    case.matter.refresh_from_db()
    assert done.record.event == name
    return done


def refused(world: World, case: Case, name: str, actor: Actor, why: str, **inputs: Any) -> None:
    """The act is refused with this blocker or reason, and not a row of any table is another one."""
    snapshot = Snapshot()
    with pytest.raises(Refused) as refusal:
        CASES.actions[name](case.pk, actor=actor, now=world.now, **inputs)
    assert (refusal.value.blockers[0].code if refusal.value.blockers else refusal.value.reason) == why
    assert snapshot.unchanged()


def wrote(done: Done[Case], audience: Audience, texts: dict[str, str], **codes: Any) -> None:
    """The readable half and the record, as they were written; a text stands in the record as a digest only."""
    entry = Entry.objects.get(pk=done.record.pk)
    assert (entry.audience, entry.texts) == (audience, texts)
    assert set(done.record.digests) >= set(texts)
    own = {name: value for name, value in done.record.codes.items() if name not in ALWAYS}
    assert {name: moment(value) for name, value in own.items()} == codes
    assert done.record.subject == done.matter.number
    assert not any(text in str(done.record.codes) for text in texts.values())


def moment(value: Any) -> Any:
    """A code, read back when it is a moment."""
    return datetime.fromisoformat(value) if isinstance(value, str) and MOMENT.match(value) else value


def due(world: World, days: int) -> datetime:
    return end_of(WORKDAYS.add(local_day(world.now), days))


def moved(case: Case, done: Done[Case], before: str, after: str) -> None:
    assert case.matter.state == after
    assert (done.record.codes["from"], done.record.codes["to"]) == (before, after)


def in_offices(world: World, *roles: Role) -> Actor:
    """One person in several offices of the holding unit."""
    unit = world.office["urban_management A"]
    account = world.account(roles[0], "urban_management A", "身兼数职")
    for role in roles[1:]:
        appoint_person(account.person, unit, role, starts=date(2026, 1, 1), actor=SYSTEM, now=world.now)
    return actor_of(account, world.now)

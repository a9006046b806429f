"""Procedures as values: which step is taken, what is missing, what time does, and the picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto

import pytest

from linli.kernel.procedure import Blocker, Due, NotOpen, Procedure, missing, step

NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


class Door(StrEnum):
    OPEN = auto()
    SHUT = auto()
    LOCKED = auto()


@dataclass(frozen=True)
class DoorFacts:
    has_key: bool = False
    is_fire: bool = False


def has_key(facts: DoorFacts) -> tuple[Blocker, ...]:
    return () if facts.has_key else missing("no_key", asked=1)


def in_a_fire(facts: DoorFacts) -> tuple[Blocker, ...]:
    return () if facts.is_fire else missing("no_fire")


def deadlines(facts: DoorFacts) -> Iterator[Due]:
    yield Due(NOW + timedelta(hours=2), "lock_door")
    if facts.is_fire:
        yield Due(NOW, "unlock_door")


DOOR = Procedure(
    kind="door",
    version=1,
    initial=Door.OPEN,
    ends=frozenset({Door.LOCKED}),
    deadlines=deadlines,
    steps=(
        step("shut_door", Door.OPEN, Door.SHUT),
        step("lock_door", {Door.SHUT, Door.OPEN}, Door.LOCKED, has_key),
        step("unlock_door", Door.LOCKED, Door.SHUT, has_key),
        step("unlock_door", Door.LOCKED, Door.OPEN, in_a_fire),
        step("knock", {Door.SHUT, Door.LOCKED}),
    ),
)


def test_a_step_is_taken_when_nothing_is_missing() -> None:
    taken, blockers = DOOR.take("lock_door", "shut", DoorFacts(has_key=True))
    assert taken is not None
    assert (taken.target, blockers) == (Door.LOCKED, ())


def test_what_is_missing_is_said_with_its_values() -> None:
    taken, blockers = DOOR.take("lock_door", "shut", DoorFacts())
    assert taken is None
    assert [(each.code, each.values) for each in blockers] == [("no_key", {"asked": 1})]


def test_the_second_way_is_taken_when_the_first_is_blocked() -> None:
    taken, _ = DOOR.take("unlock_door", "locked", DoorFacts(is_fire=True))
    assert taken is not None
    assert taken.target is Door.OPEN
    taken, _ = DOOR.take("unlock_door", "locked", DoorFacts(has_key=True, is_fire=True))
    assert taken is not None
    assert taken.target is Door.SHUT


def test_when_both_ways_are_blocked_the_first_says_why() -> None:
    assert DOOR.take("unlock_door", "locked", DoorFacts())[1][0].code == "no_key"


@pytest.mark.parametrize(("name", "state"), [("shut_door", "locked"), ("unlock_door", "open"), ("burn_door", "open")])
def test_a_step_that_the_state_does_not_know_is_not_open(name: str, state: str) -> None:
    with pytest.raises(NotOpen):
        DOOR.take(name, state, DoorFacts(has_key=True, is_fire=True))


def test_what_is_open_in_each_state() -> None:
    assert DOOR.open_in("open") == ("shut_door", "lock_door")
    assert DOOR.open_in("shut") == ("lock_door", "knock")
    assert DOOR.open_in("locked") == ("unlock_door", "knock")
    assert DOOR.names() == ("shut_door", "lock_door", "unlock_door", "knock")
    assert DOOR.states() == tuple(Door)


def test_time_does_the_earliest_thing() -> None:
    assert DOOR.next_due(DoorFacts()) == Due(NOW + timedelta(hours=2), "lock_door")
    assert DOOR.next_due(DoorFacts(is_fire=True)) == Due(NOW, "unlock_door")


def test_the_picture_shows_every_move() -> None:
    words = {"open": "开", "shut": "关", "locked": "锁"}
    drawn = DOOR.mermaid(lambda code: words.get(code, code))
    assert drawn.splitlines() == [
        "stateDiagram-v2",
        "    open : 开",
        "    shut : 关",
        "    locked : 锁",
        "    [*] --> open",
        "    open --> shut : shut_door",
        "    open --> locked : lock_door",
        "    shut --> locked : lock_door",
        "    locked --> shut : unlock_door",
        "    locked --> open : unlock_door",
        "    locked --> [*]",
    ]

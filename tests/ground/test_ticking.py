"""The clock process: one matter that fails holds no other up, and what has moved meanwhile is noted anew."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.ground.matters import ticking
from linli.ground.matters.models import Matter
from linli.ground.matters.ticking import tick
from linli.ground.record.models import Record
from linli.services.cases.feature import CASES
from tests.world import World

locking = ticking.lock


def ripe(world: World, count: int) -> list[int]:
    made = [world.case_of(state="accepted").pk for _ in range(count)]
    world.later(days=30)
    return made


def test_a_matter_that_fails_holds_no_other_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = ripe(world, 2)
    warn = CASES.actions["warn_holder"]

    def failing(matter: int, **given: Any) -> Any:
        if matter == bad:
            raise ZeroDivisionError
        return warn(matter, **given)

    monkeypatch.setitem(CASES.actions, "warn_holder", failing)
    assert tick(world.now) == 2
    events = Record.objects.filter(subject=Matter.objects.get(pk=good).number).values_list("event", flat=True)
    assert {"warn_holder", "mark_overdue"} <= set(events)
    assert tick(world.now) == 0, "the bad one is tried once in each round"
    monkeypatch.undo()
    assert tick(world.now) == 2


def test_a_kind_that_nobody_knows_holds_no_other_up(world: World) -> None:
    bad, _ = ripe(world, 2)
    Matter.objects.filter(pk=bad).update(kind="unknown")
    assert tick(world.now) == 2


@pytest.mark.parametrize("closed", [False, True])
def test_a_moment_that_has_moved_is_noted_anew_under_the_lock(
    world: World, monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    case = world.case_of(state="closed" if closed else "accepted").pk
    right = Matter.objects.get(pk=case).next_due
    Matter.objects.filter(pk=case).update(next_due=world.now)
    locked: list[int] = []
    monkeypatch.setattr(ticking, "lock", lambda feature, pk: locked.append(pk) or locking(feature, pk))
    with CaptureQueriesContext(connection) as queries:
        assert tick(world.now) == 1
    assert locked == [case]
    assert Matter.objects.get(pk=case).next_due == right
    written = [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]
    assert len(written) == 1
    assert written[0].count(" = ") == 2, "only the moment is written"

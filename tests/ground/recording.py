"""A record with a replied case in it, and the tools of whoever tampers with it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from linli.ground.record import triggers
from linli.ground.record.canonical import canonical, record_content
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.models import Record
from linli.ground.record.verifying import verify_database
from linli.ground.record.writing import keep
from linli.kernel.access import SYSTEM
from linli.kernel.merkle import leaf_hash
from linli.services.cases.feature import CASES
from tests.world import World

pytestmark = pytest.mark.django_db


def write(count: int, world_now: Any, *, event: str = "try_record") -> list[Record]:
    with transaction.atomic():
        return [
            keep(event, actor=SYSTEM, now=world_now, subject=f"thing:{number}", texts={"note": f"第 {number} 条"})
            for number in range(count)
        ]


def seal_at(now: Any) -> None:
    while seal():
        pass
    checkpoint(now, at_once=True)


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Raw SQL by somebody who owns the database and has taken the guards off."""
    triggers.drop(None, connection.schema_editor())

    def run(sql: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount, sql

    return run


def faults() -> list[str]:
    return [f"{each.place}: {each.problem}" for each in verify_database().faults]


def only_fault() -> str:
    (fault,) = faults()
    return fault


def leaf_of(record: Record) -> bytes:
    return leaf_hash(canonical(record_content(record)))


@pytest.fixture
def replied(world: World) -> World:
    """A case with a reply; three checkpoints lie along its way."""
    case = world.case_of(state="accepted")
    seal_at(world.later(minutes=5))
    for name, inputs, actor, _ in list(world.way("A"))[3:7]:
        CASES.actions[name](case.pk, actor=actor, now=world.now, **inputs)
    seal_at(world.later(minutes=5))
    write(3, world.now)
    seal_at(world.later(minutes=5))
    assert verify_database().whole
    return world

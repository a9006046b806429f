"""The same key sent at the same time: the work is done once, and both get the one answer."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from linli.ground.matters.models import Matter
from linli.ground.record import triggers
from tests.faces.program import Program
from tests.world import World

AT_ONCE = 4
FILED = {
    "text": "小区门口路灯坏了三天，晚上看不见路。",
    "street": "990104001000",
    "visibility": "private",
    "identity_shown": "yes",
}


@pytest.fixture
def _open_record(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The record lets itself be emptied when the test is over."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        triggers.drop(None, editor)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        triggers.create(None, editor)


@pytest.fixture
def program(_open_record: None, transactional_db: None, world: World) -> Program:
    return Program(world, world.resident_account)


@pytest.mark.parametrize("round_", range(3))
def test_a_key_sent_four_times_at_once_files_one_demand(program: Program, round_: int) -> None:
    together, answers = Barrier(AT_ONCE), []

    def send() -> None:
        together.wait()
        try:
            answers.append(program.send("/cases", FILED, key=f"race-{round_}"))
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == AT_ONCE - 1
    assert Matter.objects.count() == 1

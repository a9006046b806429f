"""Followers of the log: a long batch costs no more queries than a short one, and nothing is told twice or astray."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.ground.notices.models import Notice
from linli.ground.notices.telling import tell_recipients
from linli.ground.people.models import Appointment
from linli.ground.record.following import FOLLOWERS, Follower, follow
from linli.ground.record.log import seal
from linli.ground.record.models import Record, Subscription
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.site.running import seal_and_follow, settle
from tests.world import World

# SQLite takes 99 notices in one statement; 30 demands make some 200.
MORE_STATEMENTS = 3


def busy(world: World, count: int) -> None:
    """So many demands with something for everybody who can be told."""
    world.actor(Role.SUPERVISOR, "street A")
    for _ in range(count):
        case = world.case_of(state="accepted")
        CASES.actions["urge_case"](case.pk, actor=world.resident, now=world.now)
        CASES.actions["request_extension"](case.pk, actor=world.clerk_of(), now=world.now, days=2, reason="等配件。")


def queries_of(name: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert follow(FOLLOWERS[name])
    return len(queries)


@pytest.mark.parametrize("name", sorted(FOLLOWERS))
def test_thirty_demands_cost_no_more_queries_than_three(world: World, name: str) -> None:
    busy(world, 1)
    settle()
    counted = []
    for count in (3, 30):
        busy(world, count)
        while seal():
            pass
        counted.append(queries_of(name))
    few, many = counted
    assert many <= few + MORE_STATEMENTS


def test_what_was_told_before_a_kill_is_not_told_again(world: World) -> None:
    busy(world, 3)
    rows = list(Record.objects.select_related("entry").order_by("id"))
    tell_recipients(rows[: len(rows) // 2])
    tell_recipients(rows)
    told = list(Notice.objects.order_by("id").values_list("record", "person"))
    assert len(told) == len(set(told))
    Notice.objects.all().delete()
    tell_recipients(rows)
    again = list(Notice.objects.order_by("id").values_list("record", "person"))
    assert set(again) == set(told)
    assert [record for record, _ in again] == sorted(record for record, _ in again), "in the order of the log"


def test_who_held_the_office_on_the_day_of_each_row_is_told(world: World) -> None:
    """One batch over a change of office: the one who left is told of the first day, the newcomer of the second."""
    left = Appointment.objects.get(person=world.clerk_of().person)
    world.case_of(state="dispatched")
    Appointment.objects.filter(pk=left.pk).update(ends=world.now.date())
    world.later(days=1)
    newcomer = Appointment.objects.get(person=world.clerk_of(name="新同事").person)
    Appointment.objects.filter(pk=newcomer.pk).update(starts=world.now.date())
    world.case_of(state="dispatched")
    settle()
    told = Notice.objects.filter(event="dispatch_case", as_staff=True).order_by("id")
    assert list(told.values_list("person", "at__date")) == [
        (left.person_id, (world.now - timedelta(days=1)).date()),
        (newcomer.person_id, world.now.date()),
    ]


def test_who_was_overtaken_while_doing_ahead_hands_no_rows_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after the rows that were done ahead has to be done ahead too."""
    settle()
    busy(world, 1)
    while seal():
        pass
    handled: list[int] = []
    done_ahead: list[int] = []

    def handle(rows: list[Record]) -> None:
        handled.extend(row.pk for row in rows)

    def ahead(rows: list[Record]) -> None:
        done_ahead.extend(row.pk for row in rows)
        if len(done_ahead) == 2:  # another worker has been here meanwhile
            Subscription.objects.update_or_create(name="own", defaults={"position": rows[-1].position + 1})

    own = Follower("own", handle, ahead)
    assert follow(own, 2) == 2
    assert (len(done_ahead), handled) == (2, [])
    while follow(own, 2):
        pass
    assert handled == done_ahead[2:]
    assert len(set(done_ahead)) == len(done_ahead) == Record.objects.count()


def test_others_may_write_after_each_part_of_the_worker_s_work(world: World) -> None:
    settle()
    pauses: list[int] = []
    busy(world, 1)
    assert seal_and_follow(between=lambda: pauses.append(1))
    assert len(pauses) == 1 + len(FOLLOWERS)
    assert seal_and_follow(between=lambda: pauses.append(1)) == 0
    assert len(pauses) == 1 + len(FOLLOWERS)

"""The API as of a day: lists and spans tell what stood then, and only to whom the demand is open today."""

from datetime import date, timedelta
from typing import Any

import pytest

from linli.ground.matters.clocks import local_day
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.faces.program import Program
from tests.world import World


class Lived:
    """A demand received on the first day, dispatched on the second, answered and published on the third."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.case = world.case_of()
        self.received = local_day(world.now)
        world.later(days=1)
        self._dispatch()
        self.dispatched = local_day(world.now)
        world.later(days=1)
        self._answer()
        self.answered = local_day(world.now)
        world.later(days=1)
        settle()

    def _dispatch(self) -> None:
        desk = self.world.dispatcher_of()
        self.act("file_case", desk, topic=self.world.topic)
        self.act("dispatch_case", desk, unit=self.world.office["urban_management A"])

    def _answer(self) -> None:
        for name, inputs, actor, state in list(self.world.way("A"))[2:]:
            self.act(name, actor, **inputs)
            if state == "replied":
                break
        texts = {"title": "路灯", "text": "路灯不亮。", "reply": "已修好。"}
        self.act("publish_case", self.world.clerk_of(), **texts)

    def act(self, name: str, actor: Any, **inputs: Any) -> None:
        CASES.actions[name](self.case.pk, actor=actor, now=self.world.now, **inputs)


@pytest.fixture
def lived(world: World) -> Lived:
    return Lived(world)


def program(world: World, role: Role, office: str) -> Program:
    return Program(world, world.account(role, office))


def states(program: Program, path: str, **asked: Any) -> list[str]:
    status, page = program.get(path, **asked)
    assert status == 200, page
    return [row["state"] for row in page["rows"]]


def test_a_list_of_a_day(lived: Lived) -> None:
    desk = program(lived.world, Role.DISPATCHER, "citizen_service_center A")
    before = lived.received - timedelta(days=1)
    days: list[date] = [before, lived.received, lived.dispatched, lived.answered]
    found = [states(desk, "/cases", reach="any", as_of=day.isoformat()) for day in days]
    assert found == [[], ["received"], ["dispatched"], ["replied"]]
    assert states(desk, "/cases", reach="any", as_of=local_day(lived.world.now).isoformat()) == ["replied"]
    assert desk.get("/cases", as_of="yesterday")[0] == 422


def test_a_list_of_a_day_opens_nothing_of_others(lived: Lived) -> None:
    stranger = program(lived.world, Role.DISPATCHER, "citizen_service_center B")
    assert states(stranger, "/cases", reach="any", as_of=lived.dispatched.isoformat()) == []
    assert stranger.get(f"/cases/{lived.case.matter.number}/spans")[0] == 404


def test_what_was_published_on_a_day(lived: Lived) -> None:
    anybody = program(lived.world, Role.OBSERVER, "district")
    assert states(anybody, "/cases/public", as_of=lived.dispatched.isoformat()) == []
    assert states(anybody, "/cases/public", as_of=lived.answered.isoformat()) == ["replied"]


def test_spans_touch_and_the_last_goes_on(lived: Lived) -> None:
    clerk = program(lived.world, Role.CLERK, "urban_management A")
    _status, answer = clerk.get(f"/cases/{lived.case.matter.number}/spans")
    rows = answer["rows"]
    assert [row["state"] for row in rows] == ["received", "dispatched", "replied"]
    assert [row["until"] for row in rows] == [row["since"] for row in rows[1:]] + [None]
    assert {row["place"] for row in rows} == {"A1社区"}
    assert rows[0]["desk"] != rows[1]["desk"]


def test_offices_of_a_day(lived: Lived) -> None:
    administrator = program(lived.world, Role.SYSTEM_ADMINISTRATOR, "district")
    _status, before = administrator.get("/administration/offices", as_of="2025-12-31", size=100)
    _status, now = administrator.get("/administration/offices", as_of=lived.answered.isoformat(), size=100)
    assert [row for row in before["rows"] if row["terms"]] == []
    assert [row for row in now["rows"] if row["terms"]] != []

"""The change feed: in the order of the log, without gap or repetition, and nothing that is not the reader's."""

from typing import Any

import pytest

from linli.ground.exchange import feeding
from linli.ground.exchange.scopes import Scope
from linli.kernel.access import Role
from linli.services.cases.feature import CASES
from linli.site.running import settle
from tests.faces.program import Program
from tests.world import World


def whole(program: Program, size: int = 3) -> list[dict[str, Any]]:
    """All of the feed, a few rows at a time."""
    rows, after, more = [], -1, True
    while more:
        status, page = program.get("/feed", after=after, size=size)
        assert status == 200
        rows += page["rows"]
        assert page["after"] >= after
        after, more = page["after"], page["more"]
    return rows


@pytest.fixture
def desk(world: World) -> Program:
    return Program(world, world.account(Role.DISPATCHER, "citizen_service_center A"), [Scope.FEED])


def test_every_act_comes_once_and_in_order(world: World, desk: Program) -> None:
    case = world.case_of(state="replied")
    settle()
    rows = whole(desk)
    assert [row["event"] for row in rows] == [
        "receive_case",
        "file_case",
        "dispatch_case",
        "accept_case",
        "handle_case",
        "draft_reply",
        "review_reply",
        "sign_reply",
    ]
    positions = [row["position"] for row in rows]
    assert positions == sorted(set(positions))
    assert {row["number"] for row in rows} == {case.matter.number}
    assert rows[-1]["codes"]["to"] == "replied"
    CASES.actions["urge_case"](world.case_of().pk, actor=world.resident, now=world.now)
    settle()
    assert whole(desk, size=500)[: len(rows)] == rows


def test_nothing_of_another_street_comes_and_the_reader_moves_on(
    world: World, desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        world.case_of("B", state="replied")
    mine = world.case_of()
    settle()
    monkeypatch.setattr(feeding, "LOOKED_AT", 5)
    assert [row["number"] for row in whole(desk)] == [mine.matter.number]


def test_a_filer_gets_no_internal_acts_and_no_ids_of_the_house(world: World) -> None:
    case = world.case_of(state="accepted")
    CASES.actions["add_note"](case.pk, actor=world.clerk_of(), now=world.now, note="反映人难缠。")
    settle()
    program = Program(world, world.resident_account)
    rows = whole(program)
    assert "accept_case" in {row["event"] for row in rows}
    assert "add_note" not in {row["event"] for row in rows}
    assert {name for row in rows for name in row["codes"]} <= {"from", "to", "due"}


def test_no_text_is_in_the_feed(world: World, desk: Program) -> None:
    world.case_of(state="closed", title="独一无二的标题", text="独一无二的内容")
    settle()
    told = str(whole(desk))
    assert "独一无二" not in told
    assert "路灯" not in told


@pytest.mark.parametrize("asked", [{"after": -2}, {"after": "x"}, {"size": 0}, {"size": 501}, {"after": 2**63}])
def test_a_position_that_is_none_is_refused(world: World, desk: Program, asked: dict[str, Any]) -> None:
    assert desk.get("/feed", **asked)[0] == 422

"""The floor program of the benchmarks answers what we answer, byte for byte: only then is there anything to compare."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tools.bench.comparing import Asked, Unequal, asked_of, assert_equal
from tools.bench.floor import Driver
from tools.bench.homes import FLOOR, OURS, POSTGRESQL, SQLITE, home, served
from tools.bench.script import SCRIPT, FloorScript, Statement, read_script

pytestmark = pytest.mark.installation


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Asked, int, int, FloorScript]]:
    """A small district behind both programs: what is asked, their ports, and the floor's script."""
    path = Path(tmp_path_factory.mktemp("floor")) / "script"
    with ExitStack() as stack:
        of = stack.enter_context(home(POSTGRESQL if os.environ.get("TEST_DATABASE_URL") else SQLITE))
        of.run("filling", "found", "small")
        ours = stack.enter_context(served(of, OURS))
        asked = asked_of(of, ours, residents=2, streets=0)
        of.run("capturing", path, asked=asked.told())
        floor = stack.enter_context(served(of, FLOOR, **{SCRIPT: str(path)}))
        yield asked, ours, floor, read_script(path)


def test_the_floor_answers_the_same_bytes_whatever_the_rows_hold(
    programs: tuple[Asked, int, int, FloorScript],
) -> None:
    asked, ours, floor, script = programs
    assert_equal(asked, ours, floor, least_rows=1)
    change = "UPDATE matters_matter SET title = 'now <another>', public_title = 'now <another>'"
    Driver(script).ask(Statement(change))
    assert_equal(asked, ours, floor, least_rows=1)


def test_another_answer_is_noticed(programs: tuple[Asked, int, int, FloorScript]) -> None:
    asked, ours, floor, _ = programs
    with pytest.raises(Unequal):
        assert_equal(asked, ours, floor, least_rows=10_000)


def test_the_floor_runs_the_statements_of_our_pages(programs: tuple[Asked, int, int, FloorScript]) -> None:
    script = programs[3]
    assert all(len(page.statements) >= 2 for page in script.pages.values())
    assert {"INSERT"} <= {each.begins for each in script.filing.statements} <= {"INSERT", "UPDATE", "DELETE"}

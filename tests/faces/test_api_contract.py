"""The API keeps to its document: a small round of random requests; the large one is a bar."""

from typing import Any

import pytest

from linli.kernel.access import Role
from tests.faces.api_contract import breaches, canaries
from tests.faces.program import Program
from tests.world import World


@pytest.mark.once
def test_a_hundred_random_requests_break_nothing_and_tell_nothing(world: World, settings: Any) -> None:
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 1_000_000
    assert breaches(world, examples=100) > 0


def test_the_planted_strings_do_come_back_to_who_may_read_them(world: World) -> None:
    planted = canaries(world)
    clerk = Program(world, world.account(Role.CLERK, "urban_management B"))
    (row,) = clerk.get("/cases", reach="all")[1]["rows"]
    told = str([clerk.get(f"/cases/{row['number']}{part}")[1] for part in ("", "/timeline")])
    found = {each for each in planted if each in told}
    assert {"CANARYTITLE", "CANARYTEXT", "CANARYPLACE", "CANARYNOTE", "CANARYSUPPLEMENT", "136****2222"} <= found

"""The API keeps to its document: a small round of random requests; the large one is a bar."""

from typing import Any

from tests.faces.api_contract import breaches
from tests.world import World


def test_two_hundred_random_requests_break_nothing_and_tell_nothing(world: World, settings: Any) -> None:
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 1_000_000
    assert breaches(world, examples=200) > 0

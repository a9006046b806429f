"""Bar: ten thousand random requests to the API, by five roles, break nothing and tell nothing."""

from typing import Any

import pytest

from tests.faces.api_contract import breaches
from tests.world import World


@pytest.mark.bar
def test_ten_thousand_random_requests_break_nothing_and_tell_nothing(world: World, settings: Any) -> None:
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 1_000_000
    assert breaches(world, examples=10_000) > 0

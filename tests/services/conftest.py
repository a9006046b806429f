"""What the tests of demands share."""

import pytest

from tests.services.journey import Journey, at
from tests.world import World


@pytest.fixture
def journey(world: World) -> Journey:
    return Journey(world, at("02-12", 15))

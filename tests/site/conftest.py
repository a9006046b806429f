"""An installation that the tests of backup and restore start from."""

import pytest

from tests.site.installations import FOUND, Place, place


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Founded once; a test that writes into it takes what it finds there as given."""
    home = tmp_path_factory.mktemp("origin") / "home"
    home.mkdir()
    origin = place(home)
    origin.python(FOUND)
    return origin

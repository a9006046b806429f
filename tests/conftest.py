"""One installation for the whole run: keys and files in a folder of its own, SQLite or `TEST_DATABASE_URL`."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HOME = Path(tempfile.mkdtemp(prefix="linli-test-"))
os.environ["LINLI_HOME"] = str(HOME)
os.environ["LINLI_SECRET_KEY"] = "only-for-tests"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", f"sqlite:///{HOME / 'linli.sqlite3'}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")

settings.register_profile("linli", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linli")


@pytest.fixture(scope="session", autouse=True)
def _keys() -> None:
    from linli.ground.record.keys import create_keys

    create_keys()


@pytest.fixture
def world(db: None) -> "World":
    from tests.world import World

    return World()


@pytest.fixture
def snapshot(db: None) -> "Snapshot":
    from tests.world import Snapshot

    return Snapshot()


@pytest.fixture
def real_data() -> Path:
    folder = os.environ.get("LINLI_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LINLI_DATA names no folder with the real data")
    return Path(folder)


@pytest.fixture(autouse=True)
def _clock_runs_again() -> Iterator[None]:
    yield
    from django.conf import settings

    settings.LINLI_CLOCK.set(None)

"""What every test may use: keys, a small district, a snapshot of all tables, the folder of real data."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import HealthCheck, settings

from linli.ground.record.keys import create_keys
from tests.founding import founded
from tests.installation import HOME
from tests.object_store import ObjectStore, object_store
from tests.world import Snapshot, World

settings.register_profile("linli", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linli")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what may depend on it is asked a second time; the files that take longest come first."""
    if os.environ.get("TEST_DATABASE_URL"):
        asked = [each for each in items if not each.get_closest_marker("once") and touches_database(each)]
        config.hook.pytest_deselected(items=[each for each in items if each not in set(asked)])
        items[:] = asked
    long = {each.path for each in items if each.get_closest_marker("once") or each.get_closest_marker("installation")}
    items.sort(key=lambda each: each.path not in long)


def touches_database(item: pytest.Item) -> bool:
    own = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(own) or any(item.get_closest_marker(name) for name in ("django_db", "installation", "journey", "bar"))


def pytest_collection_finish() -> None:
    """What was imported stays; to look through it again and again takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def _keys() -> None:
    create_keys()
    (HOME / "static").mkdir(exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> None:
    """Hundreds of sign-ins test what a password opens, not how long it resists."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A file, not memory: a live server and its tests use several connections."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(HOME / "test.sqlite3")


@pytest.fixture
def world(db: None) -> World:
    return founded()


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    return Snapshot()


@pytest.fixture
def real_data() -> Path:
    folder = os.environ.get("LINLI_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LINLI_DATA names no folder with the real data")
    return Path(folder)


@pytest.fixture(scope="session")
def bucket_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    pytest.importorskip("swift", reason="the object store of the tests runs on Linux alone")
    with object_store(tmp_path_factory.mktemp("object-store")) as store:
        yield store


@pytest.fixture(autouse=True)
def _clock_runs_again() -> Iterator[None]:
    yield
    django_settings.LINLI_CLOCK.set(None)

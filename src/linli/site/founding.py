"""Making an installation: keys, tables, and either the demo's story or an empty district."""

import gc
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from linli.demo.story import SampleLogin, play_story
from linli.demo.year import Extent, Played, play_year
from linli.ground.notices.gathering import pass_over_all
from linli.ground.people.rules.passwords import fresh_password
from linli.ground.record.keys import create_keys
from linli.ground.territory.facade import Unit
from linli.site.running import settle

YEAR_BATCH = 40_000
"""Rows that a follower of the log reads at once after the year: a demand whose acts lie together is indexed once."""


@dataclass(frozen=True)
class Founding:
    """What `linli init` did.

    Args:
        demands: of the year that was played, and `acts` taken on them; not counted for the small story.
    """

    keys_made: bool
    story_played: bool
    password: str = ""
    logins: list[SampleLogin] = field(default_factory=list)
    demands: int = 0
    acts: int = 0


def found_installation(
    *,
    empty: bool,
    say: Callable[[str], None],
    year: Extent | None = None,
    after_day: Callable[[Played], None] | None = None,
) -> Founding:
    """Make keys and tables; play the story unless there is a district already or none is wanted. Safe to repeat.

    Args:
        empty: no story at all.
        say: is told what is being done.
        year: play as much of a year in place of the small story.
        after_day: is told after each day of the year how far it is.
    """
    keys_made = create_keys()
    call_command("migrate", verbosity=0)
    _collect_static()
    if empty:
        return Founding(keys_made, story_played=False)
    if Unit.objects.exists():
        password, logins = _read_samples()
        return Founding(keys_made, story_played=False, password=password, logins=logins)
    password, now = fresh_password(), settings.LINLI_CLOCK.now()
    with hurried():
        if year is None:
            logins, demands, acts = play_story(now, password=password, say=say), 0, 0
            say("sealing the record")
            settle()
        else:
            played = play_year(now, password=password, extent=year, say=say, after_day=after_day)
            logins, demands, acts = played.logins, played.demands, played.acts
            say("indexing for the search, writing notices")
            settle(batch=YEAR_BATCH)
    pass_over_all(now)
    _sample_file().write_text(
        json.dumps({"password": password, "logins": [asdict(each) for each in logins]}, ensure_ascii=False)
    )
    return Founding(keys_made, story_played=True, password=password, logins=logins, demands=demands, acts=acts)


@contextmanager
def hurried() -> Iterator[None]:
    """While a story is written into a database that nobody uses yet: no waiting for the disk, less looking for garbage.

    If the machine stops meanwhile the founding is begun anew; nothing of anybody's is lost.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    _set_synchronous("OFF")
    try:
        yield
    finally:
        _set_synchronous("NORMAL")
        gc.set_threshold(*before)
        gc.unfreeze()


def _set_synchronous(level: str) -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")
        if level == "NORMAL":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was hurried is on the disk from here on


def _collect_static() -> None:
    """Compress the browser's files; again only after one of them has changed."""
    root = Path(settings.STATIC_ROOT)
    mark, fingerprint = root / "fingerprint", _static_fingerprint()
    if mark.exists() and mark.read_text() == fingerprint:
        return
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(fingerprint)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()


def _sample_file() -> Path:
    return Path(settings.LINLI_HOME) / "sample-logins.json"


def _read_samples() -> tuple[str, list[SampleLogin]]:
    if not _sample_file().exists():
        return "", []
    content = json.loads(_sample_file().read_text())
    return content["password"], [SampleLogin(**each) for each in content["logins"]]

"""One at a time: work that changes the keys, or keys and database together, is done by one process of an installation.

PostgreSQL holds the lock for the session, whatever machine it comes from. Beside SQLite everything stands on one
machine, and the folder of the installation is locked. Either way the lock goes with the process that holds it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ADVISORY = 0x6C696E6C69  # PostgreSQL tells advisory locks apart by a number; this one spells "linli"


class UnderWay(RuntimeError):
    """Another process is at such work; nothing was changed."""


@contextmanager
def alone() -> Iterator[None]:
    """While this lasts nobody else rotates keys, erases what is past its term, or restores.

    Raises:
        UnderWay: somebody else is at it. Nobody waits: what comes after it would do the same once more.
    """
    with _session_locked() if connection.vendor == "postgresql" else _folder_locked(Path(settings.LINLI_HOME)):
        yield


@contextmanager
def _session_locked() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY])
        if not cursor.fetchone()[0]:
            raise _under_way()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY])


@contextmanager
def _folder_locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _under_way() from error
        yield
    finally:
        os.close(descriptor)


def _under_way() -> UnderWay:
    return UnderWay(
        "another `linli keys rotate`, `linli retention run` or `linli restore` is at work; wait until it has ended"
    )

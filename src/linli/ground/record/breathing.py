"""Between two parts of long work on SQLite, others have the lock."""

import time

from django.db import connection

# SQLite lets writers wait by asking again, at most every 100 ms. Without a pause as long as that between two parts,
# a clerk's save would hardly ever find the lock free.
BREATH_SECONDS = 0.11


def breathe() -> None:
    """Wait where there is one lock for all, until each of the others has asked for it."""
    if connection.vendor == "sqlite":
        time.sleep(BREATH_SECONDS)

"""Followers of the log: read models and notices come after the sealer, at least once, in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from linli.ground.record.models import Record, Subscription


@dataclass(frozen=True)
class Follower:
    """A reader of the log; `handle` must bear being called twice with the same rows.

    The rows come with their entries, but without the texts in them; a follower that needs those reads them for all its
    rows in one query.
    """

    name: str
    handle: Callable[[list[Record]], None]


FOLLOWERS: dict[str, Follower] = {}


def follows(name: str) -> Callable[[Callable[[list[Record]], None]], Callable[[list[Record]], None]]:
    """Register a follower of the log under a name that never changes."""

    def register(handle: Callable[[list[Record]], None]) -> Callable[[list[Record]], None]:
        FOLLOWERS[name] = Follower(name, handle)
        return handle

    return register


@contextmanager
def holding(name: str) -> Iterator[Subscription]:
    """A transaction in which this follower stands still, so that what it writes can be put right by somebody else."""
    with transaction.atomic():
        Subscription.objects.get_or_create(name=name)
        yield Subscription.objects.select_for_update().get(name=name)


Batches = dict[int, list[Any]]  # by the position at which each begins


def follow(follower: Follower, limit: int = 500, read: Batches | None = None) -> int:
    """Hand the next rows of the log to a follower; returns how many. Work and position commit together.

    Args:
        read: what was read for others. What is in the log never changes, so one reading does for all who stand there.
    """
    batches: Batches = {} if read is None else read
    with holding(follower.name) as place:
        if place.position not in batches:
            batches[place.position] = _next_rows(place.position, limit)
        rows = batches[place.position]
        if rows:
            follower.handle(rows)
            Subscription.objects.filter(pk=place.pk).update(position=rows[-1].position + 1)
    return len(rows)


def follow_all(limit: int = 500) -> int:
    """Bring every follower one batch further; returns the rows handled."""
    read: Batches = {}
    return sum(follow(follower, limit, read) for follower in FOLLOWERS.values())


def _next_rows(position: int, limit: int) -> list[Any]:
    placed = Record.objects.filter(leaf__position__gte=position).annotate(position=F("leaf__position"))
    placed = placed.select_related("entry").defer("entry__texts", "entry__salt", "entry__office_title")
    return list(placed.order_by("leaf__position")[:limit])

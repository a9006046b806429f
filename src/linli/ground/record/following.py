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

    Args:
        ahead: does what single rows among them set off and what is too much for one transaction, and commits it part by
            part; `handle` is given the rows afterwards. It must bear being called twice as well.
    """

    name: str
    handle: Callable[[list[Record]], None]
    ahead: Callable[[list[Record]], None] | None = None


FOLLOWERS: dict[str, Follower] = {}


Handle = Callable[[list[Record]], None]


def follows(name: str, *, ahead: Handle | None = None) -> Callable[[Handle], Handle]:
    """Register a follower of the log under a name that never changes."""

    def register(handle: Handle) -> Handle:
        FOLLOWERS[name] = Follower(name, handle, ahead)
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
    prepared = _prepared(follower, limit, batches)
    with holding(follower.name) as place:
        if prepared not in (None, place.position):
            return len(batches[prepared])  # another worker was faster; what comes next has to be prepared first
        rows = _batch(place.position, limit, batches)
        if rows:
            follower.handle(rows)
            Subscription.objects.filter(pk=place.pk).update(position=rows[-1].position + 1)
    return len(rows)


def _prepared(follower: Follower, limit: int, batches: Batches) -> int | None:
    """Let the follower do ahead what the next rows ask for; the position at which they begin."""
    if follower.ahead is None:
        return None
    position = Subscription.objects.filter(name=follower.name).values_list("position", flat=True).first() or 0
    if rows := _batch(position, limit, batches):
        follower.ahead(rows)
    return position


def _batch(position: int, limit: int, batches: Batches) -> list[Any]:
    if position not in batches:
        batches[position] = _next_rows(position, limit)
    return batches[position]


def follow_all(limit: int = 500, *, between: Callable[[], None] | None = None) -> int:
    """Bring every follower one batch further; returns the rows handled.

    Args:
        between: is called after each follower that had something to do.
    """
    read: Batches = {}
    handled = 0
    for follower in FOLLOWERS.values():
        rows = follow(follower, limit, read)
        handled += rows
        if rows and between:
            between()
    return handled


def _next_rows(position: int, limit: int) -> list[Any]:
    placed = Record.objects.filter(leaf__position__gte=position).annotate(position=F("leaf__position"))
    placed = placed.select_related("entry").defer("entry__texts", "entry__salt", "entry__office_title")
    return list(placed.order_by("leaf__position")[:limit])

"""Followers of the log: read models and notices come after the sealer, at least once, in order."""

from collections.abc import Callable
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


def follow(follower: Follower, limit: int = 500) -> int:
    """Hand the next rows of the log to a follower; returns how many. Work and position commit together."""
    with transaction.atomic():
        Subscription.objects.get_or_create(name=follower.name)
        place = Subscription.objects.select_for_update().get(name=follower.name)
        placed = Record.objects.filter(leaf__position__gte=place.position).annotate(position=F("leaf__position"))
        placed = placed.select_related("entry").defer("entry__texts", "entry__salt", "entry__office_title")
        rows: list[Any] = list(placed.order_by("leaf__position")[:limit])
        if rows:
            follower.handle(rows)
            Subscription.objects.filter(pk=place.pk).update(position=rows[-1].position + 1)
    return len(rows)


def follow_all(limit: int = 500) -> int:
    """Bring every follower one batch further; returns the rows handled."""
    return sum(follow(follower, limit) for follower in FOLLOWERS.values())

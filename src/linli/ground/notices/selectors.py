"""Reads of one's own notices."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from linli.ground.matters.paging import PAGE_SIZE, Page, page_of, parse_cursor
from linli.ground.notices.models import Notice
from linli.kernel.access import Actor


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not read; counted up to 100."""
    if actor.person is None:
        return 0
    return Notice.objects.filter(person=actor.person, read_at__isnull=True)[:100].count()


def own_notices(actor: Actor, *, after: str = "") -> Page[dict[str, Any]]:
    """The actor's notices, newest first."""
    condition = Q(person=actor.person)
    cursor = parse_cursor(after)
    if cursor:
        condition &= Q(at__lt=cursor.moment) | Q(at=cursor.moment, id__lt=cursor.id)
    rows = Notice.objects.filter(condition).order_by("-at", "-id")
    columns = ("id", "at", "event", "as_staff", "read_at", "matter__number", "matter__title", "matter__kind")
    return page_of(list(rows.values(*columns)[: PAGE_SIZE + 1]), "at")


def mark_read(actor: Actor, now: datetime, *, matter: int | None = None) -> int:
    """Mark the actor's notices as read, all or those of one matter."""
    rows = Notice.objects.filter(person=actor.person, read_at__isnull=True)
    return (rows.filter(matter=matter) if matter else rows).update(read_at=now)

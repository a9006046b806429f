"""Reads of one's own notices."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from linli.ground.matters.paging import PAGE_SIZE, Page, page_of, parse_cursor
from linli.ground.notices.models import Notice
from linli.ground.record.shaped import Shaped
from linli.kernel.access import Actor

_UNREAD = Shaped(lambda condition: Notice.objects.filter(condition).order_by().values("pk")[:100])


def unread_count(actor: Actor, *, as_filer: bool = False) -> int:
    """How many notices the actor has not read, in office or only as a filer; counted up to 100."""
    if actor.person is None:
        return 0
    return len(_UNREAD.dicts(_own(actor, as_filer=as_filer) & Q(read_at__isnull=True)))


def own_notices(
    actor: Actor, *, after: str = "", as_filer: bool = False, size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """The actor's notices, newest first; with `as_filer` only those of matters that they filed."""
    condition = _own(actor, as_filer=as_filer)
    cursor = parse_cursor(after)
    if cursor:
        condition &= Q(at__lt=cursor.moment) | Q(at=cursor.moment, id__lt=cursor.id)
    rows = Notice.objects.filter(condition).order_by("-at", "-id")
    columns = ("id", "at", "event", "as_staff", "read_at", "matter__number", "matter__title", "matter__kind")
    return page_of(list(rows.values(*columns)[: size + 1]), "at", size)


def mark_read(actor: Actor, now: datetime, *, matter: int | None = None, as_filer: bool = False) -> int:
    """Mark the actor's notices as read, all or those of one matter."""
    rows = Notice.objects.filter(_own(actor, as_filer=as_filer), read_at__isnull=True)
    return (rows.filter(matter=matter) if matter else rows).update(read_at=now)


def _own(actor: Actor, *, as_filer: bool) -> Q:
    own = Q(person=actor.person)
    return own & Q(as_staff=False) if as_filer else own

"""Rate limits on public doors, counted in the database so that every worker process sees them."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.http import HttpRequest

from linli.ground.people.models import Attempt
from linli.ground.record.keys import field_keys
from linli.ground.record.prepared import insert_rows, own_connection, plain_value, run_statement

TABLE = Attempt._meta.db_table


def count(door: str, who: str, window: timedelta, now: datetime) -> int:
    """How often `who` used `door` within the window before `now`."""
    here, sql = own_connection(), f"SELECT COUNT(*) FROM {TABLE} WHERE door = %s AND at > %s"
    found, _ = run_statement(here, sql, [_name(door, who), plain_value(now - window, here)])
    return int(found[0][0])


def note(door: str, who: str, now: datetime) -> None:
    """Note one use. Old notes of the same visitor are dropped."""
    name, here = _name(door, who), own_connection()
    sql = f"DELETE FROM {TABLE} WHERE door = %s AND at < %s"
    run_statement(here, sql, [name, plain_value(now - timedelta(days=1), here)])
    insert_rows([Attempt(door=name, at=now)])


def newest(door: str, who: str, now: datetime) -> datetime | None:
    """When `who` last used `door` before `now`; None when it was never, or is forgotten."""
    rows = Attempt.objects.filter(door=_name(door, who), at__lte=now).order_by("-at")
    return rows.values_list("at", flat=True).first()


def forget(door: str, who: str, *, at_least: int = 0) -> int:
    """Drop the notes of one visitor at a door, if there are at least so many; returns how many were dropped."""
    rows = Attempt.objects.filter(door=_name(door, who))
    return rows.delete()[0] if rows.count() >= at_least else 0


def forget_old(now: datetime) -> int:
    """Drop every note older than a day; returns how many."""
    return Attempt.objects.filter(at__lt=now - timedelta(days=1)).delete()[0]


def visitor_address(request: HttpRequest, trusted_proxies: int) -> str:
    """The network address of a visitor: the last one that a trusted proxy did not write itself."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return forwarded[-trusted_proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _name(door: str, who: str) -> str:
    return hmac.new(field_keys().index, f"{door}\x00{who}".encode(), hashlib.sha256).hexdigest()

"""Where an account is signed in: the rows beside Django's sessions, and the ways in which one ends."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from linli.ground.people.models import Account, OpenSession


def open_sessions(account: Account, now: datetime) -> QuerySet[OpenSession]:
    """The sessions that can still be used, the one seen last first; what has been idle too long is none any more."""
    seen_since = now - timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return OpenSession.objects.filter(account=account, seen_at__gte=seen_since).order_by("-seen_at", "-started_at")


def note_seen(session: str, account: str, device: str, now: datetime) -> None:
    """Note that a session is in use; whatever began it, from now on it stands in the list of its owner."""
    if OpenSession.objects.filter(session=session).update(seen_at=now):
        return
    if Session.objects.filter(session_key=session).exists():  # it may just have been ended from elsewhere
        begun = {"account_id": account, "device": device, "started_at": now, "seen_at": now}
        OpenSession.objects.get_or_create(session_id=session, defaults=begun)


def drop_sessions(rows: QuerySet[OpenSession]) -> int:
    """End sessions: on the next click their browsers are signed out. Returns how many there were."""
    keys = list(rows.values_list("session", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def drop_idle_sessions(now: datetime) -> int:
    """End what nobody has used for so long that the next click would sign them out anyway."""
    seen_since = now - timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return drop_sessions(OpenSession.objects.filter(seen_at__lt=seen_since))

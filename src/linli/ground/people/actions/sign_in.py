"""Signing in: the session of an account begins."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from linli.ground.people.models import Account, OpenSession
from linli.ground.people.selectors import actor_of
from linli.ground.people.sessions import drop_sessions, open_sessions
from linli.ground.record.writing import keep


@transaction.atomic
def sign_in(account: Account, *, session: str, device: str, by: str, now: datetime) -> OpenSession:
    """Enter a session that has just begun; where the account has too many, those unseen for longest end (B11.13).

    Args:
        session: key of the session, which is stored.
        device: as of `device_code`.
        by: what was shown: "password", "password and code", "single sign-on".
    """
    Account.objects.select_for_update().get(pk=account.pk)
    begun = OpenSession.objects.create(account=account, session_id=session, device=device, started_at=now, seen_at=now)
    ended = _end_surplus(account, begun, now)
    keep("sign_in", actor=actor_of(account, now), now=now, codes={"by": by, "device": device, "ended": ended})
    return begun


def _end_surplus(account: Account, begun: OpenSession, now: datetime) -> int:
    if not settings.SESSIONS_PER_ACCOUNT:
        return 0
    others = open_sessions(account, now).exclude(pk=begun.pk)
    surplus = list(others.values_list("pk", flat=True))[settings.SESSIONS_PER_ACCOUNT - 1 :]
    return drop_sessions(OpenSession.objects.filter(pk__in=surplus)) if surplus else 0

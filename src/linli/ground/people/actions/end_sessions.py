"""Ending sessions of an account from elsewhere."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.people.models import Account
from linli.ground.people.sessions import drop_sessions
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def end_sessions(
    account: Account,
    *,
    actor: Actor,
    now: datetime,
    only: UUID | None = None,
    kept: str = "",
    why: str = "",
) -> int:
    """End the sessions of an account, by its owner or the security administrator; returns how many.

    Args:
        only: this one and no other.
        kept: key of the session that stays, the one of the owner who asks.

    Raises:
        PermissionDenied: the account is somebody else's, and the actor no security administrator.
    """
    acting = actor if actor.account == account.pk else administrator(actor, "end_sessions")
    rows = account.open_sessions.exclude(session=kept)
    ended = drop_sessions(rows.filter(pk=only) if only else rows)
    if ended:
        keep(
            "end_sessions",
            actor=acting,
            now=now,
            subject=f"account:{account.pk}",
            codes={"sessions": ended},
            texts={"why": why},
        )
    return ended

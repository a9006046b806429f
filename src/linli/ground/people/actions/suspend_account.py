"""Closing an account for the time being."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.people.models import Account
from linli.ground.people.sessions import drop_sessions
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class OwnAccount(ValueError):
    """Nobody administers their own account."""


@transaction.atomic
def suspend_account(account: Account, *, why: str, actor: Actor, now: datetime) -> None:
    """From now on nobody signs in with the account, and whoever is signed in is out.

    Raises:
        PermissionDenied: the actor is no security administrator.
        OwnAccount: it is the actor's own.
    """
    acting = administrator(actor, "suspend_account")
    if account.pk == actor.account:
        raise OwnAccount
    account.is_active = False
    account.save(update_fields=["is_active"])
    drop_sessions(account.open_sessions.all())
    keep("suspend_account", actor=acting, now=now, subject=f"account:{account.pk}", texts={"why": why})

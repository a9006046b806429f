"""Taking a lost second factor off somebody's account."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.actions.suspend_account import OwnAccount
from linli.ground.people.administering import administrator
from linli.ground.people.models import Account
from linli.ground.people.second_factor import forget_second_factor
from linli.ground.people.sessions import drop_sessions
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def reset_second_factor(account: Account, *, why: str, actor: Actor, now: datetime) -> None:
    """The owner signs in with the password and adds a new one; whoever is signed in is out.

    Raises:
        PermissionDenied: the actor is no security administrator.
        OwnAccount: it is the actor's own, which takes a code.
    """
    acting = administrator(actor, "reset_second_factor")
    if account.pk == actor.account:
        raise OwnAccount
    forget_second_factor(account)
    drop_sessions(account.open_sessions.all())
    keep("reset_second_factor", actor=acting, now=now, subject=f"account:{account.pk}", texts={"why": why})

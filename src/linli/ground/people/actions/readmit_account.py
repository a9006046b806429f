"""Opening a suspended or locked account again."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.people.models import Account
from linli.ground.people.signing_in import lift_lock
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def readmit_account(account: Account, *, actor: Actor, now: datetime, why: str = "") -> None:
    """The account opens again at once: a suspension ends, and a lock after failures is lifted.

    Raises:
        PermissionDenied: the actor is no security administrator.
    """
    acting = administrator(actor, "readmit_account")
    account.is_active = True
    account.save(update_fields=["is_active"])
    lift_lock(account.login)
    keep("readmit_account", actor=acting, now=now, subject=f"account:{account.pk}", texts={"why": why})

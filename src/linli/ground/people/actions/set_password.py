"""Setting a password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from linli.ground.people.models import Account
from linli.ground.people.signing_in import lift_lock
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def set_password(account: Account, password: str, *, actor: Actor, now: datetime) -> None:
    """Replace the password and lift a lock.

    Raises:
        ValidationError: the password is too weak.
    """
    validate_password(password, account)
    account.password = make_password(password)
    account.save(update_fields=["password"])
    lift_lock(account.login)
    keep("set_password", actor=actor, now=now, subject=f"account:{account.pk}")

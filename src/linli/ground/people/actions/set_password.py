"""Setting a password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from linli.ground.people.models import Account
from linli.ground.people.sessions import drop_sessions
from linli.ground.people.signing_in import lift_lock
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def set_password(account: Account, password: str, *, actor: Actor, now: datetime, kept: str = "") -> None:
    """Replace the password and lift a lock. Every session of the account ends, but for the one with the key `kept`.

    Raises:
        ValidationError: the password is too weak.
    """
    validate_password(password, account)
    account.password = make_password(password)
    account.password_set_at = now
    account.save(update_fields=["password", "password_set_at"])
    drop_sessions(account.open_sessions.exclude(session=kept))
    lift_lock(account.login)
    keep("set_password", actor=actor, now=now, subject=f"account:{account.pk}")

"""Password sign-in with lock-out (B11.13–B11.14)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from linli.ground.people.models import Account
from linli.ground.record.writing import keep
from linli.kernel.access import Actor

FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class SignIn:
    """The outcome: an account, or the reason and, when locked, until when."""

    account: Account | None
    reason: str = ""
    until: datetime | None = None


def sign_in_with_password(login: str, password: str, now: datetime) -> SignIn:
    """Check a password. Five failures lock the account for thirty minutes.

    An unknown name costs as much time as a wrong password and gets the same answer.
    """
    account = Account.objects.select_related("person").filter(login=login, is_active=True).first()
    if account is None:
        make_password(password)
        return SignIn(None, "wrong")
    if account.locked_until and account.locked_until > now:
        make_password(password)
        return SignIn(None, "locked", account.locked_until)
    if check_password(password, account.password):
        if account.failed_attempts:
            Account.objects.filter(pk=account.pk).update(failed_attempts=0, locked_until=None)
        return SignIn(account)
    return _count_failure(account, now)


def _count_failure(account: Account, now: datetime) -> SignIn:
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        row.failed_attempts += 1
        locked = row.failed_attempts >= FAILURES_BEFORE_LOCK
        if locked:
            row.failed_attempts, row.locked_until = 0, now + LOCKED_FOR
            keep("lock_account", actor=Actor(), now=now, subject=f"account:{row.pk}")
        row.save(update_fields=["failed_attempts", "locked_until"])
    return SignIn(None, "locked" if locked else "wrong", row.locked_until if locked else None)

"""Password sign-in with lock-out (B11.13–B11.14)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from linli.ground.people.models import Account
from linli.ground.people.selectors import account_by_login
from linli.ground.people.throttle import forget, newest, note
from linli.ground.record.writing import keep
from linli.kernel.access import Actor

FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=30)
FAILED, LOCKED = "sign_in_failed", "sign_in_locked"


@dataclass(frozen=True)
class SignIn:
    """The outcome: an account, or the reason and, when locked, until when."""

    account: Account | None
    reason: str = ""
    until: datetime | None = None


def sign_in_with_password(typed: str, password: str, now: datetime) -> SignIn:
    """Check a password. Five failures lock the name for thirty minutes.

    Failures are counted by the login name or telephone that was typed, whether or not anybody has it: an unknown
    one costs as much time as a wrong password, gets the same answers and is locked after as many tries.
    """
    login, account = account_by_login(typed)
    locked_at = newest(LOCKED, login, now)
    if locked_at is not None and locked_at + LOCKED_FOR > now:
        make_password(password)
        return SignIn(None, "locked", locked_at + LOCKED_FOR)
    if account is None:
        make_password(password)
    elif check_password(password, account.password):
        forget(FAILED, login)
        return SignIn(account)
    return _count_failure(login, account, now)


def lift_lock(login: str) -> None:
    """Forget the failures under a name and the lock that they led to."""
    forget(FAILED, login)
    forget(LOCKED, login)


def _count_failure(login: str, account: Account | None, now: datetime) -> SignIn:
    """Note it. Whoever takes the five notes away locks the name, so that of two requests at once only one does."""
    note(FAILED, login, now)
    with transaction.atomic():
        if forget(FAILED, login, at_least=FAILURES_BEFORE_LOCK) == 0:
            return SignIn(None, "wrong")
        note(LOCKED, login, now)
        if account is not None:
            keep("lock_account", actor=Actor(), now=now, subject=f"account:{account.pk}")
    return SignIn(None, "locked", now + LOCKED_FOR)

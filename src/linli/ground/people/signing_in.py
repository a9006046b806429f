"""Password sign-in with lock-out (B11.13–B11.14)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from linli.ground.people.models import Account, SecondFactor
from linli.ground.people.selectors import account_by_login
from linli.ground.people.throttle import forget, newest, note
from linli.ground.record.writing import keep
from linli.kernel.access import Actor

FAILED, LOCKED = "sign_in_failed", "sign_in_locked"


@dataclass(frozen=True)
class SignIn:
    """The outcome: an account, or the reason and, when locked, until when."""

    account: Account | None
    reason: str = ""
    until: datetime | None = None


def sign_in_with_password(typed: str, password: str, now: datetime) -> SignIn:
    """Check a password. A few failures lock the name for a while (`LOCK_FAILURES`, `LOCK_MINUTES`).

    Failures are counted by the login name or telephone that was typed, whether or not anybody has it: an unknown
    one costs as much time as a wrong password, gets the same answers and is locked after as many tries. Where a
    second factor follows, the count starts again only after that: who knows the password guesses no codes for ever.
    """
    login, account = account_by_login(typed)
    locked = locked_until(login, now)
    if locked is not None:
        make_password(password)
        return SignIn(None, "locked", locked)
    if account is None:
        make_password(password)
    elif check_password(password, account.password):
        if not has_second_factor(account):
            forget(FAILED, login)
        return SignIn(account)
    return count_failure(login, account, now)


def has_second_factor(account: Account) -> bool:
    """Whether a code is asked for after the password."""
    return settings.SECOND_FACTOR != "off" and SecondFactor.objects.filter(account=account).exists()


def locked_until(login: str, now: datetime) -> datetime | None:
    """When the lock of a name ends; None where it is not locked."""
    locked_at = newest(LOCKED, login, now)
    until = locked_at + _locked_for() if locked_at is not None else None
    return until if until is not None and until > now else None


def lift_lock(login: str) -> None:
    """Forget the failures under a name and the lock that they led to."""
    forget(FAILED, login)
    forget(LOCKED, login)


def count_failure(login: str, account: Account | None, now: datetime) -> SignIn:
    """Note it. Whoever takes the last notes away locks the name, so that of two requests at once only one does."""
    note(FAILED, login, now)
    with transaction.atomic():
        if forget(FAILED, login, at_least=settings.LOCK_FAILURES) == 0:
            return SignIn(None, "wrong")
        note(LOCKED, login, now)
        if account is not None:
            keep("lock_account", actor=Actor(), now=now, subject=f"account:{account.pk}")
    return SignIn(None, "locked", now + _locked_for())


def _locked_for() -> timedelta:
    return timedelta(minutes=settings.LOCK_MINUTES)

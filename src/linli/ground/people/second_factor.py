"""The second factor of an account: an authenticator's codes, and recovery codes. Each is good once."""

import base64
from datetime import datetime

from django.db import transaction

from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Account, RecoveryCode, SecondFactor
from linli.ground.people.rules.one_time import matching_step, new_recovery_codes, plain_recovery_code
from linli.ground.people.signing_in import FAILED, SignIn, count_failure, locked_until
from linli.ground.people.throttle import forget
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


def sign_in_with_code(account: Account, typed: str, now: datetime) -> SignIn:
    """Check a code of either kind. Failures count with those of the password, and lock the same name."""
    locked = locked_until(account.login, now)
    if locked is not None:
        return SignIn(None, "locked", locked)
    if not _spend(account, typed.strip(), now):
        return count_failure(account.login, account, now)
    forget(FAILED, account.login)
    return SignIn(account)


def codes_left(account: Account) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()


def write_recovery_codes(account: Account) -> list[str]:
    """New recovery codes in place of the old ones; they are told once, and kept as digests."""
    RecoveryCode.objects.filter(account=account).delete()
    codes = new_recovery_codes()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, code)) for code in codes)
    return codes


def forget_second_factor(account: Account) -> int:
    """Drop authenticator and recovery codes; returns how many authenticators there were."""
    RecoveryCode.objects.filter(account=account).delete()
    return SecondFactor.objects.filter(account=account).delete()[0]


def written(secret: bytes) -> str:
    """A secret as authenticators and columns write it."""
    return base64.b32encode(secret).decode()


def read(text: str) -> bytes:
    """The secret of a text."""
    return base64.b32decode(text)


@transaction.atomic
def _spend(account: Account, typed: str, now: datetime) -> bool:
    """Use a code up. Of two requests with the same code, one updates a row and the other none."""
    factor = SecondFactor.objects.filter(account=account).first()
    if factor is None:
        return False
    compact = typed.replace(" ", "")
    step = matching_step(read(factor.secret), compact, now, after=factor.used_step)
    if step is not None:
        unused = SecondFactor.objects.filter(account=account, used_step__lt=step)
        return unused.update(used_step=step) == 1
    plain = plain_recovery_code(compact)
    if not plain:
        return False
    unspent = RecoveryCode.objects.filter(account=account, digest=_digest(account, plain), used_at__isnull=True)
    if unspent.update(used_at=now) != 1:
        return False
    actor = Actor(account=account.pk, person=account.person_id)
    keep("use_recovery_code", actor=actor, now=now, subject=f"account:{account.pk}")
    return True


def _digest(account: Account, code: str) -> str:
    return blind_index(f"{account.pk} {plain_recovery_code(code)}", "recovery_code")

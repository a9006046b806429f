"""Adding a second factor to one's account."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.models import Account, SecondFactor
from linli.ground.people.rules.one_time import matching_step
from linli.ground.people.second_factor import write_recovery_codes, written
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class CodeWrong(ValueError):
    """The code is not the authenticator's; nothing was added."""


class AlreadyAdded(ValueError):
    """The account has a second factor; it is dropped before another is added."""


@transaction.atomic
def add_second_factor(account: Account, secret: bytes, code: str, *, actor: Actor, now: datetime) -> list[str]:
    """From the next sign-in on a code is asked for. Returns the recovery codes, which are told this once.

    Raises:
        CodeWrong: the code does not show that the authenticator knows the secret.
        AlreadyAdded: there is one.
    """
    step = matching_step(secret, code.replace(" ", ""), now, after=0)
    if step is None:
        raise CodeWrong
    _, is_new = SecondFactor.objects.get_or_create(
        account=account, defaults={"secret": written(secret), "added_at": now, "used_step": step}
    )
    if not is_new:
        raise AlreadyAdded
    codes = write_recovery_codes(account)
    keep("add_second_factor", actor=actor, now=now, subject=f"account:{account.pk}")
    return codes

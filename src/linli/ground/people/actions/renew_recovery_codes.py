"""New recovery codes."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.models import Account
from linli.ground.people.second_factor import write_recovery_codes
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def renew_recovery_codes(account: Account, *, actor: Actor, now: datetime) -> list[str]:
    """Ten new ones, told this once; the old ones are void. The caller has checked a code."""
    codes = write_recovery_codes(account)
    keep("renew_recovery_codes", actor=actor, now=now, subject=f"account:{account.pk}")
    return codes

"""Turning one's second factor off."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.models import Account
from linli.ground.people.second_factor import forget_second_factor
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def drop_second_factor(account: Account, *, actor: Actor, now: datetime) -> None:
    """The password alone signs in again. The caller has checked a code: a session left open does not turn it off."""
    if forget_second_factor(account):
        keep("drop_second_factor", actor=actor, now=now, subject=f"account:{account.pk}")

"""Putting one's telephone right (PIPL art. 46)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Account
from linli.ground.people.selectors import is_phone_login, phone_login
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class PhoneTaken(ValueError):
    """Somebody else has registered with this telephone."""


@transaction.atomic
def change_own_phone(account: Account, phone: str, *, actor: Actor, now: datetime) -> None:
    """Another telephone of the account's person; whoever signs in by telephone signs in by the new one from now on.

    Args:
        phone: in its one form; the caller has verified it.

    Raises:
        PermissionDenied: the account is somebody else's.
        PhoneTaken: nothing was changed.
    """
    if actor.account != account.pk:
        raise PermissionDenied
    by_phone = is_phone_login(account.login)
    if by_phone:
        account.login = phone_login(phone)
        try:
            with transaction.atomic():
                account.save(update_fields=["login"])
        except IntegrityError as error:
            raise PhoneTaken from error
    person = account.person
    person.phone, person.phone_index, person.phone_verified = phone, blind_index(phone, "phone"), True
    person.save(update_fields=["phone", "phone_index", "phone_verified"])
    keep(
        "change_own_phone",
        actor=actor,
        now=now,
        subject=f"account:{account.pk}",
        codes={"signs_in_by_it": by_phone},
    )

"""Linking an account to somebody of the city's single sign-on."""

from datetime import datetime

from django.db import IntegrityError, transaction

from linli.ground.people.actions.suspend_account import OwnAccount
from linli.ground.people.administering import administrator
from linli.ground.people.models import Account
from linli.ground.people.selectors import sign_on_index
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class AlreadyLinked(ValueError):
    """Another account bears the identifier."""


@transaction.atomic
def link_sign_on(account: Account, *, issuer: str, identifier: str, why: str, actor: Actor, now: datetime) -> None:
    """Whom `issuer` calls by `identifier` signs in to this account; an empty identifier takes the link away.

    An administrator has it from whoever runs the single sign-on. What a person could choose there themselves, such as
    an e-mail address, links nothing.

    Raises:
        PermissionDenied: the actor is no security administrator.
        OwnAccount: it is the actor's own.
        AlreadyLinked: another account bears it.
    """
    acting = administrator(actor, "link_sign_on")
    if account.pk == actor.account:
        raise OwnAccount
    account.sign_on_index = sign_on_index(issuer, identifier.strip()) or None
    try:
        with transaction.atomic():
            account.save(update_fields=["sign_on_index"])
    except IntegrityError as error:
        raise AlreadyLinked from error
    codes = {"linked": account.sign_on_index is not None}
    keep("link_sign_on", actor=acting, now=now, subject=f"account:{account.pk}", codes=codes, texts={"why": why})

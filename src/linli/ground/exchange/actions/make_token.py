"""Making a token for another program."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from linli.ground.exchange.models import ApiToken
from linli.ground.exchange.scopes import Scope
from linli.ground.exchange.tokens import LONGEST_DAYS, MOST_TOKENS, PREFIX, holding, token_digest
from linli.ground.people.models import Account
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def make_token(
    account: Account, *, name: str, scopes: Collection[Scope], days: int, actor: Actor, now: datetime
) -> tuple[ApiToken, str]:
    """A token of the account with these scopes, and its text, which is kept nowhere.

    Raises:
        ValueError: `days` (not between a day and a year), `scopes` (none), or `too_many` (the account has twenty).
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError("days")
    if not scopes:
        raise ValueError("scopes")
    Account.objects.select_for_update().get(pk=account.pk)
    if ApiToken.objects.filter(holding(now), account=account).count() >= MOST_TOKENS:
        raise ValueError("too_many")
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        account=account,
        name=name,
        scopes=[str(each) for each in Scope if each in scopes],
        digest=token_digest(text),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    keep(
        "make_token",
        actor=actor,
        now=now,
        subject=f"token:{token.pk}",
        codes={"account": str(account.pk), "scopes": token.scopes, "expires_at": token.expires_at.isoformat()},
        texts={"name": name},
    )
    return token, text

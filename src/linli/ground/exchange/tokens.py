"""Tokens of the API: how one is told from another, whether it holds, and whose they are."""

from datetime import datetime, timedelta

from django.db.models import Q

from linli.ground.exchange.models import ApiToken
from linli.ground.people.encryption import blind_index
from linli.ground.record.prepared import Prepared
from linli.kernel.access import Actor

PREFIX = "linli_"
LONGEST_DAYS = 365
MOST_TOKENS = 20
SHOWN = 60
USE_NOTED_EVERY = timedelta(hours=1)

_TOKENS: Prepared[ApiToken] = Prepared(ApiToken.objects.select_related("account__person").filter(digest="\x00"), "\x00")


def token_digest(text: str) -> str:
    """The keyed digest under which a token is kept."""
    return blind_index(text, "token")


def token_shown(text: str) -> ApiToken | None:
    """The token that somebody shows, with its account, whether or not it still holds."""
    if not text.startswith(PREFIX):
        return None
    return _TOKENS.first(token_digest(text))


def why_ended(token: ApiToken, now: datetime) -> str:
    """`revoked`, `expired` or `closed` (its account is); empty while the token holds."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    return "" if token.account.is_active else "closed"


def note_use(token: ApiToken, now: datetime) -> None:
    """Note when the token was last used, at most once an hour: most requests read, and reading writes nothing."""
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def holding(now: datetime) -> Q:
    """Tokens that hold now."""
    return Q(revoked_at__isnull=True, expires_at__gt=now, account__is_active=True)


def own_tokens(actor: Actor) -> list[ApiToken]:
    """The newest tokens of the actor's account, ended ones too."""
    if actor.account is None:
        return []
    return list(ApiToken.objects.select_related("account").filter(account=actor.account).order_by("-made_at")[:SHOWN])

"""Revoking a token."""

from datetime import datetime

from django.db import transaction

from linli.ground.exchange.models import ApiToken
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor, now: datetime) -> bool:
    """End a token at once; whether it was not ended before. The caller has decided that it is the actor's to end."""
    row = ApiToken.objects.select_for_update().get(pk=token.pk)
    if row.revoked_at is not None:
        return False
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    keep("revoke_token", actor=actor, now=now, subject=f"token:{row.pk}", codes={"account": str(row.account_id)})
    return True

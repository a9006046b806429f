"""Subscribing an address to what changes."""

import secrets
from datetime import datetime

from django.db import transaction

from linli.ground.exchange.models import ApiToken, Webhook
from linli.ground.record.models import LogHead
from linli.ground.record.writing import keep
from linli.kernel.access import Actor

MOST_WEBHOOKS = 5


@transaction.atomic
def subscribe_webhook(token: ApiToken, *, url: str, actor: Actor, now: datetime) -> tuple[Webhook, str]:
    """Tell the address of every change from now on that the token's account may read; the secret is told this once.

    The caller has looked at where the address leads; it is looked at again each time something is sent.

    Raises:
        ValueError: `too_many`, the token has five.
    """
    ApiToken.objects.select_for_update().get(pk=token.pk)
    if Webhook.objects.filter(token=token, ended_at__isnull=True).count() >= MOST_WEBHOOKS:
        raise ValueError("too_many")
    secret = secrets.token_urlsafe(32)
    size = LogHead.objects.values_list("size", flat=True).first() or 0
    hook = Webhook.objects.create(token=token, url=url, secret=secret, position=size - 1, made_at=now)
    keep(
        "subscribe_webhook",
        actor=actor,
        now=now,
        subject=f"webhook:{hook.pk}",
        codes={"token": str(token.pk), "position": hook.position},
        texts={"url": url},
    )
    return hook, secret

"""Ending a subscription."""

from datetime import datetime

from django.db import transaction

from linli.ground.exchange.models import Webhook
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def end_webhook(hook: Webhook, *, why: str, actor: Actor, now: datetime) -> bool:
    """Send nothing there any more; whether it was not ended before. `why` is `ended`, `failed` or `token`."""
    row = Webhook.objects.select_for_update().get(pk=hook.pk)
    if row.ended_at is not None:
        return False
    row.ended_at, row.ended_why = now, why
    row.save(update_fields=["ended_at", "ended_why"])
    keep("end_webhook", actor=actor, now=now, subject=f"webhook:{row.pk}", codes={"why": why})
    return True

"""Telling subscribed addresses what changed: the change feed, sent by the worker, signed, at least once, in order.

An address that does not answer waits longer each time and is given up after twelve failures. Until then it misses
nothing, since it goes on at the position where it stood.
"""

import hashlib
import hmac
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from http.client import HTTPException
from uuid import UUID

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q

from linli.ground.exchange import sending
from linli.ground.exchange.actions.end_webhook import end_webhook
from linli.ground.exchange.feeding import Changes, changes
from linli.ground.exchange.models import Webhook
from linli.ground.exchange.tokens import why_ended
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import LogHead
from linli.kernel.access import SYSTEM

logger = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
MOST_FAILURES = 12
LEASE = timedelta(minutes=2)  # longer than sending may take
ROWS_AT_ONCE = 100


def deliver_webhooks(now: datetime, limit: int = 50) -> int:
    """Bring every live subscription one batch further; returns how many addresses were told something."""
    size = LogHead.objects.values_list("size", flat=True).first() or 0
    behind = Q(position__lt=size - 1) & (Q(try_after__isnull=True) | Q(try_after__lte=now))
    hooks = Webhook.objects.filter(behind, ended_at__isnull=True).order_by("id").values_list("id", flat=True)
    return sum(_deliver(hook, now) for hook in list(hooks[:limit]))


def signature(secret: str, body: bytes, at: datetime) -> str:
    """`t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>", hexadecimal>`: what is sent again later shows its age."""
    seconds = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def _deliver(hook_id: UUID, now: datetime) -> bool:
    hook = _claimed(hook_id, now)
    if hook is None:
        return False
    if why_ended(hook.token, now):
        end_webhook(hook, why="token", actor=SYSTEM, now=now)
        return False
    found = changes(actor_of(hook.token.account, now), after=hook.position, size=ROWS_AT_ONCE)
    if not found.rows:
        _move_on(hook, found.after, told=False, now=now)
        return False
    if not _sent(hook, found, now):
        _postpone(hook, now)
        return False
    _move_on(hook, found.after, told=True, now=now)
    return True


def _claimed(hook_id: UUID, now: datetime) -> Webhook | None:
    """The subscription, kept from other workers for a while; nothing is locked while something is sent."""
    with transaction.atomic():
        rows = Webhook.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
            "token__account__person"
        )
        due = Q(try_after__isnull=True) | Q(try_after__lte=now)
        hook = rows.filter(due, pk=hook_id, ended_at__isnull=True).first()
        if hook is not None:
            Webhook.objects.filter(pk=hook.pk).update(try_after=now + LEASE)
    return hook


def _sent(hook: Webhook, found: Changes, now: datetime) -> bool:
    told = {"webhook": str(hook.pk), "after": found.after, "rows": [asdict(row) for row in found.rows]}
    body = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Linli-Signature": signature(hook.secret, body, now)}
    try:
        status = sending.post(hook.url, body, headers)
    except (sending.NotPublic, OSError, HTTPException) as error:
        logger.warning("webhook not sent", webhook=str(hook.pk), error=type(error).__name__)
        return False
    return 200 <= status < 300


def _move_on(hook: Webhook, position: int, *, told: bool, now: datetime) -> None:
    moved: dict[str, object] = {"position": position, "try_after": None}
    if told:
        moved |= {"told_at": now, "failures": 0}
    Webhook.objects.filter(pk=hook.pk).update(**moved)


def _postpone(hook: Webhook, now: datetime) -> None:
    failures = hook.failures + 1
    Webhook.objects.filter(pk=hook.pk).update(failures=failures, try_after=now + FIRST_PAUSE * 2**hook.failures)
    if failures >= MOST_FAILURES:
        end_webhook(hook, why="failed", actor=SYSTEM, now=now)

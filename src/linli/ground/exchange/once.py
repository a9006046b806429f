"""A write that bears an `Idempotency-Key` happens once, however often it is sent.

The key's row is written in the transaction of the write. Whoever sends the same key meanwhile waits for that row and
then gets what was answered; if the first one fails, nothing is left of it and the second one does the work. Only what
was done is kept: a refusal has changed nothing, and asking again is harmless.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from ninja import Schema

from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.models import KeptAnswer
from linli.ground.exchange.problems import Problem, WrongField
from linli.ground.people.encryption import blind_index

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEPT_FOR = timedelta(hours=24)
# What the document says of the header, for each operation that goes through `once`.
KEYED: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            "description": "Sent again with the same request within a day, nothing is done again.",
        }
    ]
}


class _Sent(Exception):
    """The key was used before."""


def once(
    request: TokenRequest, write: Callable[[], Schema], *, status: int = 200, sent: bytes | None = None
) -> HttpResponse:
    """The answer of `write`; under a key that was used before, the answer of then.

    Args:
        sent: what stands for the body where that was a file, which is read only once.

    Raises:
        Problem: the key is too long, or was used for another request.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        with transaction.atomic():
            return _answer(write().model_dump_json(), status)
    if len(key) > LONGEST_KEY:
        raise Problem("invalid", errors=[WrongField(field=HEADER, detail=f"≤ {LONGEST_KEY}")])
    kept_under, wanted = blind_index(key, "idempotency"), _digest(request, sent)
    try:
        return _first(request, kept_under, wanted, write, status)
    except _Sent:
        return _again(request, kept_under, wanted)


def forget_answers(now: datetime) -> int:
    """Drop the answers older than a day; returns how many."""
    return KeptAnswer.objects.filter(at__lte=now - KEPT_FOR).delete()[0]


@transaction.atomic
def _first(request: TokenRequest, key: str, wanted: str, write: Callable[[], Schema], status: int) -> HttpResponse:
    own = KeptAnswer.objects.filter(token=request.token, key=key)
    own.filter(at__lte=request.now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            row = KeptAnswer.objects.create(token=request.token, key=key, request_digest=wanted, at=request.now)
    except IntegrityError as error:
        raise _Sent from error
    row.status, row.body = status, write().model_dump_json()
    row.save(update_fields=["status", "body"])
    return _answer(row.body, status)


def _again(request: TokenRequest, key: str, wanted: str) -> HttpResponse:
    row = KeptAnswer.objects.get(token=request.token, key=key)
    if row.request_digest != wanted:
        raise Problem("key_reused")
    answer = _answer(row.body, row.status)
    answer["Idempotent-Replayed"] = "true"
    return answer


def _digest(request: TokenRequest, sent: bytes | None) -> str:
    asked = f"{request.method} {request.path}\x00".encode() + (request.body if sent is None else sent)
    return hashlib.sha256(asked).hexdigest()


def _answer(body: str, status: int) -> HttpResponse:
    answer = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer

"""A code by text message that proves who holds a telephone: sent, kept as a digest, tried a few times."""

import hmac
import json
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from linli.ground.notices.tasks import SEALED_SMS, send_sealed_sms
from linli.ground.people.encryption import encrypt
from linli.ground.people.memory import forget, recall, remember
from linli.ground.people.throttle import count, note

VALID_FOR, HOUR = timedelta(minutes=10), timedelta(hours=1)
MOST_MESSAGES, MOST_TRIES = 3, 5


class Tried(StrEnum):
    """How typing a code went."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"


def send_code(
    request: HttpRequest,
    door: str,
    phone: str,
    text: str,
    now: datetime,
    *,
    genuine: bool = True,
    otherwise: str = "",
    about: dict[str, Any] | None = None,
) -> None:
    """Send a code to a telephone and remember its digest for this visitor.

    Nothing but the message tells whether the request was genuine: the same is kept, counted and queued either way.
    A telephone gets three messages in an hour; a request that leads to none is not counted against it.

    Args:
        door: where the code opens; one at a time per visitor.
        text: the message, with `%(digits)s` for the code.
        genuine: without it no code will ever be right.
        otherwise: the message in that case; without it none is sent.
        about: what the code is for, kept with it.
    """
    digits, challenge = f"{secrets.randbelow(10**6):06d}", secrets.token_hex(8)
    kept = {"id": challenge, "digest": _digest(door, digits), "until": (now + VALID_FOR).isoformat()}
    remember(request, door, kept | {"genuine": genuine, "phone": phone, "about": about or {}})
    reaches = genuine or bool(otherwise)
    counted = phone if reaches else challenge
    note(f"{door}_sms", counted, now)
    may_send = reaches and count(f"{door}_sms", counted, HOUR, now) <= MOST_MESSAGES
    words = otherwise if otherwise and not genuine else text
    message = {"phone": phone if may_send else "", "text": words % {"digits": digits}}
    send_sealed_sms.enqueue(encrypt(json.dumps(message), SEALED_SMS))


def pending_code(request: HttpRequest, door: str, now: datetime) -> dict[str, Any]:
    """What is kept of the code that this visitor waits for; empty when there is none or its time is over."""
    kept = recall(request, door)
    if not kept or datetime.fromisoformat(kept["until"]) <= now:
        forget(request, door)
        return {}
    return kept


def try_code(request: HttpRequest, door: str, kept: dict[str, Any], typed: str, now: datetime) -> Tried:
    """Compare what was typed. Right or tried too often, the code is forgotten."""
    tries = f"{door}_try"
    note(tries, kept["id"], now)
    if count(tries, kept["id"], VALID_FOR, now) > MOST_TRIES:
        forget(request, door)
        return Tried.TOO_OFTEN
    fits = hmac.compare_digest(str(kept["digest"]), _digest(door, "".join(typed.split())))
    if not (fits and kept["genuine"]):
        return Tried.WRONG
    forget(request, door)
    return Tried.RIGHT


def _digest(door: str, digits: str) -> str:
    return salted_hmac(f"linli.{door}", digits, algorithm="sha256").hexdigest()

"""What the session keeps for a resident between two pages: encrypted, because a draft holds personal data."""

import json
from typing import Any

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest

from linli.ground.people.encryption import decrypt, encrypt
from linli.ground.people.middleware import KEYS
from linli.kernel.access import Actor


def remember(request: HttpRequest, name: str, value: dict[str, Any]) -> None:
    """Keep a value under a name until it is forgotten or the session ends."""
    request.session[name] = encrypt(json.dumps(value, ensure_ascii=False), f"session.{name}")


def recall(request: HttpRequest, name: str) -> dict[str, Any]:
    """The value kept under a name; empty when there is none or its key is gone."""
    stored = request.session.get(name)
    if not stored:
        return {}
    try:
        value = json.loads(decrypt(str(stored), f"session.{name}"))
    except (InvalidTag, KeyError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def forget(request: HttpRequest, name: str) -> None:
    """Drop a value."""
    request.session.pop(name, None)


def grant_key(request: HttpRequest, matter: int, *, idle_minutes: int) -> None:
    """Let this visitor open a matter. Without an account the permission ends with the visit."""
    held = request.session.get(KEYS, [])
    request.session[KEYS] = [*held, str(matter)] if str(matter) not in held else held
    if not request.session.get("_auth_user_id"):
        request.session.set_expiry(idle_minutes * 60)


def as_resident(actor: Actor) -> Actor:
    """The actor without their offices: on the residents' face everybody acts for themselves."""
    return Actor(account=actor.account, person=actor.person, name=actor.name, keys=actor.keys)

"""What a session keeps of a visitor between two pages: encrypted, because a draft holds personal data."""

import json
from typing import Any

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest

from linli.ground.people.encryption import decrypt, encrypt


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

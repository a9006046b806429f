"""Encrypted columns: AES-256-GCM under versioned keys, with a keyed blind index for exact look-up."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from linli.ground.record.keys import field_keys


def encrypt(text: str, context: str) -> str:
    """`version:nonce+ciphertext` in base64; `context` binds the value to its column."""
    keys = field_keys()
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(keys.versions[keys.newest]).encrypt(nonce, text.encode(), context.encode())
    return f"{keys.newest}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    """The text of a stored value.

    Raises:
        KeyError: its key version is not in the ring.
        cryptography.exceptions.InvalidTag: it was altered, or belongs to another column.
    """
    version, _, body = stored.partition(":")
    raw = base64.b64decode(body)
    return AESGCM(field_keys().versions[int(version)]).decrypt(raw[:12], raw[12:], context.encode()).decode()


def blind_index(text: str, context: str) -> str:
    """A keyed digest that finds equal values without storing them; empty for empty text."""
    if not text:
        return ""
    return hmac.new(field_keys().index, f"{context}\x00{text}".encode(), hashlib.sha256).hexdigest()


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """A text column that is stored encrypted. It cannot be searched: keep a blind index beside it."""

    @property
    def context(self) -> str:
        """What binds a value to this column."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in; empty stays empty."""
        return encrypt(str(value), self.context) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Decrypt on the way out."""
        return decrypt(value, self.context) if value else ""

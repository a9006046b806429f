"""Encrypted columns: AES-256-GCM under versioned keys, with a keyed blind index for exact look-up."""

import hashlib
import hmac
from typing import Any

from django.db import models

from linli.ground.record.keys import field_keys


def encrypt(text: str, context: str) -> str:
    """The text under the newest key; `context` binds the value to its column."""
    return field_keys().seal(text, context)


def decrypt(stored: str, context: str) -> str:
    """The text of a stored value.

    Raises:
        KeyError: its key version is not in the ring.
        cryptography.exceptions.InvalidTag: it was altered, or belongs to another column.
    """
    return field_keys().open(stored, context)


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

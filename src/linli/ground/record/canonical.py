"""One way to turn a record row, a checkpoint and a receipt into bytes: what is hashed, signed and published."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

ENTRY = "entry"  # the name under which a record's digests hold that of its entry


def canonical(content: dict[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: equal content gives equal bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def moment(at: datetime) -> str:
    """An aware moment in UTC with microseconds, the same on every database."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(salt: bytes, name: str, text: str) -> str:
    """The salted digest of a text written under `name`, 64 hexadecimal digits."""
    return hashlib.sha256(bytes(salt) + name.encode() + b"\x00" + text.encode()).hexdigest()


def entry_digest(salt: bytes, actor_name: str, office_title: str, audience: str) -> str:
    """The salted digest of who an entry says acted, and of who may read it."""
    return digest(salt, ENTRY, f"{actor_name}\x00{office_title}\x00{audience}")


def file_digest(salt: bytes, content: bytes) -> str:
    """The salted digest of a file's bytes."""
    return hashlib.sha256(bytes(salt) + content).hexdigest()


def record_content(row: Any) -> dict[str, Any]:
    """The published content of a record row: the very thing that the log's leaf is the hash of."""
    return {
        "id": row.pk,
        "at": moment(row.at),
        "event": row.event,
        "kind": row.kind,
        "subject": row.subject,
        "office": row.office,
        "actor": row.actor_digest,
        "codes": row.codes,
        "digests": row.digests,
    }

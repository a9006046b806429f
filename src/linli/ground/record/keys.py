"""The keys of an installation: one folder, made once, backed up with the database.

`log.pem` signs checkpoints and receipts (Ed25519); `fields.json` holds the data keys of encrypted columns by
version, and the key of their blind indexes; `secret.key` is Django's.
"""

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class KeysMissing(RuntimeError):
    """The folder of keys is not there: `linli init` makes it, `linli restore` brings it back."""


@dataclass(frozen=True)
class FieldKeys:
    """Data keys by version, the newest of which encrypts, and the key of the blind indexes."""

    versions: dict[int, bytes]
    index: bytes

    @property
    def newest(self) -> int:
        """The version that new values are encrypted under."""
        return max(self.versions)

    def seal(self, text: str, context: str) -> str:
        """`version:nonce+ciphertext` in base64 (AES-256-GCM); `context` binds the value to its column."""
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self.versions[self.newest]).encrypt(nonce, text.encode(), context.encode())
        return f"{self.newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, stored: str, context: str) -> str:
        """The text of a stored value.

        Raises:
            KeyError: its key version is not in the ring.
            cryptography.exceptions.InvalidTag: it was altered, or belongs to another column.
        """
        version, _, body = stored.partition(":")
        raw = base64.b64decode(body)
        return AESGCM(self.versions[int(version)]).decrypt(raw[:12], raw[12:], context.encode()).decode()


def keys_folder() -> Path:
    """Where the keys lie."""
    return Path(settings.LINLI_HOME) / "keys"


def create_keys() -> bool:
    """Make the folder of keys unless it is there; says whether it did."""
    folder = keys_folder()
    if (folder / "log.pem").exists():
        return False
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_secret(folder / "secret.key", secrets.token_urlsafe(50).encode())
    write_fields(FieldKeys({1: secrets.token_bytes(32)}, secrets.token_bytes(32)))
    write_secret(folder / "log.pem", pem)
    return True


def write_secret(path: Path, content: bytes) -> None:
    """Replace a secret file in one step, readable by its owner alone."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_fields(keys: FieldKeys) -> None:
    """Write the data keys and forget the ones read before."""
    content = {
        "versions": {str(number): base64.b64encode(key).decode() for number, key in keys.versions.items()},
        "index": base64.b64encode(keys.index).decode(),
    }
    write_secret(keys_folder() / "fields.json", json.dumps(content).encode())
    _read_fields.cache_clear()


def field_keys() -> FieldKeys:
    """The data keys now in force.

    Raises:
        KeysMissing: encrypted columns cannot be read without them.
    """
    path = f"{settings.LINLI_HOME}/keys/fields.json"  # asked for ten times in an act, which a Path would be felt in
    try:
        return _read_fields(path, os.stat(path).st_mtime_ns)  # noqa: PTH116
    except FileNotFoundError as error:
        raise KeysMissing(f"no field keys at {path}; run `linli init` or `linli restore`") from error


@lru_cache(maxsize=4)
def _read_fields(path: str, _changed: int) -> FieldKeys:
    return parse_fields(Path(path).read_bytes())


def parse_fields(content: bytes) -> FieldKeys:
    """The data keys in the content of a `fields.json`.

    Raises:
        KeysMissing: it holds none.
    """
    try:
        parsed = json.loads(content)
        versions = {int(number): base64.b64decode(key) for number, key in parsed["versions"].items()}
        return FieldKeys(versions, base64.b64decode(parsed["index"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysMissing("fields.json holds no field keys") from error


def log_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints and receipts."""
    path = keys_folder() / "log.pem"
    try:
        return _read_log_key(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise KeysMissing(f"no log key at {path}; run `linli init` or `linli restore`") from error


@lru_cache(maxsize=4)
def _read_log_key(path: Path, _changed: int) -> Ed25519PrivateKey:
    return parse_log_key(path.read_bytes())


def parse_log_key(content: bytes) -> Ed25519PrivateKey:
    """The signing key in the content of a `log.pem`.

    Raises:
        KeysMissing: it holds none.
    """
    try:
        key = serialization.load_pem_private_key(content, None)
    except ValueError as error:
        raise KeysMissing("log.pem holds no key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysMissing("log.pem holds no Ed25519 key")
    return key


def installation_id(key: Ed25519PublicKey) -> str:
    """What tells one installation from another: the fingerprint of the key that signs its log."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]


def public_log_key() -> Ed25519PublicKey:
    """The half that outsiders verify with."""
    return log_key().public_key()


def public_log_key_text() -> str:
    """The public half as PEM, for publication."""
    return (
        public_log_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )

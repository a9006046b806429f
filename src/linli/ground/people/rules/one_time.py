"""Codes of a second factor: those of an authenticator (RFC 6238), and the recovery codes for when it is lost."""

import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS, STEP_SECONDS, TOLERANCE = 6, 30, 1
SECRET_BYTES = 20
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
RECOVERY_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# SHA-1 is what every authenticator knows; HMAC does not suffer from its collisions.
ALGORITHM = SHA1()  # noqa: S303


def new_secret() -> bytes:
    """A shared secret of 160 bits."""
    return secrets.token_bytes(SECRET_BYTES)


def matching_step(secret: bytes, typed: str, at: datetime, *, after: int) -> int | None:
    """The step of thirty seconds whose code was typed; None where none fits.

    One step to either side allows for clocks that differ. Steps up to `after` have been used or passed by: a code
    is good once (RFC 6238, 5.2).
    """
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdecimal():
        return None
    codes, present = HOTP(secret, DIGITS, ALGORITHM), int(at.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(present - TOLERANCE, present + TOLERANCE + 1)
        if hmac.compare_digest(codes.generate(step), typed.encode()) and step > after
    ]
    return fitting[0] if fitting else None


def provisioning_uri(secret: bytes, *, account: str, issuer: str) -> str:
    """What an authenticator reads from the picture."""
    return TOTP(secret, DIGITS, ALGORITHM, STEP_SECONDS).get_provisioning_uri(account, issuer)


def new_recovery_codes() -> list[str]:
    """Ten codes of fifty bits, in two halves for reading: ABCDE-23456."""
    return [_halves(_random_signs()) for _ in range(RECOVERY_CODES)]


def plain_recovery_code(typed: str) -> str:
    """A typed recovery code in its one form, without dashes and spaces; empty where it cannot be one."""
    plain = "".join(char for char in typed.upper() if char.isalnum())
    return plain if len(plain) == RECOVERY_LENGTH and set(plain) <= set(RECOVERY_SIGNS) else ""


def _random_signs() -> str:
    return "".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH))


def _halves(code: str) -> str:
    return f"{code[: RECOVERY_LENGTH // 2]}-{code[RECOVERY_LENGTH // 2 :]}"

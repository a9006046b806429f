"""What a password is made of, and how old it may be."""

import secrets
import string
from datetime import datetime, timedelta

LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without those that are read as another
DIGITS = "23456789"
GROUPS = 4


def kinds_of_characters(password: str) -> int:
    """How many kinds it mixes: lower case, upper case, digits, other scripts such as Chinese, and marks (B11.14)."""
    return len({_kind(char) for char in password})


def is_old(set_at: datetime | None, days: int, now: datetime) -> bool:
    """Whether a password has to be changed; 0 days: never. One whose day nobody noted counts as old."""
    return days > 0 and (set_at is None or set_at + timedelta(days=days) <= now)


def fresh_password() -> str:
    """A password to be handed over: four kinds of characters, about 70 bits, nothing that is misread."""
    groups = [
        secrets.choice(LETTERS) + secrets.choice(DIGITS) + "".join(secrets.choice(LETTERS + DIGITS) for _ in range(2))
        for _ in range(GROUPS)
    ]
    return "-".join([groups[0].capitalize(), *groups[1:]])


def _kind(char: str) -> str:
    if char in string.ascii_lowercase:
        return "lower"
    if char in string.ascii_uppercase:
        return "upper"
    if char.isdecimal():
        return "digit"
    return "script" if char.isalpha() else "mark"

"""The door of number and secret code: ten wrong tries from one network address close it for a quarter of an hour."""

from datetime import datetime, timedelta

from linli.ground.people.throttle import count, note
from linli.services.cases.selectors import look_up

LOOK_UP = "look_up"
MOST_FAILURES, FAILURES_WITHIN = 10, timedelta(minutes=15)


class TooManyTries(Exception):
    """The address has tried too often; the door is closed to it, even with the right code."""


def try_look_up(number: str, code: str, *, address: str, now: datetime) -> int | None:
    """The matter with this number and code; a wrong try is counted, and a wrong number is no other than a wrong code.

    Raises:
        TooManyTries: nothing was looked at.
    """
    may_try(address, now)
    matter = look_up(number, code)
    if matter is None:
        note(LOOK_UP, address, now)
    return matter


def may_try(address: str, now: datetime) -> None:
    """Nothing, if the door is open to the address.

    Raises:
        TooManyTries: it is not.
    """
    if count(LOOK_UP, address, FAILURES_WITHIN, now) >= MOST_FAILURES:
        raise TooManyTries

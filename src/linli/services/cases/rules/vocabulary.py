"""The words of a demand's life."""

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a demand (诉求) stands."""

    RECEIVED = "received"
    FILED = "filed"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    HANDLED = "handled"
    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    REPLIED = "replied"
    VERIFIED = "verified"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ENDS = frozenset({State.CLOSED, State.DECLINED, State.WITHDRAWN})

BEFORE_HANDLING = frozenset({State.RECEIVED, State.FILED, State.DISPATCHED, State.RETURNED})
IN_HANDS = frozenset({State.ACCEPTED, State.WAITING, State.HANDLED, State.DRAFTED, State.REVIEWED})
OPEN = frozenset(State) - ENDS
RUNNING = OPEN - {State.WAITING, State.REPLIED, State.VERIFIED}


class Channel(StrEnum):
    """How a demand reached us."""

    WEB = "web"
    COUNTER = "counter"
    PHONE = "phone"
    LETTER = "letter"
    HOTLINE = "hotline_12345"
    PLATFORM = "platform"
    COMMITTEE = "committee"


class CallResult(StrEnum):
    """What a call-back (回访) brought."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    UNREACHED = "unreached"


class Rating(IntEnum):
    """Service rating in five levels (B7.10); the last two are bad ratings."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    BASICALLY_SATISFIED = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1

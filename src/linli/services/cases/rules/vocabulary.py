"""The words of a demand's life."""

from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a demand (诉求) stands."""

    RECEIVED = "received"
    FILED = "filed"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    DISPUTED = "disputed"
    MERGED = "merged"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    HANDLED = "handled"
    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    REPLIED = "replied"
    VERIFIED = "verified"
    CLOSED = "closed"
    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ENDS = frozenset({State.CLOSED, State.DECLINED, State.WITHDRAWN})

BEFORE_HANDLING = frozenset({State.RECEIVED, State.FILED, State.DISPATCHED, State.RETURNED})
IN_HANDS = frozenset({State.ACCEPTED, State.WAITING, State.HANDLED, State.DRAFTED, State.REVIEWED})
# A bad rating was given and is being made good.
IN_RECTIFICATION = frozenset({State.RECTIFYING, State.RECTIFIED})
# The holding unit has the move, and one of its people works on it.
WITH_HOLDER = IN_HANDS | {State.RECTIFYING}
OPEN = frozenset(State) - ENDS
# Ended without an answer, or without a clock of their own: what was merged, and what waits for its filer.
NOT_DUE = frozenset({State.DECLINED, State.WITHDRAWN, State.MERGED, State.WAITING})
RUNNING = OPEN - {State.MERGED, State.WAITING, State.REPLIED, State.VERIFIED, State.RECTIFIED}


class Channel(StrEnum):
    """How a demand reached us."""

    WEB = "web"
    COUNTER = "counter"
    PHONE = "phone"
    LETTER = "letter"
    HOTLINE = "hotline_12345"
    PLATFORM = "platform"
    COMMITTEE = "committee"
    PART = "part"


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


BAD_RATINGS = frozenset({Rating.DISSATISFIED, Rating.VERY_DISSATISFIED})


class Appeal(StrEnum):
    """What became of the rated unit's appeal against a bad rating (评价申诉)."""

    NONE = ""
    ASKED = "asked"
    UPHELD = "upheld"
    UNFAIR = "unfair"

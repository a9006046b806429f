"""What is to become of a demand: how it comes in, and the one turn that its life takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from linli.ground.territory.facade import Unit


class Door(StrEnum):
    """How a demand comes in."""

    RESIDENT = auto()  # signed in
    NAMED = auto()  # on the web without an account, with name and telephone
    NAMELESS = auto()
    PHONE = auto()
    COUNTER = auto()
    LETTER = auto()
    COMMITTEE = auto()


class Turn(StrEnum):
    """The one thing that makes a life different from others; most have none."""

    PLAIN = auto()
    DECLINED = auto()
    WITHDRAWN = auto()
    WITHDRAWN_LATER = auto()
    SUPPLEMENTED = auto()
    LAPSED = auto()
    EXTENDED = auto()
    NOT_EXTENDED = auto()
    LATE = auto()
    SUPERVISED = auto()
    INSTRUCTED = auto()
    RETURNED = auto()
    DISPUTED = auto()
    HANDED_OVER = auto()
    RECALLED = auto()
    ESCALATED = auto()
    SPLIT = auto()
    MERGED = auto()
    PARTED = auto()
    SENT_BACK = auto()
    URGED = auto()
    UNREACHED = auto()
    FOUND_UNSOLVED = auto()
    REOPENED = auto()
    REOPENED_TWICE = auto()
    COMPLAINT = auto()


class Grievance(StrEnum):
    """What becomes of a bad rating."""

    RECTIFIED = auto()
    NOT_REACHED = auto()
    UPHELD = auto()
    OVERRULED = auto()
    REOPENED = auto()


DOORS = {
    Door.RESIDENT: 68,
    Door.NAMED: 44,
    Door.NAMELESS: 30,
    Door.PHONE: 34,
    Door.COUNTER: 18,
    Door.LETTER: 5,
    Door.COMMITTEE: 1,
}
TURNS = {
    Turn.PLAIN: 158,
    Turn.DECLINED: 10,
    Turn.WITHDRAWN: 3,
    Turn.WITHDRAWN_LATER: 2,
    Turn.SUPPLEMENTED: 7,
    Turn.LAPSED: 2,
    Turn.EXTENDED: 6,
    Turn.NOT_EXTENDED: 1,
    Turn.LATE: 8,
    Turn.SUPERVISED: 4,
    Turn.INSTRUCTED: 1,
    Turn.RETURNED: 8,
    Turn.DISPUTED: 2,
    Turn.HANDED_OVER: 2,
    Turn.RECALLED: 2,
    Turn.ESCALATED: 2,
    Turn.SPLIT: 2,
    Turn.MERGED: 18,
    Turn.PARTED: 1,
    Turn.SENT_BACK: 6,
    Turn.URGED: 5,
    Turn.UNREACHED: 6,
    Turn.FOUND_UNSOLVED: 4,
    Turn.REOPENED: 5,
    Turn.REOPENED_TWICE: 2,
    Turn.COMPLAINT: 2,
}
GRIEVANCES = {
    Grievance.RECTIFIED: 4,
    Grievance.UPHELD: 1,
    Grievance.OVERRULED: 1,
    Grievance.NOT_REACHED: 1,
    Grievance.REOPENED: 1,
}
NEEDS_FILER = frozenset({Turn.SUPPLEMENTED, Turn.UNREACHED, Turn.FOUND_UNSOLVED, Turn.REOPENED, Turn.REOPENED_TWICE})
"""Turns in which somebody is asked or comes back; nobody can be who has left neither name nor telephone."""


@dataclass(frozen=True)
class Birth:
    """That somebody will write: when, about what, where.

    Args:
        spot: the hot spot that it belongs to; empty for a trouble of its own.
    """

    at: datetime
    topic: str
    place: Unit
    spot: str = ""

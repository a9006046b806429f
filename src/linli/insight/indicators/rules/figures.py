"""What a demand adds to the figures of which day, place and topic: whole numbers that can be added and taken away.

A demand stands in several days: that of its receipt, of its end, of its due date, of its filer's word, of its rating.
Shares are made of two such numbers where they are shown, never kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MEASURES = (
    "received",
    "open",  # by the day of receipt: still open now, whatever their day
    "closed",
    "hops",  # of those closed: how often they went from one desk to another
    "returns",
    "due",  # to be answered by this day
    "answered",
    "closed_in_time",
    "said",  # the filer said whether it is solved
    "solved",
    "rated",
    "satisfied",
    "bad",
    "mended",  # of the bad ratings
    "topics_proposed",  # somebody decided on a topic that the program had proposed
    "topics_taken",
    "units_proposed",
    "units_taken",
    "merges_proposed",
    "merges_taken",
)
Values = tuple[int, ...]  # one of each measure, in their order
NOTHING: Values = (0,) * len(MEASURES)


class Cell(NamedTuple):
    """A day of a place and a topic; both are paths of trees, and an empty topic stands for all of them."""

    day: date
    place: str
    topic: str


@dataclass(frozen=True)
class Counted:
    """What is counted of one demand.

    Args:
        place: path of the unit in which it lies; topic: path of its topic, empty before it has one.
        due_on: the last day for an answer; None if it is not to be answered by a day.
        answered: by then; closed_in_time: ended by then.
        said_on: when its filer said whether it is solved.
        rated_on: of the rating that counts; `bad` and `mended` are about that one.
        topic_decided_on: when somebody decided on the topic that the program proposed; so for unit and merging.
    """

    place: str
    topic: str
    opened_on: date
    closed_on: date | None
    hops: int
    returns: int
    due_on: date | None
    answered: bool
    closed_in_time: bool
    said_on: date | None
    solved: bool
    rated_on: date | None
    bad: bool
    mended: bool
    topic_decided_on: date | None = None
    topic_taken: bool = False
    unit_decided_on: date | None = None
    unit_taken: bool = False
    merge_decided_on: date | None = None
    merge_taken: bool = False


@dataclass(frozen=True)
class Trees:
    """How the paths of places and topics are cut: characters of a step, and how many steps are told apart."""

    place_step: int
    place_depth: int
    topic_step: int


def cells_of(counted: Counted, trees: Trees) -> Iterator[tuple[Cell, Values]]:
    """The cells in which a demand counts, and with what: under its place and those above it, its topic, and all."""
    places = [counted.place[:end] for end in _ends(counted.place, trees.place_step, trees.place_depth)]
    topics = ["", *(counted.topic[:end] for end in _ends(counted.topic, trees.topic_step, len(counted.topic)))]
    for day, values in _by_day(counted).items():
        for place in places:
            for topic in topics:
                yield Cell(day, place, topic), values


def added(sums: dict[Cell, Values], counted: Counted, trees: Trees, sign: int = 1) -> None:
    """Add what a demand counts to the sums, or take it away."""
    for cell, values in cells_of(counted, trees):
        before = sums.get(cell, NOTHING)
        sums[cell] = tuple(old + sign * new for old, new in zip(before, values, strict=True))


def _ends(path: str, step: int, depth: int) -> range:
    return range(step, min(len(path), step * depth) + 1, step)


def _by_day(counted: Counted) -> Mapping[date, Values]:
    days: dict[date, dict[str, int]] = {}

    def count(day: date | None, **values: int) -> None:
        if day is not None:
            found = days.setdefault(day, {})
            found.update({name: found.get(name, 0) + value for name, value in values.items()})

    count(counted.opened_on, received=1, open=counted.closed_on is None)
    count(counted.closed_on, closed=1, hops=counted.hops, returns=counted.returns)
    count(counted.due_on, due=1, answered=counted.answered, closed_in_time=counted.closed_in_time)
    count(counted.said_on, said=1, solved=counted.solved)
    bad, mended = counted.bad, counted.bad and counted.mended
    count(counted.rated_on, rated=1, satisfied=not bad, bad=bad, mended=mended)
    count(counted.topic_decided_on, topics_proposed=1, topics_taken=counted.topic_taken)
    count(counted.unit_decided_on, units_proposed=1, units_taken=counted.unit_taken)
    count(counted.merge_decided_on, merges_proposed=1, merges_taken=counted.merge_taken)
    return {day: tuple(int(found.get(name, 0)) for name in MEASURES) for day, found in days.items()}

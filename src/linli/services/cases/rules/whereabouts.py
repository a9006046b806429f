"""Where a demand lies, from a point on the map, a choice from the lists, and the words of an address."""

from dataclasses import dataclass
from enum import StrEnum

from linli.ground.territory.rules.places import Located, Place, PlaceProblem

POINT, CHOSEN = "point", "chosen"


@dataclass(frozen=True)
class Clash:
    """The point lies in one unit, and another one was chosen."""

    pointed: Place
    chosen: Place


@dataclass(frozen=True)
class Whereabouts:
    """The finest unit that is known, None where nothing says; whether the point counts; a clash that is to be asked."""

    place: Place | None
    uses_point: bool = False
    clash: Clash | None = None


class Drawn(StrEnum):
    """What the outlines say of a point."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    """Nothing is drawn there: the point is a pair of numbers and no more."""


def drawn_around(point: Located) -> Drawn:
    """Whether a point lies within the district, as far as it is drawn."""
    if any(fault.problem is PlaceProblem.OUTSIDE_DISTRICT for fault in point.faults):
        return Drawn.OUTSIDE
    return Drawn.INSIDE if point.finest else Drawn.UNKNOWN


def whereabouts(point: Located | None, chosen: Place | None, words: Place | None, *, meant: str = "") -> Whereabouts:
    """The finest of the three. The point goes before a choice that is no finer; words only say where within it.

    Args:
        words: the unit that the address names, the district if it names none.
        meant: `point` or `chosen`, where somebody was asked which of two that clash is right.
    """
    pointed = point.finest if point else None
    if point and chosen and any(chosen.code in fault.codes for fault in point.faults):
        pointed = chosen  # outlines that overlap or disagree leave the choice open, and it was made
    uses_point = point is not None
    if pointed and chosen and not (pointed.holds(chosen) or chosen.holds(pointed)):
        if meant == POINT:
            chosen = None
        elif meant == CHOSEN:
            pointed, uses_point = None, False
        else:
            return Whereabouts(None, clash=Clash(pointed, chosen))
    known = max((each for each in (pointed, chosen) if each), key=_depth, default=None)
    if words and (known is None or known.holds(words)):
        known = words
    return Whereabouts(known, uses_point)


def fault_codes(point: Located) -> tuple[str, ...]:
    """What is wrong with the outlines at a point, for the record: problem, level and units. Not drawn is no fault."""
    wrong = {PlaceProblem.GAP, PlaceProblem.OVERLAP, PlaceProblem.LEVELS_DISAGREE}
    return tuple(
        f"{fault.problem}:{fault.level}:{','.join(fault.codes)}" for fault in point.faults if fault.problem in wrong
    )


def _depth(place: Place) -> int:
    return place.level.depth

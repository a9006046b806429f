"""Supervising (督办)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def supervise_case(move: Move[Case], *, requirement: str) -> None:
    """A superior puts the case under supervision and says what is required."""
    move.row.supervised += 1
    move.say("requirement", requirement)

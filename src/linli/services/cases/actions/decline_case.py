"""Declining: not ours, with the reason and the right door."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def decline_case(move: Move[Case], *, reason: str, right_door: str) -> None:
    """Not accepted: the filer is told why, and where to go instead."""
    move.say("reason", reason)
    move.say("right_door", right_door)

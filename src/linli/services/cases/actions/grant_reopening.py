"""Granting a further reopening."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import restart_case
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def grant_reopening(move: Move[Case], *, note: str = "") -> None:
    """The superior has the case taken up again."""
    restart_case(move)
    move.row.reopened += 1
    move.row.reopening_asked_at = None
    move.say("note", note)

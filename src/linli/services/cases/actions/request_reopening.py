"""Asking for a further reopening."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def request_reopening(move: Move[Case], *, reason: str) -> None:
    """Ask the superior to have the case taken up again."""
    move.row.reopening_asked_at = move.now
    move.say("reason", reason)

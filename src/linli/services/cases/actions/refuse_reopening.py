"""Refusing a further reopening."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def refuse_reopening(move: Move[Case], *, reason: str) -> None:
    """The case stays closed; the filer is told why."""
    move.row.reopening_asked_at = None
    move.say("reason", reason)

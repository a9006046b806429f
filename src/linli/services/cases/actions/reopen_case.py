"""Reopening by right, once, when the filer is not satisfied."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import restart_case
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def reopen_case(move: Move[Case], *, reason: str) -> None:
    """Not solved: the holder takes it up again with a new clock."""
    restart_case(move)
    move.row.reopened += 1
    move.say("reason", reason)

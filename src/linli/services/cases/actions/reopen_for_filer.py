"""Reopening for the filer, who said on the telephone that it is not solved."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import restart_case
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def reopen_for_filer(move: Move[Case], *, reason: str) -> None:
    """The desk that called back lays it before the holder again; it is the filer's reopening by right."""
    restart_case(move)
    move.row.reopened += 1
    move.say("reason", reason)

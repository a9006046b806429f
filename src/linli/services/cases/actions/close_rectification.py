"""Closing a rectification (整改办结)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def close_rectification(move: Move[Case], *, note: str = "") -> None:
    """Close it with what the call-back brought; whoever finds it unsolved has the time for reopening once more."""
    move.row.reopen_until = working_days_from(move, "reopen_days")
    move.note(solved=move.row.solved, call_attempts=move.row.call_attempts)
    move.say("note", note)

"""Closing (结案)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def close_case(move: Move[Case], *, note: str = "") -> None:
    """Close the case; the filer may rate it now, or reopen it."""
    move.row.reopen_until = working_days_from(move, "reopen_days")
    move.note(solved=move.row.solved)
    move.say("note", note)

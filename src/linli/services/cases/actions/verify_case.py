"""Verifying (核查) that what was promised was done."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def verify_case(move: Move[Case], *, note: str = "") -> None:
    """The receiving desk has checked handling, reply and call-back."""
    move.note(solved=move.row.solved, call_attempts=move.row.call_attempts)
    move.say("note", note)

"""Granting more time; counted, and shown to the filer."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.clocks import workdays
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.timing import set_case_clock


@action(CASES, audience=Audience.PARTY)
def grant_extension(move: Move[Case], *, note: str = "") -> None:
    """The superior grants the extension that was asked for."""
    days = move.row.extension_asked_days or 0
    warned = move.row.warned_at
    left = move.row.paused_days_left
    if left is not None:
        move.row.paused_days_left = left + days
    else:
        set_case_clock(move.row, move.matter.clock_start, move.matter.clock_days + days, workdays())
    move.row.extension_asked_days = None
    move.row.extensions_granted += 1
    move.row.extended_days += days
    move.note(days=days, due=move.matter.due_at.isoformat(), warned_before=warned is not None)
    move.say("note", note)

"""Asking for a supplement (补正), once; the clock pauses."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import pause_clock, working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def ask_supplement(move: Move[Case], *, question: str) -> None:
    """Ask the filer, once, for all that is missing. The clock stands still meanwhile."""
    pause_clock(move)
    move.row.supplements_asked += 1
    move.row.supplement_asked_at = move.now
    move.row.waits_until = working_days_from(move, "supplement_days")
    move.note(until=move.row.waits_until.isoformat())
    move.say("question", question)

"""Handing over (转出): accepted, and found to be another unit's matter."""

from linli.ground.matters.action import Move, action
from linli.services.cases.disputes import send_back
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def hand_over_case(move: Move[Case], *, reason: str) -> None:
    """Back to the first receiver, who answers for it again; counted as returned, and the clock runs on."""
    case, unit = move.row, move.matter.holder
    move.hand_to(case.first_contact)
    send_back(move, unit)
    move.matter.handler = None
    case.accepted_at = case.extension_asked_days = None
    move.say("reason", reason)

"""Returning to sender (退单), within 24 hours and with a reason."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def return_case(move: Move[Case], *, reason: str) -> None:
    """Not this unit's matter: back to the desk that dispatched it."""
    move.lay_before(move.row.first_contact)
    move.row.returns += 1
    move.say("reason", reason)

"""Returning to sender (退单), within 24 hours and with a reason."""

from linli.ground.matters.action import Move, action
from linli.services.cases.disputes import send_back
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def return_case(move: Move[Case], *, reason: str) -> None:
    """Not this unit's matter: back to the desk that dispatched it, or to the superior who ends the dispute."""
    send_back(move, move.matter.desk)
    move.say("reason", reason)

"""Sending a draft back."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def send_back_reply(move: Move[Case], *, reason: str) -> None:
    """The draft is not good enough: back to the handler with the reason."""
    move.row.reviewed_by_id = None
    move.say("reason", reason)

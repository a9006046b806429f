"""Withdrawing a demand."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def withdraw_case(move: Move[Case], *, reason: str = "") -> None:
    """The filer takes the demand back."""
    move.say("reason", reason)

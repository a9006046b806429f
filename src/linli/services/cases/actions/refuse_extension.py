"""Refusing more time."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def refuse_extension(move: Move[Case], *, reason: str) -> None:
    """The superior refuses the extension; the due date stands."""
    move.row.extension_asked_days = None
    move.say("reason", reason)

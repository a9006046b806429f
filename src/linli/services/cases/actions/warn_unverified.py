"""Time alone: replied, and not verified."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def warn_unverified(move: Move[Case]) -> None:
    """The receiving desk has not verified the reply in time."""
    move.row.verification_warned_at = move.now

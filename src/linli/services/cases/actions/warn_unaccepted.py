"""Time alone: dispatched, and neither accepted nor returned."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def warn_unaccepted(move: Move[Case]) -> None:
    """The unit has neither accepted nor returned the case in time."""
    move.row.unaccepted_warned_at = move.now

"""Time alone: the yellow light."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def warn_holder(move: Move[Case]) -> None:
    """The due date is near."""
    move.row.warned_at = move.now

"""Time alone: a dispute that nobody has ended in time."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def warn_unruled(move: Move[Case]) -> None:
    """The superior has not ruled in time who is responsible."""
    move.row.ruling_warned_at = move.now
    move.note(superior=move.matter.desk_path)

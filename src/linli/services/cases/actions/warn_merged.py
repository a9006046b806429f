"""Time alone: the leading case is closed, and a merged one waits for its answer."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Matter
from linli.services.cases.feature import CASES
from linli.services.cases.following import to_be_answered
from linli.services.cases.models import Case


@action(CASES)
def warn_merged(move: Move[Case]) -> None:
    """Remind the desk, once, that those who follow a closed case are to be answered."""
    if not Matter.objects.filter(to_be_answered(move.now), pk=move.matter.pk).exists():
        move.refuse("not_open")
    move.row.merged_warned_at = move.now

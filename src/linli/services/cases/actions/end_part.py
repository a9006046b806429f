"""Time alone: the demand of which this is a part was withdrawn or declined."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Matter
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.splitting import left_without_whole


@action(CASES)
def end_part(move: Move[Case]) -> None:
    """Nobody waits for the answer any more."""
    if not Matter.objects.filter(left_without_whole(move.now), pk=move.matter.pk).exists():
        move.refuse("not_open")

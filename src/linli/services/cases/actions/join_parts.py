"""Time alone: every part of the demand is answered."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Matter
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.splitting import to_be_joined


@action(CASES)
def join_parts(move: Move[Case]) -> None:
    """The leading holder can draft the joint reply."""
    if not Matter.objects.filter(to_be_joined(move.now), pk=move.matter.pk).exists():
        move.refuse("not_open")
    move.row.waits_for_parts = False

"""Time alone: the case that leads was withdrawn or declined."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Matter
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import part_from_lead
from linli.services.cases.feature import CASES
from linli.services.cases.following import left_without_lead
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def release_merged(move: Move[Case]) -> None:
    """Nobody works on the leading case any more, so the demand goes on alone, with the days that were left."""
    if not Matter.objects.filter(left_without_lead(move.now), pk=move.matter.pk).exists():
        move.refuse("not_open")
    part_from_lead(move)

"""Time alone: the handler no longer works for the holding unit."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Matter
from linli.services.cases.feature import CASES
from linli.services.cases.finding import left_by_handler
from linli.services.cases.models import Case


@action(CASES)
def release_for_leaver(move: Move[Case]) -> None:
    """Back into the unit's pool, where a colleague claims it.

    The clock looks who has left, rather than the end of an appointment releasing what hangs on it: an end is often
    written down before its day has come, and a deputy leaves with the absence, of which nothing is written at all. An
    act on the record, rather than a condition of reading, lets guards, lists and the case page know without asking.
    """
    if not Matter.objects.filter(left_by_handler(move.now), pk=move.matter.pk).exists():
        move.refuse("not_open")
    move.matter.handler = None

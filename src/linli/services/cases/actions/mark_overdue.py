"""Time alone: the red light."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def mark_overdue(move: Move[Case]) -> None:
    """The promised date has passed; the filer sees it too."""
    move.row.overdue_at = move.now

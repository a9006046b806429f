"""The filer says that it is solved."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def confirm_solved(move: Move[Case]) -> None:
    """Only the filer or a call-back may say so."""
    move.row.solved, move.row.confirmed_at = True, move.now

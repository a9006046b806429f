"""Putting a case back into the unit's pool."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def release_case(move: Move[Case]) -> None:
    """The handler gives the case back; any colleague may claim it."""
    move.matter.handler = None

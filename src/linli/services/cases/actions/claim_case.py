"""Claiming a case from the unit's pool."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def claim_case(move: Move[Case]) -> None:
    """A member of the holding unit becomes the handler."""
    move.matter.handler_id = move.actor.person

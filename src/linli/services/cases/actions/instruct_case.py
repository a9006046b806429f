"""Instruction (批示) by a superior."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def instruct_case(move: Move[Case], *, instruction: str) -> None:
    """A superior instructs the holding unit; the filer does not read it."""
    move.say("instruction", instruction)

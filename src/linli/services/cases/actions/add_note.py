"""A working note for colleagues."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def add_note(move: Move[Case], *, note: str) -> None:
    """Write something down that colleagues should know; the filer does not read it."""
    move.say("note", note)

"""Calling the filer back (回访): attempt, caller and result are kept."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.guards import attempt_counts
from linli.services.cases.rules.vocabulary import CallResult


@action(CASES, audience=Audience.PARTY)
def call_back_case(move: Move[Case], *, result: CallResult, note: str = "") -> None:
    """One attempt to ask the filer whether the matter is solved."""
    if result is CallResult.UNREACHED:
        for blocker in attempt_counts(move.facts):
            move.refuse(blocker.code, **blocker.values)
    else:
        move.row.solved = result is CallResult.SOLVED
    move.row.call_attempts += 1
    move.row.called_at = move.now
    move.note(result=str(result), attempt=move.row.call_attempts)
    move.say("note", note)

"""Urging (催办)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def urge_case(move: Move[Case], *, note: str = "") -> None:
    """The filer reminds whoever has the next step."""
    move.row.urged += 1
    move.row.urged_at = move.now
    move.say("note", note)

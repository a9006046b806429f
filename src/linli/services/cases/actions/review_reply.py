"""Reviewing the draft (审核)."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def review_reply(move: Move[Case], *, note: str = "") -> None:
    """Another person has read the draft and passes it on for signature."""
    move.row.reviewed_by_id = move.actor.person
    move.say("note", note)

"""Drafting the reply (拟稿)."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def draft_reply(move: Move[Case], *, reply: str) -> None:
    """The handler drafts the reply to the filer."""
    move.row.drafted_by_id = move.actor.person
    move.row.reviewed_by_id = None
    move.say("draft", reply)

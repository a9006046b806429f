"""Appealing against a bad rating (评价申诉)."""

from linli.ground.matters.action import Move, action
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Appeal


@action(CASES)
def appeal_rating(move: Move[Case], *, reason: str) -> None:
    """The rated unit finds the rating unfair. It stays visible and counts until a superior has decided."""
    move.row.appeal = Appeal.ASKED
    move.say("reason", reason)

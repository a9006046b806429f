"""Upholding a rating against an appeal (维持评价)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Appeal


@action(CASES, audience=Audience.PARTY)
def uphold_rating(move: Move[Case], *, reason: str) -> None:
    """The rating stands, and counts."""
    move.row.appeal = Appeal.UPHELD
    move.say("reason", reason)

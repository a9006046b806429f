"""Parting a demand again from the one that leads it (分开)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import part_from_lead
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def unmerge_case(move: Move[Case], *, reason: str) -> None:
    """Not the same thing after all: it goes on alone, with the days that were left."""
    part_from_lead(move)
    move.say("reason", reason)

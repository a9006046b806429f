"""The time for the supplement is over; the case goes on with what is known."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import resume_clock
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def lapse_supplement(move: Move[Case]) -> None:
    """No supplement came in time: handling goes on with what is known."""
    resume_clock(move)

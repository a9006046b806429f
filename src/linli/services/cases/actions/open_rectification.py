"""Opening the rectification (差评整改) of a bad rating."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import rectification_clock
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def open_rectification(move: Move[Case]) -> None:
    """The demand is open again: with its holder, or with the first receiver where only they may know the rater."""
    case = move.row
    case.rectification_asked_at, case.rectification_opened_at = None, move.now
    by_counter = move.facts.has_contact and not case.identity_shown
    move.lay_before(case.first_contact if by_counter else move.matter.holder)
    rectification_clock(move, "contact_days" if move.facts.has_contact else "rectify_days")

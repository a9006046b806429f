"""Finding a rating unfair (认定评价不实)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import IN_RECTIFICATION, Appeal


@action(CASES, audience=Audience.PARTY)
def overrule_rating(move: Move[Case], *, reason: str) -> None:
    """The rating stays visible, marked, and does not count; there is nothing to rectify any more.

    What the rectification had opened closes, and the filer may still say that it is not solved.
    """
    case = move.row
    case.appeal, case.rectification_asked_at = Appeal.UNFAIR, None
    if move.matter.state in IN_RECTIFICATION:
        move.lay_before(case.first_contact)
        case.reopen_until = working_days_from(move, "reopen_days")
    move.say("reason", reason)

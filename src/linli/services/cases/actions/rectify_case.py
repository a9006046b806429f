"""Mending what a bad rating found wrong (整改; B7.12)."""

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import forget_call_backs, working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def rectify_case(move: Move[Case], *, work: str, files: tuple[StoredFile, ...] = ()) -> None:
    """The handler writes down what was mended; the first receiver asks the rater whether it is good now."""
    move.row.rectified_at = move.now
    move.row.verify_by = working_days_from(move, "verify_days")
    move.row.verification_warned_at = None
    forget_call_backs(move.row)
    move.lay_before(move.row.first_contact)
    move.say("rectified", work)
    move.attach(*files)

"""Answering and closing a merged demand (答复并案)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.following import leading_of
from linli.services.cases.models import Case
from linli.services.cases.publishing import refuse_personal
from linli.services.cases.rules.vocabulary import State


@action(CASES, audience=Audience.PARTY)
def close_merged(move: Move[Case], *, reply: str, not_personal: tuple[str, ...] = ()) -> None:
    """Once the leading case is closed, whoever follows it gets its reply without what is the other filer's.

    The unit that held the leading case is the holder from now on: it is what they rate, or have handled anew.
    """
    leading = leading_of(move.row)
    if leading is None or leading.state != State.CLOSED:
        move.refuse("leading_open")
        return
    refuse_personal(move, (reply,), not_personal)
    case = move.row
    move.hand_to(leading.holder)
    move.lay_before(case.first_contact)
    case.replied_at, case.reopen_until = move.now, working_days_from(move, "reopen_days")
    case.topic_id = case.topic_id or leading.case.topic_id
    case.paused_days_left = None
    move.note(leading=leading.pk)
    move.say("reply", reply)

"""Contacting whoever gave a bad rating (差评联系)."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import rectification_clock
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.guards import contact_counts


@action(CASES, audience=Audience.PARTY)
def contact_rater(move: Move[Case], *, reached: bool, note: str = "") -> None:
    """Ask the rater what is wrong. Reached, or tried in vain often enough, it is for the holder to mend."""
    case = move.row
    if not reached:
        for blocker in contact_counts(move.facts):
            move.refuse(blocker.code, **blocker.values)
    case.contact_attempts += 1
    case.contact_tried_at = move.now
    move.note(reached=reached, attempt=case.contact_attempts)
    move.say("note", note)
    if reached or case.contact_attempts >= move.facts.rules.integer("call_attempts"):
        case.contacted_at = move.now
        move.lay_before(move.matter.holder)
        rectification_clock(move, "rectify_days")

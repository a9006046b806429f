"""Recalling (收回): what was dispatched and is not accepted comes back to the desk that dispatched it."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def recall_case(move: Move[Case], *, reason: str) -> None:
    """The first receiver, who answers for it until a unit accepts, takes the demand back to send it elsewhere."""
    move.note(unit=move.matter.desk_id)
    move.lay_before(move.row.first_contact)
    move.say("reason", reason)

"""Accepting (签收): the unit takes the demand on."""

from linli.ground.matters.action import Move, action
from linli.ground.organizations.selectors import organization
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def accept_case(move: Move[Case], *, note: str = "") -> None:
    """The unit before which the demand lies takes it on and answers for it from now on."""
    move.hand_to(organization(move.matter.desk_id))
    move.row.accepted_at = move.now
    if move.acts_for_holder:
        move.matter.handler_id = move.actor.person
    move.say("note", note)

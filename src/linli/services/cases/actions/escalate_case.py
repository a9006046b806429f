"""Escalating: what a street cannot solve goes to the district, with the clock running on."""

from linli.ground.matters.action import Move, action
from linli.ground.organizations.selectors import district_centre
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def escalate_case(move: Move[Case], *, reason: str) -> None:
    """Lay the demand before the district's centre, which answers for it from now on; the due date stands."""
    centre = district_centre()
    if move.matter.holder_id == centre.pk:
        move.refuse("at_district_already")
    move.hand_to(centre)
    move.row.first_contact = centre
    move.say("reason", reason)

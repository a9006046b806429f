"""Signing the reply (签发): from now on it is the unit's word."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.timeline import newest_text
from linli.ground.organizations.selectors import organization
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import forget_call_backs, working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def sign_reply(move: Move[Case]) -> None:
    """Sign and send the reply; the filer reads exactly what was drafted and reviewed."""
    move.row.signed_by_id = move.actor.person
    move.row.replied_at = move.now
    move.row.verify_by = working_days_from(move, "verify_days")
    move.row.reopen_until = working_days_from(move, "reopen_days")
    move.row.verification_warned_at = None
    move.row.extension_asked_days = None
    forget_call_backs(move.row)
    move.lay_before(organization(move.row.first_contact_id))
    move.say("reply", newest_text(move.matter.pk, "draft"))

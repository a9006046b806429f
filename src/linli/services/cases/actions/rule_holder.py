"""Ruling which unit is responsible (指定承办)."""

from linli.ground.matters.action import Move, action
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import may_hold
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def rule_holder(move: Move[Case], *, unit: Organization, reason: str) -> None:
    """The common superior ends the dispute: the unit holds the demand from now on and may not send it back again."""
    if not may_hold(unit.pk, move.matter.place_path, recused_path=move.matter.recused_path):
        move.refuse("unit_not_possible", unit=unit.name)
    case = move.row
    move.hand_to(unit)
    case.accepted_at = case.ruled_at = move.now
    case.ruling_by = None
    move.note(unit=unit.pk)
    move.say("reason", reason)

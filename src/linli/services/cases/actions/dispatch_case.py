"""Dispatching (派遣): the demand is laid before the unit that is to hold it."""

from collections.abc import Sequence

from linli.ground.matters.action import Move, action
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import may_hold
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def dispatch_case(
    move: Move[Case],
    *,
    unit: Organization,
    note: str = "",
    proposed: Organization | None = None,
    alike: Sequence[int] = (),
) -> None:
    """Lay the demand before a unit. Until it accepts, the first receiver answers for it (首接负责).

    The unit that the program had `proposed`, and the demands that it took for the same thing (`alike`), are noted.
    """
    if not may_hold(unit.pk, move.matter.place_path, recused_path=move.matter.recused_path):
        move.refuse("unit_not_possible", unit=unit.name)
    move.lay_before(unit)
    move.row.dispatched_at, move.row.unaccepted_warned_at = move.now, None
    move.note(unit=unit.pk)
    if proposed is not None:
        move.note(proposed_unit=proposed.pk)
    if alike:
        move.note(proposed_leading=list(alike))
    move.say("note", note)

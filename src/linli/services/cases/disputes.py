"""Sending a demand back: to the desk, or, when units have done so before, to the superior of all who did."""

from linli.ground.matters.action import Move
from linli.ground.matters.timeline import timeline
from linli.ground.organizations.models import Organization
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.jurisdiction import superior_paths

SENT_BACK = ("return_case", "hand_over_case")


def send_back(move: Move[Case], unit: Organization) -> None:
    """Count it as returned by the unit. Under a procedure that knows rulings a further return is for the superior."""
    case, knows_rulings = move.row, bool(CASES.procedure_of(move.matter).named("rule_holder"))
    if knows_rulings and move.facts.goes_to_superior:
        superior = _common_superior(case, unit) or case.first_contact
        move.lay_before(superior)
        case.disputed_at, case.ruling_warned_at = move.now, None
        case.ruling_by = working_days_from(move, "ruling_days")
        move.note(superior=superior.path, ruling_by=case.ruling_by.isoformat())
    else:
        move.lay_before(case.first_contact)
    case.returns += 1
    move.note(unit=unit.pk)


def _common_superior(case: Case, unit: Organization) -> Organization | None:
    """The lowest organization above every unit that sent the demand back."""
    entries = timeline(case.pk, set(Audience))
    before = {each.codes["unit"] for each in entries if each.event in SENT_BACK and "unit" in each.codes}
    paths = Organization.objects.filter(pk__in=before).values_list("path", flat=True)
    above = superior_paths([unit.path, *paths], Organization.steplen)
    found: Organization | None = Organization.objects.filter(path__in=above, active=True).order_by("-path").first()
    return found

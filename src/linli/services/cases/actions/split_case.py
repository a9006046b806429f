"""Splitting a demand among several units (拆分交办), part by part."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.clocks import end_of, local_day, workdays
from linli.ground.matters.models import MatterLink, Relation
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import may_hold
from linli.services.cases.actions.open_part import open_part
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES)
def split_case(move: Move[Case], *, text: str, unit: Organization, days: int) -> None:
    """One unit gets a part with a limit within that of the whole; the joint reply waits for its answer."""
    if not may_hold(unit.pk, move.matter.place_path, recused_path=move.matter.recused_path):
        move.refuse("unit_not_possible", unit=unit.name)
    if days < 1 or end_of(workdays().add(local_day(move.now), days)) > move.matter.due_at:
        move.refuse("part_outlasts", due=move.matter.due_at)
    part = open_part(actor=move.actor, now=move.now, whole=move.row, text=text, unit=unit, days=days)
    MatterLink.objects.create(origin=part.matter, target=move.matter, relation=Relation.PART_OF)
    move.row.waits_for_parts = True
    move.note(part=part.matter.pk, unit=unit.pk, days=days)
    move.say("part", text)

"""Merging a duplicate (并案): another demand about the same thing leads."""

from collections.abc import Sequence

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Matter, MatterLink, Relation
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import pause_clock
from linli.services.cases.feature import CASES
from linli.services.cases.following import followers
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import State
from linli.services.cases.selectors import decide_case


@action(CASES, audience=Audience.PARTY)
def merge_case(move: Move[Case], *, leading: Matter, note: str = "", alike: Sequence[int] = ()) -> None:
    """The clock of the duplicate stops; its filer follows the leading case and is answered with it.

    Whatever leads stands alone, and whatever follows leads nobody: there are neither chains nor circles. The demands
    that the program took for the same thing (`alike`) are noted.
    """
    lead = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=leading.pk).first()
    if lead is None:
        move.refuse("leading_busy")
    elif lead.pk == move.row.pk:
        move.refuse("leads_itself")
    else:
        _check(move, lead)
    MatterLink.objects.filter(origin=move.matter, relation=Relation.DUPLICATES).delete()
    MatterLink.objects.create(origin=move.matter, target=leading, relation=Relation.DUPLICATES)
    pause_clock(move)
    move.row.merged_at, move.row.merged_warned_at = move.now, None
    move.note(leading=leading.pk)
    if alike:
        move.note(proposed_leading=list(alike))
    move.say("note", note)


def _check(move: Move[Case], lead: Case) -> None:
    """Whether the other case can lead, and this one follow."""
    if lead.matter.withheld or not decide_case(move.actor, "view_case", lead).allowed:
        move.refuse("leading_out_of_scope")
    if lead.merged_at is not None:
        move.refuse("leading_follows")
    if lead.matter.state in {State.WITHDRAWN, State.DECLINED}:
        move.refuse("leading_ended")
    if Matter.objects.filter(followers(move.matter.pk)).exists():
        move.refuse("has_followers")

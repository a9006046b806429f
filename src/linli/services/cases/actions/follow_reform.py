"""Time alone: the place or an office of the demand was merged, split, moved or dissolved, and others took over."""

from linli.ground.matters.action import Move, action
from linli.ground.organizations.models import Organization
from linli.ground.organizations.successors import Successors
from linli.ground.record.writing import Audience
from linli.ground.territory.facade import Unit
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def follow_reform(move: Move[Case], *, successors: Successors | None = None) -> None:
    """It goes on where its place lies today, with whoever took over; state and clock stay as they are.

    What keeps out of the matter goes along too: whoever took over from an organization that is complained of keeps
    out as it did. Closed demands stay where they were answered; one that is reopened follows then.

    Args:
        successors: what has been looked up for other demands of the same reform.
    """
    case, matter, known = move.row, move.matter, successors or Successors()
    was = known.unit(matter.place_id)
    before = _where(move, was)
    place = known.ways.current_place(was, case.longitude, case.latitude)
    _settle(move, was, place, known)
    for column in ("first_contact", "complained_of"):
        office = getattr(case, f"{column}_id")
        if office is not None:
            setattr(case, column, known.after(office, place))
    if case.complained_of is not None and matter.recused_path:
        matter.recused_path = case.complained_of.path
    rated = Organization.objects.filter(path=case.rated_path).first() if case.rated_path else None
    if rated is not None:
        case.rated_path = known.after(rated.pk, place).path
    after = _where(move, place)
    if after == before:
        move.refuse("not_open")
    move.note(**{f"{name}_before": value for name, value in before.items() if value != after[name]})


def _settle(move: Move[Case], was: Unit, place: Unit, known: Successors) -> None:
    """Holder and desk, each with whoever took over from it, or does for the new place what it did for the old one."""
    matter = move.matter
    matter.place, matter.place_path = place, place.path
    desk = known.there(matter.desk_id, was, place)
    move.hand_to(known.there(matter.holder_id, was, place))
    move.lay_before(desk)


def _where(move: Move[Case], place: Unit) -> dict[str, object]:
    """Ids and codes of all that a reform may change."""
    case, matter = move.row, move.matter
    return {
        "place": place.code,
        "holder": matter.holder_id,
        "desk": matter.desk_id,
        "first_contact": case.first_contact_id,
        "complained_of": case.complained_of_id,
        "rated": case.rated_path,
        "recused": matter.recused_path,
    }

"""Time alone: the place or an office of the demand was merged, split, moved or dissolved, and others took over."""

from linli.ground.matters.action import Move, action
from linli.ground.organizations.history import current_office, office_there
from linli.ground.organizations.models import Organization
from linli.ground.record.writing import Audience
from linli.ground.territory.facade import Unit, current_place
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def follow_reform(move: Move[Case]) -> None:
    """It goes on where its place lies today, with whoever took over; state and clock stay as they are.

    What keeps out of the matter goes along too: whoever took over from an organization that is complained of keeps
    out as it did. Closed demands stay where they were answered; one that is reopened follows then.
    """
    case, matter = move.row, move.matter
    before = _where(move)
    place = current_place(matter.place, case.longitude, case.latitude)
    _settle(move, place)
    for column in ("first_contact", "complained_of"):
        office = getattr(case, column)
        if office is not None:
            setattr(case, column, current_office(office, place))
    if case.complained_of is not None and matter.recused_path:
        matter.recused_path = case.complained_of.path
    rated = Organization.objects.filter(path=case.rated_path).first() if case.rated_path else None
    if rated is not None:
        case.rated_path = current_office(rated, place).path
    after = _where(move)
    if after == before:
        move.refuse("not_open")
    move.note(**{f"{name}_before": value for name, value in before.items() if value != after[name]})


def _settle(move: Move[Case], place: Unit) -> None:
    """Holder and desk, each with whoever took over from it, or does for the new place what it did for the old one."""
    matter = move.matter
    was, matter.place, matter.place_path = matter.place, place, place.path
    desk = office_there(current_office(matter.desk, place), was, place)
    move.hand_to(office_there(current_office(matter.holder, place), was, place))
    move.lay_before(desk)


def _where(move: Move[Case]) -> dict[str, object]:
    """Ids and codes of all that a reform may change."""
    case, matter = move.row, move.matter
    return {
        "place": matter.place.code,
        "holder": matter.holder_id,
        "desk": matter.desk_id,
        "first_contact": case.first_contact_id,
        "complained_of": case.complained_of_id,
        "rated": case.rated_path,
        "recused": matter.recused_path,
    }

"""Rating (好差评): five levels, voluntary, once."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import working_days_from
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import BAD_RATINGS, Rating


@action(CASES, audience=Audience.PARTY)
def rate_case(move: Move[Case], *, rating: Rating, comment: str = "") -> None:
    """The filer rates the service; an act on a closed case, not a state of it.

    A bad rating asks for a rectification, which the clock opens, under the procedures that know one.
    """
    move.row.rating, move.row.rated_at = int(rating), move.now
    move.row.rated_path = move.matter.holder_path
    move.row.appeal_until = working_days_from(move, "appeal_days")
    if rating in BAD_RATINGS and CASES.procedure_of(move.matter).named("open_rectification"):
        move.row.rectification_asked_at = move.now
    move.note(rating=int(rating))
    move.say("comment", comment)

"""Rating (好差评): five levels, voluntary, once."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.rules.vocabulary import Rating


@action(CASES, audience=Audience.PARTY)
def rate_case(move: Move[Case], *, rating: Rating, comment: str = "") -> None:
    """The filer rates the service; an act on a closed case, not a state of it."""
    move.row.rating, move.row.rated_at = int(rating), move.now
    move.note(rating=int(rating))
    move.say("comment", comment)

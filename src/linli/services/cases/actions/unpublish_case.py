"""Taking a published demand back."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Visibility
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def unpublish_case(move: Move[Case], *, reason: str = "", only_the_name: bool = False) -> None:
    """Nobody outside reads it any more. A filer who takes it back keeps it private from now on.

    Args:
        only_the_name: the filer has withdrawn the consent to be named, and nothing else.
    """
    if move.actor.acting is None and not only_the_name:
        move.matter.visibility = Visibility.PRIVATE
    move.matter.published_at, move.matter.public_title = None, ""
    move.row.names_filer = False
    move.say("reason", reason)

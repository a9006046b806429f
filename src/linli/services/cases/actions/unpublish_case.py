"""Taking a published demand back."""

from linli.ground.matters.action import Move, action
from linli.ground.matters.models import Visibility
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def unpublish_case(move: Move[Case], *, reason: str = "") -> None:
    """Nobody outside reads it any more. A filer who takes it back keeps it private from now on."""
    if move.actor.acting is None:
        move.matter.visibility = Visibility.PRIVATE
    move.matter.published_at, move.matter.public_title = None, ""
    move.say("reason", reason)

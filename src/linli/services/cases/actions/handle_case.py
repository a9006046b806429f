"""Recording what was done."""

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def handle_case(move: Move[Case], *, work: str, files: tuple[StoredFile, ...] = ()) -> None:
    """The handler writes down what was done, with pictures."""
    move.row.handled_at = move.now
    move.say("work", work)
    move.attach(*files)

"""The supplement arrives; the clock runs on."""

from linli.ground.files.models import StoredFile
from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import resume_clock
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PARTY)
def supply_supplement(move: Move[Case], *, text: str, files: tuple[StoredFile, ...] = ()) -> None:
    """The filer, or the counter for them, supplies what was asked."""
    resume_clock(move)
    move.say("supplement", text)
    move.attach(*files)

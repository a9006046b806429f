"""Publishing a masked version that a person has confirmed."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.publishing import leftovers


@action(CASES, audience=Audience.PUBLIC)
def publish_case(move: Move[Case], *, title: str, text: str, reply: str, not_personal: tuple[str, ...] = ()) -> None:
    """Publish the masked title, text and reply that the holder has confirmed side by side with the original.

    Publishing personal data needs separate consent (B11.7), which nobody has given here: numbers are refused, and
    whatever looks like a name or a home unless the clerk says that it is none. Publishing again corrects.
    """
    left = leftovers((title, text, reply))
    if left.numbers:
        move.refuse("numbers_left", found="、".join(left.numbers))
    unsaid = [each for each in left.names if each not in not_personal]
    if unsaid:
        move.refuse("names_left", found="、".join(unsaid))
    move.matter.published_at = move.now
    move.matter.public_title = title
    move.note(said_not_personal=len(left.names))
    move.say("public_title", title)
    move.say("public_text", text)
    move.say("public_reply", reply)

"""Publishing a masked version that a person has confirmed."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.cases.publishing import named_in, refuse_personal


@action(CASES, audience=Audience.PUBLIC)
def publish_case(move: Move[Case], *, title: str, text: str, reply: str, not_personal: tuple[str, ...] = ()) -> None:
    """Publish the masked title, text and reply that the holder has confirmed side by side with the original.

    Publishing personal data needs separate consent (B11.7). Numbers are refused, and whatever looks like a name or a
    home unless the clerk says that it is none. Only the filer can consent here, and only to their own name, which is
    refused without, whatever the clerk says. Publishing again corrects.
    """
    move.row.names_filer = named_in(move, (title, text, reply))
    denied = refuse_personal(move, (title, text, reply), not_personal)
    move.matter.published_at = move.now
    move.matter.public_title = title
    move.note(said_not_personal=denied)
    move.say("public_title", title)
    move.say("public_text", text)
    move.say("public_reply", reply)

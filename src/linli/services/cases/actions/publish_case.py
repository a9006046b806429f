"""Publishing a masked version that a person has confirmed."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case


@action(CASES, audience=Audience.PUBLIC)
def publish_case(move: Move[Case], *, title: str, text: str, reply: str) -> None:
    """Publish the masked title, text and reply that the holder has confirmed side by side with the original."""
    move.matter.published_at = move.now
    move.matter.public_title = title
    move.say("public_title", title)
    move.say("public_text", text)
    move.say("public_reply", reply)

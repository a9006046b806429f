"""Filing (立案): the receiving desk checks the demand and gives it a topic."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.clocks import file_clock
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.catalogue.facade import Topic, is_in_use


@action(CASES, audience=Audience.PARTY)
def file_case(move: Move[Case], *, topic: Topic, note: str = "") -> None:
    """The receiving desk files the demand under a topic; the topic sets the limit, counted from the day of receipt."""
    if not is_in_use(topic):
        move.refuse("topic_not_in_use", topic=topic.name)
    move.row.topic = topic
    move.row.waives_second_person = topic.waives_second_person
    file_clock(move, topic.promised_days)
    move.note(topic=topic.pk)
    move.say("note", note)

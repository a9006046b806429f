"""Filing (立案): the receiving desk checks the demand and gives it a topic."""

from linli.ground.matters.action import Move, action
from linli.ground.record.writing import Audience
from linli.services.cases.advice.proposals import ProposedTopic
from linli.services.cases.clocks import file_clock
from linli.services.cases.feature import CASES
from linli.services.cases.models import Case
from linli.services.catalogue.facade import Topic, is_in_use


@action(CASES, audience=Audience.PARTY)
def file_case(move: Move[Case], *, topic: Topic, note: str = "", proposed: ProposedTopic | None = None) -> None:
    """The receiving desk files the demand under a topic; the topic sets the limit, counted from the day of receipt.

    What the program had `proposed` to whoever files is noted beside what they chose.
    """
    if not is_in_use(topic):
        move.refuse("topic_not_in_use", topic=topic.name)
    move.row.topic = topic
    move.row.waives_second_person = topic.waives_second_person
    file_clock(move, topic.promised_days)
    move.note(topic=topic.pk)
    if proposed is not None:
        move.note(proposed_topic=proposed.topic.pk, proposed_percent=proposed.percent, model=proposed.model)
    move.say("note", note)

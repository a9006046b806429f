"""Hot topics for programs: those of the board, with what their heat is made of, and the demands of each."""

from datetime import date, datetime

from ninja import Field, Query, Schema

from linli.faces.board.api_door import (
    READ,
    DemandsAsked,
    DemandsBehind,
    PlaceAsked,
    demands_behind,
    question_of_program,
    router,
)
from linli.faces.board.hot_topics import name_of
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.problems import Problem
from linli.ground.exchange.schemas import READS, sound_cursor
from linli.insight.indicators.facade import (
    Change,
    HotTopicShown,
    demands_of,
    hot_topic_asked,
    hottest,
    newest_night,
)

MOST = 100


class HotTopicOut(Schema):
    """A matter of which several people have told, hottest first."""

    id: int = Field(description="Until the next night finds them anew.")
    number: int = Field(description="Place in the order of heat, district-wide.")
    name: str
    place: str = Field(description="What place the demands name, in their words; may be empty.")
    here: int = Field(description="Demands in the place and topic that were asked for.")
    size: int = Field(description="Demands, district-wide.")
    first: datetime
    last: datetime
    voices: int = Field(description="Different people who told of it.")
    support: int = Field(description="Others whose demand was merged into one of these.")
    closeness: float = Field(description="Mean likeness to the middle of the topic, 0 to 1.")
    heat: float = Field(description="(voices + log2(1 + support)) * (1 + 30 / (30 + days)) * closeness.")
    heat_before: float | None = Field(description="The night before; null if it is new.")
    change: Change | None = Field(description="Against the night before; null where there was none.")


class HotTopicsOut(Schema):
    """The hot topics of the newest night; all null where there was none yet."""

    night: date | None
    since: date | None = Field(description="The days of the demands that were read, whatever days the board shows.")
    until: date | None
    read: int | None = Field(description="How many demands were read, district-wide.")
    is_cut: bool | None = Field(description="There were more, and the oldest were left out.")
    compared_with: date | None
    rows: list[HotTopicOut]


@router.get("/figures/hot-topics", auth=READ, response={200: HotTopicsOut, **READS}, summary="Hot topics")
def hot_topics(request: TokenRequest, asked: Query[PlaceAsked]) -> HotTopicsOut:
    """What several people have told of lately, as it was found last night: the hottest hundred."""
    question = question_of_program(request, asked)
    night = newest_night()
    rows = [_row(each) for each in hottest(request.actor, question.asked, MOST)] if night else []
    names = ("night", "since", "until", "read", "is_cut", "compared_with")
    return HotTopicsOut(rows=rows, **{name: getattr(night, name, None) for name in names})


@router.get(
    "/figures/hot-topics/{int:topic}/rows",
    auth=READ,
    response={200: DemandsBehind, **READS},
    summary="The demands of a hot topic",
)
def hot_topic_rows(request: TokenRequest, topic: int, asked: Query[DemandsAsked]) -> DemandsBehind:
    """Those of its demands in the place and topic that the account may open."""
    question = question_of_program(request, asked)
    shown = hot_topic_asked(request.actor, question.asked, topic)
    if shown is None:
        raise Problem("not_found")
    after = sound_cursor(asked.after)
    return demands_behind(demands_of(request.actor, shown.topic, question.asked, after=after, size=asked.size))


def _row(shown: HotTopicShown) -> HotTopicOut:
    topic = shown.topic
    own = ("number", "place", "size", "first", "last", "voices", "support", "closeness", "heat", "heat_before")
    return HotTopicOut(
        id=topic.pk,
        name=name_of(shown),
        here=shown.here,
        change=shown.change,
        **{name: getattr(topic, name) for name in own},
    )

"""The board for programs; the face finds `router` here, filled by the modules of each part."""

from datetime import date
from typing import Any

from ninja import Field, Query, Schema

from linli.faces.board import api_hot_topics
from linli.faces.board.api_door import READ, DemandsBehind, FiguresAsked, demands_behind, question_of_program, router
from linli.faces.board.words import NUMBERS
from linli.ground.exchange.bearer import TokenRequest
from linli.ground.exchange.problems import Problem
from linli.ground.exchange.schemas import READS, Cursor, Size, sound_cursor
from linli.insight.indicators.facade import (
    Ratio,
    Standing,
    Sums,
    by_day,
    by_place,
    by_topic,
    open_by_age,
    rows_behind,
    standing_of,
    total,
)

PARTS = (api_hot_topics,)

__all__ = ["PARTS", "router"]


class RowsAsked(FiguresAsked):
    """Which page of the demands."""

    after: Cursor = ""
    size: Size = 20


class ShareOut(Schema):
    """Part of whole with its interval (Wilson, 95 %); shares between 0 and 1."""

    part: int
    whole: int
    share: float
    low: float
    high: float
    standing: Standing | None = Field(description="Against the whole; null for the whole itself.")


class Figures(Schema):
    """Sums over some days."""

    received: int
    closed: int
    hops: int
    returns: int
    shares: dict[Ratio, ShareOut]


class StepFigures(Figures):
    """Of one step of the trend: a day, a week or a month."""

    first_day: date


class PlaceFigures(Figures):
    """Of one place directly below the chosen one."""

    code: str
    name: str


class TopicFigures(Figures):
    """Of one topic."""

    id: int
    name: str


class Board(Schema):
    """The board."""

    since: date
    until: date
    place: str
    whole: Figures
    open_by_age: list[int] = Field(description="Open today, by days since receipt: 0–2, 3–7, 8–15, 16–30, 31–90, more.")
    trend: list[StepFigures]
    places: list[PlaceFigures]
    topics: list[TopicFigures]


@router.get("/figures", auth=READ, response={200: Board, **READS}, summary="The board")
def figures(request: TokenRequest, asked: Query[FiguresAsked]) -> Board:
    """Volumes, shares with intervals, the trend, ages, places and topics: what the board shows."""
    question = question_of_program(request, asked)
    whole = total(question.asked)
    places = by_place(question.asked, question.below) if question.below else []
    return Board(
        since=question.asked.since,
        until=question.asked.until,
        place=question.asked.place.code,
        whole=Figures(**_figures(whole)),
        open_by_age=open_by_age(question.asked),
        trend=[StepFigures(first_day=day, **_figures(sums)) for day, sums in by_day(question.asked)],
        places=[PlaceFigures(code=unit.code, name=unit.name, **_figures(sums, whole)) for unit, sums in places],
        topics=[
            TopicFigures(id=topic.pk, name=topic.name, **_figures(sums, whole))
            for topic, sums in by_topic(question.asked, most=100)
        ],
    )


@router.get(
    "/figures/{slug:number}/rows",
    auth=READ,
    response={200: DemandsBehind, **READS},
    summary="The demands behind a number",
)
def figures_rows(request: TokenRequest, number: str, asked: Query[RowsAsked]) -> DemandsBehind:
    """Which demands make up a number of the board, such as `received`, `late` or `bad`."""
    question = question_of_program(request, asked)
    if number not in NUMBERS:
        raise Problem("not_found")
    page = rows_behind(request.actor, number, question.asked, after=sound_cursor(asked.after), size=asked.size)
    return demands_behind(page)


def _figures(sums: Sums, whole: Sums | None = None) -> dict[str, Any]:
    shares = {}
    for ratio in Ratio:
        share = sums.ratio(ratio)
        if share is not None:
            standing = standing_of(share, whole.ratio(ratio)) if whole else None
            shares[ratio] = ShareOut(share=share.share, standing=standing, **vars(share))
    return {name: sums[name] for name in ("received", "closed", "hops", "returns")} | {"shares": shares}

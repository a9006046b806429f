"""The router of the board, which the modules of its API fill; what they are asked for, and how demands are answered."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from ninja import Field, Router, Schema

from linli.faces.board.asking import Question, question_from
from linli.ground.exchange.bearer import Bearer, TokenRequest
from linli.ground.exchange.problems import Problem
from linli.ground.exchange.schemas import Asked, Cursor, Size, Text
from linli.ground.exchange.scopes import Scope
from linli.ground.matters.paging import Page

router = Router(tags=["board"])
READ = Bearer(Scope.READ)
LARGEST_ID = 2**63 - 1
COLUMNS = ("number", "title", "state", "opened_at", "closed_at", "hops", "returns")


class PlaceAsked(Asked):
    """Which place, which topic."""

    place: Text = Field("", max_length=20, description="Code of a district, street or community; by default one's own.")
    topic: int | None = Field(None, ge=1, le=LARGEST_ID, description="Id of a topic, or of a group of them.")


class FiguresAsked(PlaceAsked):
    """Which days, too."""

    since: date | None = Field(None, description="By default thirty days back.")
    until: date | None = Field(None, description="By default today; of days to come nothing is known.")


class DemandBehind(Schema):
    """A demand behind a number."""

    number: str
    title: str
    state: str
    place: str
    holder: str
    opened_at: datetime
    closed_at: datetime | None
    hops: int
    returns: int


class DemandsBehind(Schema):
    """Those of them that the account may open, the newest day first."""

    rows: list[DemandBehind]
    after: str


class DemandsAsked(PlaceAsked):
    """Which page of the demands."""

    after: Cursor = ""
    size: Size = 20


def question_of_program(request: TokenRequest, asked: PlaceAsked) -> Question:
    """What a program asks, as the board understands it.

    Raises:
        Problem: there is no such place or topic, or it is none of the account's.
    """
    given = {"place": asked.place, "topic": str(asked.topic or "")}
    if isinstance(asked, FiguresAsked):
        given |= {name: day.isoformat() for name in ("since", "until") if (day := getattr(asked, name))}
    try:
        return question_from(request.actor, request.now, given)
    except Http404 as unknown:
        raise Problem("not_found") from unknown


def demands_behind(page: Page[dict[str, Any]]) -> DemandsBehind:
    """A page of demands as a program reads it."""
    rows = [
        DemandBehind(place=row["place__name"], holder=row["holder__name"], **{name: row[name] for name in COLUMNS})
        for row in page.rows
    ]
    return DemandsBehind(rows=rows, after=page.after)

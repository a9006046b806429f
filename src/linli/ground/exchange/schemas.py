"""Shapes that every API shares: strict requests, texts that a database bears, pages by cursor."""

from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

from linli.ground.exchange.problems import Problem, ProblemOut, WrongField
from linli.ground.matters.paging import parse_cursor


class Asked(Schema):
    """What a request may hold: what is misspelt is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


def _without_null(text: str) -> str:
    if "\x00" in text:
        raise ValueError("no NUL characters")
    return text


Text = Annotated[str, AfterValidator(_without_null)]
Cursor = Annotated[
    str,
    AfterValidator(_without_null),
    Field(description="What the page before gave as after; empty for the first page."),
]
Size = Annotated[int, Field(ge=1, le=100, description="How many rows a page holds at most.")]


def sound_cursor(text: str) -> str:
    """A cursor that can be read.

    Raises:
        Problem: it is damaged; the pages for people begin anew then, a program should know.
    """
    if text and parse_cursor(text) is None:
        raise Problem("invalid", errors=[WrongField(field="after", detail="cursor")])
    return text


def sound_key(text: str) -> int:
    """A cursor that is the id of a row, where a list is in the order of ids; 0 for the first page.

    Raises:
        Problem: it is no such id.
    """
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Problem("invalid", errors=[WrongField(field="after", detail="cursor")])
    return int(text or 0)


def problems(*statuses: int) -> dict[int, Any]:
    """The answers that an operation gives beside what was asked for; every operation may meet the first ones."""
    return dict.fromkeys(sorted({422, *statuses}), ProblemOut)


READS = problems(401, 403, 404, 429)
WRITES = problems(400, 401, 403, 404, 409, 413, 429)
OPEN = problems(404, 429)

"""Paging by key: the next page starts behind the last row, however many rows there are."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

RowT = TypeVar("RowT")

PAGE_SIZE = 20
LARGEST_ID = 2**63
YEARS = range(1900, 2200)  # a moment that is far off cannot be moved into another zone


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Some rows, and the cursor behind them; `after` is empty on the last page."""

    rows: Sequence[RowT]
    after: str = ""


@dataclass(frozen=True)
class Cursor:
    """The sort key of the last row seen: a moment and an id."""

    moment: datetime
    id: int

    def text(self) -> str:
        """As it stands in an address."""
        raw = json.dumps([self.moment.isoformat(), self.id]).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def parse_cursor(text: str) -> Cursor | None:
    """Read a cursor; None for an empty or damaged one, which shows the first page."""
    try:
        moment, row = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        cursor = Cursor(datetime.fromisoformat(moment), int(row))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    is_dated = cursor.moment.tzinfo is not None and cursor.moment.year in YEARS
    is_sound = is_dated and 0 <= cursor.id < LARGEST_ID
    return cursor if is_sound else None


def page_of(rows: Sequence[RowT], moment: str, size: int = PAGE_SIZE) -> Page[RowT]:
    """A page from `size + 1` dictionaries; `moment` names the column that the list is sorted by."""
    if len(rows) <= size:
        return Page(rows)
    last: Any = rows[size - 1]
    return Page(rows[:size], Cursor(last[moment], last["id"]).text())

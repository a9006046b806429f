"""The demands behind a number of the board: every number opens its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q

from linli.ground.matters.paging import PAGE_SIZE, Cursor, Page, parse_cursor
from linli.ground.matters.scope import scope, subtree
from linli.insight.indicators.board import KNOWN_LATER, Asked
from linli.insight.indicators.models import CountedCase
from linli.kernel.access import Actor
from linli.services.cases.facade import CASES

COLUMNS = ("number", "title", "state", "place__name", "holder__name", "opened_at", "due_at", "warn_at", "closed_at")


@dataclass(frozen=True)
class Number:
    """A number of the board: the day by which it is counted, and what must be true of the demand."""

    day: str
    true: Q = field(default_factory=Q)


NUMBERS: Mapping[str, Number] = {
    "received": Number("opened_on"),
    "open": Number("opened_on", Q(closed_on__isnull=True)),
    "closed": Number("closed_on"),
    "hops": Number("closed_on", Q(hops__gt=1)),
    "returns": Number("closed_on", Q(returns__gt=0)),
    "due": Number("due_on"),
    "answered": Number("due_on", Q(answered=True)),
    "late": Number("due_on", Q(answered=False)),
    "closed_in_time": Number("due_on", Q(closed_in_time=True)),
    "said": Number("said_on"),
    "solved": Number("said_on", Q(solved=True)),
    "unsolved": Number("said_on", Q(solved=False)),
    "rated": Number("rated_on"),
    "satisfied": Number("rated_on", Q(bad=False)),
    "bad": Number("rated_on", Q(bad=True)),
    "mended": Number("rated_on", Q(bad=True, mended=True)),
    "topics_proposed": Number("topic_decided_on"),
    "topics_taken": Number("topic_decided_on", Q(topic_taken=True)),
    "units_proposed": Number("unit_decided_on"),
    "units_taken": Number("unit_decided_on", Q(unit_taken=True)),
    "merges_proposed": Number("merge_decided_on"),
    "merges_taken": Number("merge_decided_on", Q(merge_taken=True)),
}
AFTER_ITS_DAY = KNOWN_LATER | {"late"}


def rows_behind(
    actor: Actor, name: str, asked: Asked, *, after: str = "", size: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """The demands that make up a number, the newest day first; of those only what the actor may open.

    Whoever keeps out of a demand (回避), or may not open it for another reason, finds fewer rows than the number says.

    Raises:
        KeyError: there is no such number.
    """
    number = NUMBERS[name]
    condition = number.true & Q(**{f"{number.day}__gte": asked.since, f"{number.day}__lte": asked.until})
    condition &= subtree("place", asked.place.path) & scope(CASES.access, actor, "view_case", prefix="matter__")
    if asked.topic_path:
        condition &= subtree("topic", asked.topic_path)
    if name in AFTER_ITS_DAY:
        condition &= Q(**{f"{number.day}__lt": asked.today})
    return page_of(condition, number.day, after, size)


def page_of(condition: Q, by_day: str, after: str, size: int) -> Page[dict[str, Any]]:
    """Counted demands under a condition, the newest day first; keyset by (day, key), one query.

    Args:
        condition: with the scope of whoever asks in it.
        by_day: the column of the day by which they are counted.
    """
    cursor = parse_cursor(after)
    if cursor:
        day = cursor.moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        condition &= Q(**{f"{by_day}__lt": day}) | Q(**{by_day: day, "matter__lt": cursor.id})
    named = {f"of_{column}": F(f"matter__{column}") for column in COLUMNS}
    found = CountedCase.objects.filter(condition).order_by(f"-{by_day}", "-matter")
    rows = list(found.values("matter", "hops", "returns", by_day, **named)[: size + 1])
    shown = [_row(row, by_day) for row in rows[:size]]
    return Page(shown, _cursor(shown[-1]).text() if len(rows) > size else "")


def _row(row: Mapping[str, Any], day: str) -> dict[str, Any]:
    own = {column: row[f"of_{column}"] for column in COLUMNS}
    return own | {"id": row["matter"], "hops": row["hops"], "returns": row["returns"], "day": row[day]}


def _cursor(row: Mapping[str, Any]) -> Cursor:
    return Cursor(datetime.combine(row["day"], time(12), ZoneInfo(settings.TIME_ZONE)), row["id"])

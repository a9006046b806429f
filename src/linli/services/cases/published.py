"""Published demands for other programs: by key, or one after another, each with its masked texts; one query each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from linli.ground.matters.models import Matter
from linli.ground.matters.paging import Page, page_of, parse_cursor
from linli.ground.matters.scope import subtree
from linli.ground.matters.search import find
from linli.ground.record.models import Entry
from linli.services.cases.rules.rating import counts_in_rates
from linli.services.cases.rules.vocabulary import ENDS, IN_RECTIFICATION, State

COLUMNS = (
    "id",
    "number",
    "public_title",
    "state",
    "place__code",
    "place__name",
    "place__longitude",
    "place__latitude",
    "holder__name",
    "opened_at",
    "closed_at",
    "published_at",
    "due_at",
    "case__topic",
    "case__topic__name",
    "case__accepted_at",
    "case__replied_at",
    "case__rating",
    "case__rated_at",
    "case__appeal",
    "texts",
)
ANSWERED = frozenset({State.REPLIED, State.VERIFIED, State.CLOSED}) | IN_RECTIFICATION
CHUNK = 200
MOST_FOUND = 100


@dataclass(frozen=True)
class PublishedFilters:
    """What published demands are narrowed to.

    Args:
        numbers: these alone, whatever else is asked.
        since, until: received on or after, and before or at.
        ended: only those that have ended, or only those that have not.
        topics: ids; `no_topic` adds those that have none.
        place: a path of the territory.
    """

    numbers: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    ended: bool | None = None
    state: str = ""
    topics: Collection[int] = ()
    no_topic: bool = False
    place: str = ""
    q: str = ""


def published_page(filters: PublishedFilters, *, after: str = "", size: int) -> Page[dict[str, Any]]:
    """Some published demands, the newest publication first."""
    rows = _rows(filters)
    cursor = parse_cursor(after)
    if cursor:
        rows = rows.filter(
            Q(published_at__lt=cursor.moment) | Q(published_at=cursor.moment, id__lt=cursor.id),
            published_at__lte=cursor.moment,
        )
    return page_of([_shown(row) for row in rows.values(*COLUMNS)[: size + 1]], "published_at", size)


def each_published(filters: PublishedFilters) -> Iterator[dict[str, Any]]:
    """Every published demand, the newest publication first; however many there are, few are in memory at once."""
    for row in _rows(filters).values(*COLUMNS).iterator(CHUNK):
        yield _shown(row)


def _rows(filters: PublishedFilters) -> QuerySet[Matter]:
    """The texts are those of the newest publication: what was said on a demand otherwise is not even read."""
    published = Entry.objects.filter(matter=OuterRef("pk"), record__event="publish_case").order_by("-record_id")
    rows = Matter.objects.filter(_condition(filters)).annotate(texts=Subquery(published.values("texts")[:1]))
    return rows.order_by("-published_at", "-id")


def _condition(filters: PublishedFilters) -> Q:
    condition = Q(kind="case", published_at__isnull=False, withheld=False)
    if filters.numbers:
        return condition & Q(number__in=filters.numbers)
    if filters.since:
        # nothing is published before it is received, and publication is what the index is in the order of
        condition &= Q(opened_at__gte=filters.since, published_at__gte=filters.since)
    if filters.until:
        condition &= Q(opened_at__lte=filters.until)
    if filters.ended is not None:
        condition &= Q(state__in=ENDS) if filters.ended else ~Q(state__in=ENDS)
    if filters.state:
        condition &= Q(state=filters.state)
    if filters.topics or filters.no_topic:
        condition &= Q(case__topic__in=filters.topics) | (Q(case__topic__isnull=True) if filters.no_topic else Q())
    if filters.place:
        condition &= subtree("place_path", filters.place)
    if filters.q:
        condition &= Q(pk__in=[hit.matter for hit in find(filters.q, condition, public=True)[:MOST_FOUND]])
    return condition


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row as everyone may read it: a reply that a reopening or a newer one has overtaken is left out."""
    texts: dict[str, str] = row.pop("texts") or {}
    replied, published = row["case__replied_at"], row["published_at"]
    is_answer = row["state"] in ANSWERED and (replied is None or replied <= published)
    changes = (row["case__accepted_at"], replied, row["case__rated_at"], published)
    return row | {
        "title": texts.get("public_title") or row["public_title"],
        "text": texts.get("public_text", ""),
        "reply": texts.get("public_reply", "") if is_answer else "",
        "ended": row["state"] in ENDS,
        "changed_at": row["closed_at"] or max(each for each in changes if each is not None),
        "rating_counts": counts_in_rates(row["case__rating"], row["case__appeal"]),
    }

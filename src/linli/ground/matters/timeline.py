"""Reads of what was said on a matter: the timeline and the newest text under a name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from linli.ground.record.models import Entry
from linli.ground.record.prepared import Prepared
from linli.ground.record.writing import Audience

FILE = "file:"  # under this name, and its id, a file's digest stands in the record


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a matter's history, as one audience may read it."""

    record: int
    at: datetime
    event: str
    actor: UUID | None
    actor_name: str
    office_title: str
    audience: str
    codes: dict[str, Any]
    texts: dict[str, str]
    files: tuple[str, ...] = ()  # ids of the files that this act brought


def timeline(matter: int, audiences: Collection[Audience], *, before: datetime | None = None) -> list[TimelineEntry]:
    """The entries of a matter that the audiences may read, oldest first. The caller has decided who asks.

    Args:
        before: only what was written before this moment.
    """
    told = Entry.objects.filter(matter=matter, audience__in=[str(each) for each in audiences])
    if before is not None:
        told = told.filter(record__at__lt=before)
    rows = told.order_by("record_id").values_list(
        "record_id",
        "record__at",
        "record__event",
        "actor",
        "actor_name",
        "office_title",
        "audience",
        "record__codes",
        "texts",
        "record__digests",
    )
    return [TimelineEntry(*row[:-1], _file_ids(row[-1])) for row in rows]


def files_brought(matter: int, before: datetime) -> set[str]:
    """Ids of the files that acts on a matter brought before a moment, whoever may read of these acts."""
    rows = Entry.objects.filter(matter=matter, record__at__lt=before).values_list("record__digests", flat=True)
    return {key for digests in rows for key in _file_ids(digests)}


def _file_ids(digests: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name.removeprefix(FILE) for name in digests if name.startswith(FILE))


def newest_text(matter: int, name: str) -> str:
    """The newest text written under `name`, empty when there is none."""
    texts: dict[str, str] | None = _newest(name).first(matter)
    return texts[name] if texts else ""


@cache
def _newest(name: str) -> Prepared[Any]:
    rows = Entry.objects.filter(matter=0, texts__has_key=name).order_by("-record_id")
    return Prepared(rows.values_list("texts", flat=True)[:1], 0)


def newest_texts(matters: Iterable[int], names: Collection[str]) -> dict[int, dict[str, str]]:
    """For each matter the newest text under each of `names`; one query."""
    found: dict[int, dict[str, str]] = {}
    rows = Entry.objects.filter(matter__in=list(matters)).order_by("record_id").values_list("matter", "texts")
    for matter, texts in rows:
        if matter is not None:
            found.setdefault(matter, {}).update({name: texts[name] for name in names if name in texts})
    return found

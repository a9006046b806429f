"""Who is told of what: a follower of the log, so that a notice is neither lost nor doubled."""

from collections.abc import Iterable
from uuid import UUID

from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.record.following import follows
from linli.ground.record.models import Record
from linli.ground.record.prepared import insert_many


@follows("notices")
def tell_recipients(rows: list[Record]) -> None:
    """Make a notice for every recipient that the features name for the rows, in the order of the rows."""
    matters = Matter.objects.in_bulk({row.entry.matter for row in rows if row.entry.matter is not None})
    told: dict[str, list[tuple[Record, Matter]]] = {}
    for row in rows:
        matter = matters.get(row.entry.matter or 0)
        if matter is not None and row.kind in FEATURES and not matter.withheld:
            told.setdefault(row.kind, []).append((row, matter))
    notices: list[Notice] = []
    for kind, pairs in told.items():
        for (row, matter), people in zip(pairs, FEATURES[kind].recipients(pairs), strict=True):
            notices += _notices(row, matter, people)
    places = {row.pk: place for place, row in enumerate(rows)}
    notices.sort(key=lambda each: places[each.record_id])
    insert_many(notices)


def _notices(row: Record, matter: Matter, people: Iterable[tuple[UUID, bool]]) -> list[Notice]:
    return [
        Notice(record=row, person_id=person, matter=matter, event=row.event, as_staff=as_staff, at=row.at)
        for person, as_staff in dict(people).items()
    ]

"""Who is told of what: a follower of the log, so that a notice is neither lost nor doubled."""

from collections.abc import Iterable
from uuid import UUID

from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.ground.notices.models import Notice
from linli.ground.record.following import follows
from linli.ground.record.models import Record


@follows("notices")
def tell_recipients(rows: list[Record]) -> None:
    """Make a notice for every recipient that the feature names for a row."""
    matters = Matter.objects.in_bulk([row.entry.matter for row in rows if row.entry.matter is not None])
    notices: list[Notice] = []
    for row in rows:
        matter = matters.get(row.entry.matter or 0)
        feature = FEATURES.get(row.kind)
        if matter is None or feature is None or matter.withheld:
            continue
        notices += _notices(row, matter, feature.recipients(row, matter))
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _notices(row: Record, matter: Matter, people: Iterable[tuple[UUID, bool]]) -> list[Notice]:
    return [
        Notice(record=row, person_id=person, matter=matter, event=row.event, as_staff=as_staff, at=row.at)
        for person, as_staff in dict(people).items()
    ]

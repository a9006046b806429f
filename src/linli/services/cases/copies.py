"""A copy of what somebody filed, for the one who filed it."""

from collections.abc import Iterator
from typing import Any

from linli.ground.files.models import StoredFile
from linli.ground.matters.timeline import timeline
from linli.ground.record.writing import Audience
from linli.kernel.access import Actor
from linli.services.cases.feature import words
from linli.services.cases.models import Case
from linli.services.cases.wording import CHANNELS, RATINGS, STATES

FOR_FILERS = frozenset({Audience.PARTY, Audience.PUBLIC})


def own_case_copies(actor: Actor) -> Iterator[dict[str, Any]]:
    """Everything that the actor may read of each demand that they filed, oldest first; two queries for each."""
    if actor.person is None:
        return
    rows = Case.objects.filter(matter__filer=actor.person, matter__withheld=False)
    for case in rows.select_related("matter__place", "matter__holder", "topic").order_by("pk").iterator(100):
        matter = case.matter
        files = StoredFile.objects.filter(matter=matter.pk, audience__in=[str(each) for each in FOR_FILERS])
        yield {
            "number": matter.number,
            "title": matter.title,
            "state": str(STATES[matter.state]),
            "channel": str(CHANNELS[case.channel]),
            "topic": case.topic.name if case.topic else "",
            "place": matter.place.name,
            "address": case.place_text,
            "point": [case.longitude, case.latitude] if case.longitude is not None else None,
            "unit": matter.holder.name,
            "unit_knows_filer": case.identity_shown,
            "visibility": matter.visibility,
            "published_at": matter.published_at,
            "opened_at": matter.opened_at,
            "due_at": matter.due_at,
            "closed_at": matter.closed_at,
            "rating": str(RATINGS[case.rating]) if case.rating else "",
            "files": list(files.values("name", "content_type", "size")),
            "course": [
                {"at": entry.at, "event": words(entry.event), "office": entry.office_title, "texts": entry.texts}
                for entry in timeline(matter.pk, FOR_FILERS)
            ],
        }

"""What time alone does: the clock finds matters whose next due moment has come and takes the named step.

What else time brings about, such as the end of the handler's office, no matter knows of: the features' sweeps find it.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import transaction

from linli.ground.matters.action import Done, Refused, lock, set_next_due
from linli.ground.matters.features import FEATURES, Feature
from linli.ground.matters.models import Matter
from linli.kernel.access import SYSTEM

logger = structlog.get_logger(__name__)


def tick(now: datetime, limit: int = 500) -> int:
    """Take every step that has become due by `now`; returns how many. Each step is a transaction of its own.

    At most `limit` of what is due by a moment, and of each sweep. A matter whose step fails is left for the next
    round, so that it holds no other one up.
    """
    return _take_due(now, limit) + len(sweep(now, limit))


def _take_due(now: datetime, limit: int) -> int:
    taken = 0
    stuck: list[int] = []
    while taken < limit:
        due = Matter.objects.filter(next_due__lte=now, withheld=False).exclude(pk__in=stuck)
        batch = list(due.order_by("next_due", "id").values_list("id", "kind")[:50])
        if not batch:
            break
        for matter, kind in batch:
            if take_due_step(matter, kind, now) is not None:
                taken += 1
            else:
                stuck.append(matter)
    return taken


def sweep(now: datetime, limit: int = 500) -> list[Matter]:
    """Take the steps of which no moment of the matter tells; returns the matters as they stand now."""
    taken: list[Matter | None] = []
    for feature in FEATURES.values():
        for step, found in feature.sweeps.items():
            # ordered as an index of the open ones is, so that the closed ones are not read every time
            rows = Matter.objects.filter(found(now), kind=feature.kind, withheld=False).order_by("due_at", "id")
            found_now = list(rows.values_list("id", flat=True)[:limit])
            taken += [_took(each, feature.kind, partial(_swept, feature, step, each, now)) for each in found_now]
    return [each for each in taken if each is not None]


def _swept(feature: Feature[Any], step: str, matter: int, now: datetime) -> Matter:
    done: Done[Any] = feature.actions[step](matter, actor=SYSTEM, now=now)
    return done.matter


def take_due_step(matter: int, kind: str, now: datetime) -> Matter | None:
    """Take the step of one matter that is due by `now`; the matter as it stands now, or None if the step failed."""
    return _took(matter, kind, partial(_take_due_step, matter, kind, now))


def _took(matter: int, kind: str, take: Callable[[], Matter]) -> Matter | None:
    try:
        return take()
    except Refused as refusal:
        logger.warning("due step refused", matter=matter, reason=refusal.reason)
    except Exception:
        logger.exception("due step failed", matter=matter, kind=kind)
    return None


@transaction.atomic
def _take_due_step(matter_id: int, kind: str, now: datetime) -> Matter:
    """The step that is due by the locked row; a moment that has moved meanwhile is noted anew."""
    feature = FEATURES[kind]
    row = lock(feature, matter_id)
    matter: Matter = row.matter
    due = feature.procedure_of(matter).next_due(feature.facts(row, SYSTEM, now))
    if due is not None and due.at <= now and matter.closed_at is None:
        done: Done[Any] = feature.actions[due.step](matter_id, actor=SYSTEM, now=now)
        return done.matter
    set_next_due(feature, row, SYSTEM, now)
    matter.save(update_fields=["next_due"])
    return matter

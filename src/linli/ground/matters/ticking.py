"""What time alone does: the clock finds matters whose next due moment has come and takes the named step."""

from datetime import datetime

import structlog

from linli.ground.matters.action import Refused
from linli.ground.matters.features import FEATURES
from linli.ground.matters.models import Matter
from linli.kernel.access import SYSTEM

logger = structlog.get_logger(__name__)


def tick(now: datetime, limit: int = 500) -> int:
    """Take every step that has become due by `now`; returns how many. Each step is a transaction of its own."""
    taken = 0
    stuck: list[int] = []
    while taken < limit:
        due = Matter.objects.filter(next_due__lte=now, withheld=False).exclude(pk__in=stuck)
        batch = list(due.order_by("next_due", "id").values_list("id", "kind")[:50])
        if not batch:
            break
        for matter, kind in batch:
            if _take_due_step(matter, kind, now):
                taken += 1
            else:
                stuck.append(matter)
    return taken


def _take_due_step(matter_id: int, kind: str, now: datetime) -> bool:
    feature = FEATURES[kind]
    row = feature.model._default_manager.select_related("matter").get(pk=matter_id)
    due = feature.procedure_of(row.matter).next_due(feature.facts(row, SYSTEM, now))
    if due is None or due.at > now:
        Matter.objects.filter(pk=matter_id).update(next_due=due.at if due else None)
        return True
    try:
        feature.actions[due.step](matter_id, actor=SYSTEM, now=now)
    except Refused as refusal:
        logger.warning("due step refused", matter=matter_id, step=due.step, reason=refusal.reason)
        return False
    return True

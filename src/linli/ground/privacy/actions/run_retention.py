"""Erasing what has been kept long enough."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.privacy.retention import BATCH, KINDS, PlannedKind, due_keys, retention_plan
from linli.ground.record.alone import alone
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class PlanChanged(ValueError):
    """What would be erased is not what was confirmed; nothing was erased."""


def run_retention(confirmed: str, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Erase what the confirmed plan names; how many rows of each kind. Nobody can undo it.

    Goes in batches, each a transaction with a record row of its own: a run that was killed leaves whole batches, and
    the next plan shows the rest. A row that meanwhile is not due any more is left.

    Args:
        confirmed: the digest of the plan that somebody has looked at.

    Raises:
        PermissionDenied: the actor may not.
        PlanChanged: there is another plan today.
        UnderWay: another run, a rotation of keys or a restore is at work.
    """
    acting = administrator(actor, "run_retention")
    with alone():
        plan = retention_plan(acting, now)
        if plan.digest != confirmed:
            raise PlanChanged(plan.digest)
        return {kind.code: _erase(kind, confirmed, acting, now) for kind in plan.kinds}


def _erase(kind: PlannedKind, digest: str, actor: Actor, now: datetime) -> int:
    erased = 0
    for keys in _batches(list(due_keys(kind.code, kind.before))):
        with transaction.atomic():
            due = KINDS[kind.code].due(kind.before).filter(pk__in=keys).order_by("pk")
            rows = [row.pk for row in due.select_for_update(of=("self",))]
            if not rows:
                continue
            KINDS[kind.code].erase(rows, actor, now)
            codes = {"kind": kind.code, "rows": len(rows), "before": kind.before.isoformat(), "plan": digest}
            keep("run_retention", actor=actor, now=now, codes=codes)
        erased += len(rows)
    return erased


def _batches(keys: list[Any]) -> Iterator[list[Any]]:
    iterator = iter(keys)
    while batch := list(islice(iterator, BATCH)):
        yield batch

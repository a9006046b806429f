"""Plans that were brought to the desk: previewed by the worker, confirmed by digest, carried out by the worker.

What a preview said is kept with a digest of the plan and of every single thing that would move. The worker carries a
confirmed plan out only if that comes to the same digest; else it takes all of it back, and the page shows what is new.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from linli.ground.people.administering import administrator
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.ground.record.models import Record
from linli.ground.reforms.actions.carry_out_reform import ReformRefused, ReformResult, carry_out_reform
from linli.ground.reforms.models import Phase, ReformFile
from linli.ground.reforms.previewing import preview_reform
from linli.ground.reforms.reading import PlanProblem, UnreadablePlan, parse_plan
from linli.ground.reforms.rules.plan import ReformPlan
from linli.ground.reforms.wording import plan_problem_words, reform_fault_words
from linli.ground.territory.facade import ChangeFault
from linli.kernel.access import SYSTEM, Actor

logger = structlog.get_logger(__name__)
PATIENCE = timedelta(minutes=10)
"""After which work that has not ended is taken for lost."""


class _Changed(Exception):
    """What would happen is not what was confirmed."""


def preview_row(key: int, now: datetime) -> None:
    """What a plan would do today, or what is wrong with it; nothing but that is written."""
    row = ReformFile.objects.filter(pk=key, phase=Phase.READING).first()
    if row is None:
        return
    began = time.monotonic()
    try:
        plan = parse_plan(row.text.encode())
        result = preview_reform(plan, actor=SYSTEM, now=now)
    except (UnreadablePlan, ReformRefused) as refusal:
        _note(row, phase=Phase.FAULTY, problems=_kept(refusal), result=None, digest="")
        return
    seen = _seen(plan, result)
    seconds = round(time.monotonic() - began, 1)
    _note(row, phase=Phase.PREVIEWED, problems=[], result=seen, digest=_digest(row, seen), seconds=seconds)


def carry_out_row(key: int, now: datetime) -> None:
    """Carry out what was confirmed, if it is still what was confirmed; by whom it was, in the office that allows it."""
    row = ReformFile.objects.filter(pk=key, phase=Phase.CONFIRMED).first()
    if row is None:
        return
    try:
        with transaction.atomic():
            locked = ReformFile.objects.select_for_update().get(pk=key)
            if locked.phase != Phase.CONFIRMED:
                return
            plan = parse_plan(row.text.encode())
            seen = _seen(plan, carry_out_reform(plan, actor=_confirming(row, now), now=now))
            _require_same(row, seen)
            _note(locked, phase=Phase.DONE, done_at=now)
    except _Changed:
        _note(row, phase=Phase.READING, stale=True)
        preview_row(key, now)
    except (UnreadablePlan, ReformRefused) as refusal:
        _note(row, phase=Phase.FAULTY, problems=_kept(refusal), result=None, digest="", stale=True)
    except (PermissionDenied, Account.DoesNotExist):
        _note(row, phase=Phase.FAULTY, problems=[{"code": "no_office", "values": {}}], stale=True)
    except Exception:
        logger.exception("reform failed", reform=key)
        _note(row, phase=Phase.FAULTY, problems=[{"code": "failed", "values": {}}], stale=True)


def _require_same(row: ReformFile, seen: dict[str, Any]) -> None:
    if _digest(row, seen) != row.digest:
        raise _Changed


def _confirming(row: ReformFile, now: datetime) -> Actor:
    account = Account.objects.select_related("person").filter(is_active=True).get(pk=str(row.confirmed_by))
    return administrator(actor_of(account, now), "confirm_reform")


def _seen(plan: ReformPlan, result: ReformResult) -> dict[str, Any]:
    """What the page shows of a preview, as JSON gives it back."""
    seen = asdict(result) | {"day": plan.day.isoformat(), "document": plan.document, "reason": plan.reason}
    again: dict[str, Any] = json.loads(json.dumps(seen))
    return again


def _digest(row: ReformFile, seen: dict[str, Any]) -> str:
    return sha256(json.dumps([row.text, seen], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _kept(refusal: UnreadablePlan | ReformRefused) -> list[dict[str, Any]]:
    """Problems without words, which are those of the reader's language."""
    if isinstance(refusal, UnreadablePlan):
        return [asdict(problem) for problem in refusal.problems]
    return [{"code": str(fault.code), "values": dict(fault.values)} for fault in refusal.faults]


def _note(row: ReformFile, **columns: Any) -> None:
    ReformFile.objects.filter(pk=row.pk).update(**columns)


def problem_words(problems: Sequence[dict[str, Any]], extra: dict[str, str]) -> list[str]:
    """What is wrong with a plan, where, and what to do; `extra` are the words of those that the worker met."""
    return [_words(each, extra) for each in problems]


def _words(problem: dict[str, Any], extra: dict[str, str]) -> str:
    if problem["code"] in extra:
        return extra[problem["code"]]
    if "values" in problem:
        return reform_fault_words(ChangeFault(problem["code"], problem["values"]))
    return plan_problem_words(PlanProblem(**problem))


def reform_files(actor: Actor, most: int = 20, *, before: int = 0) -> QuerySet[ReformFile]:
    """The newest plans at the desk that were not carried out; those before the id `before`.

    Raises:
        PermissionDenied: no office of the actor allows it.
    """
    administrator(actor, "view_reforms")
    rows = ReformFile.objects.exclude(phase=Phase.DONE).defer("text").order_by("-pk")
    return (rows.filter(pk__lt=before) if before else rows)[:most]


def reform_file(actor: Actor, key: int) -> ReformFile | None:
    """One plan.

    Raises:
        PermissionDenied: no office of the actor allows it.
    """
    administrator(actor, "view_reforms")
    return ReformFile.objects.filter(pk=key).first()


def is_lost(row: ReformFile, now: datetime) -> bool:
    """Whether the worker should have come to an end long ago."""
    return row.phase in (Phase.READING, Phase.CONFIRMED) and now - row.asked_at > PATIENCE


@dataclass(frozen=True)
class PastReform:
    """A reform that was carried out, at the desk or by the command."""

    record: int
    day: date
    at: datetime
    document: str
    reason: str
    actor: str
    codes: dict[str, Any]


def past_reforms(actor: Actor, most: int = 50, *, before: int = 0) -> list[PastReform]:
    """Reforms that were carried out, the newest first; those before the record row `before`.

    Raises:
        PermissionDenied: no office of the actor allows it.
    """
    administrator(actor, "view_reforms")
    rows = Record.objects.filter(event="carry_out_reform").select_related("entry").order_by("-id")
    rows = (rows.filter(pk__lt=before) if before else rows)[:most]
    return [
        PastReform(
            record=row.pk,
            day=date.fromisoformat(row.codes["day"]),
            at=row.at,
            document=row.entry.texts.get("document", ""),
            reason=row.entry.texts.get("reason", ""),
            actor=row.entry.actor_name,
            codes=row.codes,
        )
        for row in rows
    ]

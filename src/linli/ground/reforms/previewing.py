"""What a reform would move: it is carried out and taken back."""

from datetime import datetime

from django.db import transaction

from linli.ground.reforms.actions.carry_out_reform import ReformResult, change_everything
from linli.ground.reforms.rules.plan import ReformPlan
from linli.kernel.access import Actor


def preview_reform(plan: ReformPlan, *, actor: Actor, now: datetime) -> ReformResult:
    """What carrying it out would move today, exactly; nothing stays written.

    Raises:
        ReformRefused: something does not fit.
    """
    with transaction.atomic():
        result = change_everything(plan, actor=actor, now=now)
        transaction.set_rollback(True)
    return result

"""A plan at the desk is previewed once more: another day, another state, or a worker that was stopped."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.record.writing import keep
from linli.ground.reforms.desk import is_lost
from linli.ground.reforms.models import Phase, ReformFile
from linli.ground.reforms.tasks import preview_file
from linli.kernel.access import Actor


@transaction.atomic
def preview_again(row: ReformFile, *, actor: Actor, now: datetime) -> bool:
    """Have the worker preview it; whether it will. What was confirmed and is under way is left alone.

    Raises:
        PermissionDenied: no office of the actor allows it.
    """
    actor = administrator(actor, "preview_again")
    locked = ReformFile.objects.select_for_update().get(pk=row.pk)
    if locked.phase not in (Phase.FAULTY, Phase.PREVIEWED) and not is_lost(locked, now):
        return False
    locked.phase, locked.asked_at, locked.stale, locked.problems = Phase.READING, now, False, []
    locked.save(update_fields=["phase", "asked_at", "stale", "problems"])
    keep("preview_again", actor=actor, now=now, subject=f"reform:{row.pk}")
    preview_file.enqueue(row.pk)
    return True

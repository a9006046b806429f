"""A plan that was brought to the desk is thrown away."""

from datetime import datetime

from django.db import transaction

from linli.ground.people.administering import administrator
from linli.ground.record.writing import keep
from linli.ground.reforms.models import Phase, ReformFile
from linli.kernel.access import Actor


@transaction.atomic
def discard_reform(row: ReformFile, *, actor: Actor, now: datetime) -> bool:
    """Remove a plan that nobody has confirmed; whether it was. The record keeps that it was there.

    Raises:
        PermissionDenied: no office of the actor allows it.
    """
    actor = administrator(actor, "discard_reform")
    open_phases = [Phase.READING, Phase.FAULTY, Phase.PREVIEWED]
    locked = ReformFile.objects.select_for_update().filter(pk=row.pk, phase__in=open_phases).first()
    if locked is None:
        return False
    keep("discard_reform", actor=actor, now=now, subject=f"reform:{row.pk}")
    locked.delete()
    return True

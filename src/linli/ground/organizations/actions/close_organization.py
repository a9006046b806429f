"""Closing an organization."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.organizations.models import Organization
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


class StillNeeded(ValueError):
    """The organization was not closed: `below` active organizations stand below it."""

    def __init__(self, below: int) -> None:
        super().__init__(below)
        self.below = below


@transaction.atomic
def close_organization(row: Organization, *, actor: Actor, now: datetime) -> None:
    """It takes nothing on any more; what it holds stays with it until handed over, and its history stays.

    Where another takes over from it, it ends by a reform (`carry_out_reform`).

    Raises:
        StillNeeded: others stand below it; close or move them first.
    """
    locked = Organization.objects.select_for_update().get(pk=row.pk)
    below = locked.get_descendants().filter(active=True).count()
    if below:
        raise StillNeeded(below)
    Organization.objects.filter(pk=row.pk).update(active=False, valid_to=timezone.localdate(now))
    keep("close_organization", actor=actor, now=now, subject=f"organization:{row.pk}", codes={"kind": locked.kind})

"""Changing the telephone of an organization."""

from datetime import datetime

from django.db import transaction

from linli.ground.organizations.models import Organization
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def change_phone(row: Organization, *, phone: str, actor: Actor, now: datetime) -> None:
    """The number that residents call, as receipts and the foot of pages give it; empty when it has none.

    Raises:
        ValidationError: the number is too long; nothing is changed.
    """
    locked = Organization.objects.select_for_update().get(pk=row.pk)
    locked.phone = phone.strip()
    locked.clean_fields(exclude=["path", "depth", "numchild", "area", "uscc", "valid_from", "valid_to", "former_paths"])
    Organization.objects.filter(pk=row.pk).update(phone=locked.phone)
    row.phone = locked.phone
    keep("change_phone", actor=actor, now=now, subject=f"organization:{row.pk}", codes={"kind": locked.kind})

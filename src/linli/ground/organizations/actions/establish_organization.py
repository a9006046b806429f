"""Establishing an organization."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.organizations.models import Kind, Organization
from linli.ground.record.writing import keep
from linli.ground.territory.models import Unit
from linli.kernel.access import Actor


@transaction.atomic
def establish_organization(
    *,
    name: str,
    kind: Kind,
    area: Unit | None,
    actor: Actor,
    now: datetime,
    parent: Organization | None = None,
    street_unit: str = "",
    uscc: str = "",
    phone: str = "",
) -> Organization:
    """Add an organization below `parent` (None: at the root of the tree), in force from today.

    Raises:
        ValidationError: a field is wrong, such as the check digit of `uscc`; nothing is changed.
    """
    row = Organization(name=name, kind=kind, street_unit=street_unit, uscc=uscc, area=area, phone=phone)
    row.valid_from = timezone.localdate(now)
    row.clean_fields(exclude=["path", "depth", "numchild", "area", "valid_to", "former_paths"])
    placed: Organization = (
        Organization.objects.get(pk=parent.pk).add_child(instance=row)
        if parent
        else Organization.add_root(instance=row)
    )
    keep(
        "establish_organization",
        actor=actor,
        now=now,
        subject=f"organization:{placed.pk}",
        codes={"kind": str(kind), "area": area.code if area else ""},
    )
    return placed

"""Offices of a street that ends as a whole: those that the plan does not name follow by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.history import current_office
from linli.ground.organizations.models import Kind, Organization
from linli.ground.reforms.offices import OfficesChanged, move_staff, succeed
from linli.ground.reforms.rules.plan import ReformPlan
from linli.ground.territory.facade import ChangeKind, Level, Succession, Unit
from linli.kernel.access import Actor

ONE_PER_STREET = frozenset({Kind.STREET_OFFICE, Kind.STREET_UNIT})


def follow_streets(plan: ReformPlan, *, actor: Actor, now: datetime) -> OfficesChanged:
    """The street office and its units go to those of the new street, committees go on below it, with their staff.

    From above to below, after all that the plan names. Where the new street has no such office, one is established.

    Raises:
        OfficeUnfit: an office cannot end, since it began today.
    """
    result = OfficesChanged()
    for street, new in _whole_streets(plan):
        areas = dict(
            Succession.objects.filter(
                predecessor__path__startswith=street.path, day=plan.day, inherits=True
            ).values_list("predecessor", "successor")
        )
        left = Organization.objects.filter(active=True, area__in=areas).select_related("area").order_by("path")
        for row in list(left):
            area = Unit.objects.get(pk=areas[row.area_id])
            there = _there(row, area)
            heir = there or _gone_on(row, area, street, new, actor, now)
            succeed([row], [heir], heir, ChangeKind.MERGE if there else ChangeKind.TRANSFER, plan, actor, now)
            result.appointments += move_staff([row], heir, {}, plan, actor, now)
            result.succeeded.append(((row.name,), (heir.name,)))
            result.taking_over += there is None
            if row.uscc and there is None:  # the same legal person, whose code stands once only
                Organization.objects.filter(pk=row.pk).update(uscc="")
                Organization.objects.filter(pk=heir.pk).update(uscc=row.uscc)
    return result


def _whole_streets(plan: ReformPlan) -> Iterator[tuple[Unit, Unit]]:
    """Streets that end, each with the one that takes over."""
    ending = [code for change in plan.units for code in change.ending]
    rows = Succession.objects.filter(
        predecessor__code__in=ending, predecessor__level=Level.STREET.value, day=plan.day, inherits=True
    )
    for row in rows.select_related("predecessor", "successor").order_by("predecessor__code"):
        yield row.predecessor, row.successor


def _there(row: Organization, area: Unit) -> Organization | None:
    """The office of which a street has one, where it is there already."""
    if row.kind not in ONE_PER_STREET:
        return None
    same = Organization.objects.filter(active=True, kind=row.kind, street_unit=row.street_unit, area=area)
    found: Organization | None = same.order_by("pk").first()
    return found


def _gone_on(row: Organization, area: Unit, street: Unit, new: Unit, actor: Actor, now: datetime) -> Organization:
    """The office as it was, for the new unit, and below whoever took over from the one above it."""
    above = row.get_parent()
    named_after = row.kind in ONE_PER_STREET and row.name.startswith(street.name)
    return establish_organization(
        name=new.name + row.name[len(street.name) :] if named_after else row.name,
        kind=Kind(row.kind),
        area=area,
        parent=current_office(above, area) if above else None,
        street_unit=row.street_unit,
        phone=row.phone,
        actor=actor,
        now=now,
    )

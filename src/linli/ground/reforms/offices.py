"""The offices of a reform: found by name, established where new, and succeeded with those who work there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.actions.succeed_organization import SuccessionRefused, succeed_organization
from linli.ground.organizations.models import Kind, Organization
from linli.ground.people.actions.move_appointment import move_appointment
from linli.ground.people.models import Account, Appointment
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart, ReformPlan
from linli.ground.territory.facade import ChangeFault, ChangeKind, Unit
from linli.kernel.access import Actor


class OfficeUnfit(ValueError):
    """A change of offices that does not fit what is there; `fault` says why."""

    def __init__(self, fault: str, **values: str) -> None:
        super().__init__(fault)
        self.fault = ChangeFault(fault, values)


@dataclass
class OfficesChanged:
    """Which offices ended with those that took over from them, how many took over, and whose appointments moved."""

    succeeded: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    taking_over: int = 0
    appointments: list[int] = field(default_factory=list)

    def __iadd__(self, other: OfficesChanged) -> OfficesChanged:
        self.succeeded += other.succeeded
        self.taking_over += other.taking_over
        self.appointments += other.appointments
        return self


def change_offices(plan: ReformPlan, *, actor: Actor, now: datetime) -> OfficesChanged:
    """Carry out every change of offices that the plan names.

    New offices are established from above to below, in the order of the plan, before any office ends.

    Raises:
        OfficeUnfit: a change does not fit.
    """
    result = OfficesChanged()
    found = [(change, _sources(change)) for change in plan.offices]
    ending = {row.name for _, sources in found for row in sources}
    taking = [_parts(change, sources, ending, actor, now) for change, sources in found]
    for (change, sources), parts in zip(found, taking, strict=True):
        heir = parts[change.heir]
        succeed(sources, list(parts.values()), heir, change.kind, plan, actor, now)
        keys = {part.pk for part in parts.values()}
        ended = [row for row in sources if row.pk not in keys]
        people = {login: parts[part.name] for part in change.parts for login in part.staff}
        result.appointments += move_staff(ended, heir, people, plan, actor, now)
        result.succeeded.append((tuple(row.name for row in ended), tuple(parts)))
        result.taking_over += len(parts)
    return result


def succeed(
    sources: Sequence[Organization],
    parts: Sequence[Organization],
    heir: Organization,
    kind: ChangeKind,
    plan: ReformPlan,
    actor: Actor,
    now: datetime,
) -> None:
    """End the sources, as the plan's document decrees.

    Raises:
        OfficeUnfit: they cannot end.
    """
    try:
        succeed_organization(
            sources,
            parts,
            heir=heir,
            kind=kind,
            day=plan.day,
            document=plan.document,
            reason=plan.reason,
            actor=actor,
            now=now,
        )
    except SuccessionRefused as refusal:
        raise OfficeUnfit(refusal.code, **refusal.values) from refusal


def _sources(change: OfficeChange) -> list[Organization]:
    return [_called(name) for name in change.sources]


def _called(name: str) -> Organization:
    """The one active organization of this name."""
    found: list[Organization] = list(Organization.objects.filter(name=name, active=True))
    if len(found) != 1:
        raise OfficeUnfit("unknown_office", name=name)
    return found[0]


def _parts(
    change: OfficeChange, sources: list[Organization], ending: set[str], actor: Actor, now: datetime
) -> dict[str, Organization]:
    """The organizations that take over; a new one may bear the name of one that ends."""
    for part in change.parts:
        if part.new and part.name not in ending and Organization.objects.filter(name=part.name, active=True).exists():
            raise OfficeUnfit("name_taken", name=part.name)
    return {part.name: _new(part, sources[0], actor, now) if part.new else _called(part.name) for part in change.parts}


def _new(part: OfficePart, like: Organization, actor: Actor, now: datetime) -> Organization:
    """A new organization of the kind of the first source, where the plan puts it."""
    area = Unit.objects.filter(code=part.area, valid_to__isnull=True).first() if part.area else like.area
    if part.area and area is None:
        raise OfficeUnfit("unknown_area", code=part.area)
    return establish_organization(
        name=part.name,
        kind=Kind(like.kind),
        area=area,
        parent=_above(part.under) if part.under else like.get_parent(),
        street_unit=like.street_unit,
        phone=like.phone,
        actor=actor,
        now=now,
    )


def _above(name: str) -> Organization:
    """The newest active organization of this name: one that the plan has just established comes before its source."""
    row: Organization | None = Organization.objects.filter(name=name, active=True).order_by("-pk").first()
    if row is None:
        raise OfficeUnfit("unknown_office", name=name)
    return row


def move_staff(
    ended: Sequence[Organization],
    heir: Organization,
    people: Mapping[str, Organization],
    plan: ReformPlan,
    actor: Actor,
    now: datetime,
) -> list[int]:
    """Whoever is appointed at what ended, today or later, goes along: where their login says, else to the heir."""
    logins = dict(Account.objects.filter(login__in=people).values_list("person_id", "login"))
    goes_on = Q(ends__isnull=True) | Q(ends__gte=plan.day)
    rows = list(Appointment.objects.filter(goes_on, organization__in=[row.pk for row in ended]).order_by("pk"))
    moved = [row.pk for row in rows]
    for row in rows:
        move_appointment(row, people.get(logins.get(row.person_id, ""), heir), plan.day, actor=actor, now=now)
    return moved

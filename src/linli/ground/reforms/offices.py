"""The offices of a reform: found by name, established where new, and succeeded with those who work there."""

from datetime import datetime

from django.db.models import Q

from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.actions.succeed_organization import SuccessionRefused, succeed_organization
from linli.ground.organizations.models import Kind, Organization
from linli.ground.people.actions.move_appointment import move_appointment
from linli.ground.people.models import Account, Appointment
from linli.ground.reforms.rules.plan import OfficeChange, OfficePart, ReformPlan
from linli.ground.territory.facade import ChangeFault, Unit
from linli.kernel.access import Actor


class _Unfit(ValueError):
    """A name or code of the plan does not fit what is there."""

    def __init__(self, fault: str, **values: str) -> None:
        super().__init__(fault)
        self.fault = ChangeFault(fault, values)


def change_offices(plan: ReformPlan, *, actor: Actor, now: datetime) -> tuple[int, int, tuple[ChangeFault, ...]]:
    """Carry out every change of offices; returns how many took over, how many appointments moved, what does not fit.

    New offices are established from above to below, in the order of the plan, before any office ends.
    """
    try:
        found = [(change, _sources(change)) for change in plan.offices]
        ending = {row.name for _, sources in found for row in sources}
        taking = [_parts(change, sources, ending, actor, now) for change, sources in found]
        moved = 0
        for (change, sources), parts in zip(found, taking, strict=True):
            succeed_organization(
                sources,
                list(parts.values()),
                heir=parts[change.heir],
                kind=change.kind,
                day=plan.day,
                document=plan.document,
                reason=plan.reason,
                actor=actor,
                now=now,
            )
            moved += _move_staff(change, sources, parts, plan, actor, now)
    except _Unfit as unfit:
        return 0, 0, (unfit.fault,)
    except SuccessionRefused as refusal:
        return 0, 0, (ChangeFault(refusal.code, refusal.values),)
    return sum(len(parts) for parts in taking), moved, ()


def _sources(change: OfficeChange) -> list[Organization]:
    return [_called(name) for name in change.sources]


def _called(name: str) -> Organization:
    """The one active organization of this name."""
    found: list[Organization] = list(Organization.objects.filter(name=name, active=True))
    if len(found) != 1:
        raise _Unfit("unknown_office", name=name)
    return found[0]


def _parts(
    change: OfficeChange, sources: list[Organization], ending: set[str], actor: Actor, now: datetime
) -> dict[str, Organization]:
    """The organizations that take over; a new one may bear the name of one that ends."""
    for part in change.parts:
        if part.new and part.name not in ending and Organization.objects.filter(name=part.name, active=True).exists():
            raise _Unfit("name_taken", name=part.name)
    return {part.name: _new(part, sources[0], actor, now) if part.new else _called(part.name) for part in change.parts}


def _new(part: OfficePart, like: Organization, actor: Actor, now: datetime) -> Organization:
    """A new organization of the kind of the first source, where the plan puts it."""
    area = Unit.objects.filter(code=part.area, valid_to__isnull=True).first() if part.area else like.area
    if part.area and area is None:
        raise _Unfit("unknown_area", code=part.area)
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
        raise _Unfit("unknown_office", name=name)
    return row


def _move_staff(
    change: OfficeChange,
    sources: list[Organization],
    parts: dict[str, Organization],
    plan: ReformPlan,
    actor: Actor,
    now: datetime,
) -> int:
    """Whoever is appointed at what ended, today or later, goes along: where the plan says, else to the heir."""
    keys = {part.pk for part in parts.values()}
    ended = [row.pk for row in sources if row.pk not in keys]
    people = {login: part.name for part in change.parts for login in part.staff}
    logins = dict(Account.objects.filter(login__in=people).values_list("person_id", "login"))
    goes_on = Q(ends__isnull=True) | Q(ends__gte=plan.day)
    rows = list(Appointment.objects.filter(goes_on, organization__in=ended).order_by("pk"))
    for row in rows:
        name = people.get(logins.get(row.person_id, ""), change.heir)
        move_appointment(row, parts[name], plan.day, actor=actor, now=now)
    return len(rows)

"""Appointing a person to a role at an organization."""

from datetime import date, datetime

from django.db import transaction

from linli.ground.organizations.models import Organization
from linli.ground.people.models import Appointment, Person
from linli.ground.record.writing import keep
from linli.kernel.access import Actor, Role


@transaction.atomic
def appoint_person(
    person: Person,
    organization: Organization,
    role: Role,
    *,
    starts: date,
    actor: Actor,
    now: datetime,
    ends: date | None = None,
    title: str = "",
    deputy: Person | None = None,
) -> Appointment:
    """Give a person a role from a day on; the deputy acts while the person is away (AB 角)."""
    row = Appointment.objects.create(
        person=person,
        organization=organization,
        role=role,
        title=title,
        starts=starts,
        ends=ends,
        deputy=deputy,
    )
    keep(
        "appoint_person",
        actor=actor,
        now=now,
        subject=f"appointment:{row.pk}",
        codes={"role": str(role), "organization": organization.pk, "person": str(person.pk)},
    )
    return row

"""Appointing a person to a role at an organization."""

from datetime import date, datetime

from django.db import transaction

from linli.ground.organizations.models import Organization
from linli.ground.people.models import Appointment, Person
from linli.ground.people.separating import keep_roles_apart
from linli.ground.record.writing import keep
from linli.kernel.access import ADMINISTRATORS, Actor, Role


class BelowTheDistrict(ValueError):
    """An administrator was to be appointed at an office that does not serve the whole district."""

    def __init__(self) -> None:
        super().__init__("administrators are appointed at an office of the whole district")


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
    """Give a person a role from a day on; the deputy acts while the person is away (AB 角).

    Raises:
        BelowTheDistrict: an administrator is one of the whole district.
        RolesApart: somebody would be two administrators on one day.
    """
    row = Appointment(
        person=person,
        organization=organization,
        role=role,
        title=title,
        starts=starts,
        ends=ends,
        deputy=deputy,
    )
    if role in ADMINISTRATORS and not organization.is_district_wide:
        raise BelowTheDistrict
    keep_roles_apart(row)
    row.save()
    keep(
        "appoint_person",
        actor=actor,
        now=now,
        subject=f"appointment:{row.pk}",
        codes={"role": str(role), "organization": organization.pk, "person": str(person.pk)},
    )
    return row

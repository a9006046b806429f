"""An appointment goes along to the organization that took over."""

from datetime import date, datetime, timedelta

from django.db import transaction

from linli.ground.organizations.models import Organization
from linli.ground.people.models import Appointment
from linli.ground.people.separating import keep_roles_apart
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def move_appointment(
    appointment: Appointment, organization: Organization, day: date, *, actor: Actor, now: datetime
) -> Appointment:
    """The same role, title, deputy and end, at another organization from `day` on; returns the appointment there.

    Who held the old office until then stays written down; an appointment that was only to begin simply goes along.
    """
    before = appointment.pk
    if appointment.starts < day:
        row = Appointment.objects.select_for_update().get(pk=before)
        moved = Appointment.objects.get(pk=before)
        row.ends = day - timedelta(days=1)
        row.save(update_fields=["ends"])
        moved.pk, moved.starts, moved._state.adding = None, day, True
    else:
        moved = appointment
    moved.organization = organization
    keep_roles_apart(moved)
    moved.save()
    keep(
        "move_appointment",
        actor=actor,
        now=now,
        subject=f"appointment:{moved.pk}",
        codes={
            "role": moved.role,
            "organization": organization.pk,
            "person": str(moved.person_id),
            "before": before,
            "day": day.isoformat(),
        },
    )
    return moved

"""Ending an appointment."""

from datetime import date, datetime

from django.db import transaction

from linli.ground.people.models import Appointment
from linli.ground.people.separating import keep_roles_apart
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def end_appointment(appointment: Appointment, last_day: date, *, actor: Actor, now: datetime) -> Appointment:
    """The person holds the office up to and including `last_day`.

    Raises:
        ValueError: the last day lies before the first.
        RolesApart: a later end than before would make somebody two administrators on one day.
    """
    if last_day < appointment.starts:
        raise ValueError("last_day")
    appointment.ends = last_day
    keep_roles_apart(appointment)
    appointment.save(update_fields=["ends"])
    keep(
        "end_appointment",
        actor=actor,
        now=now,
        subject=f"appointment:{appointment.pk}",
        codes={"last_day": last_day.isoformat()},
    )
    return appointment

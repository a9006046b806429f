"""Reporting an absence: the deputy stands in (AB 角)."""

from datetime import date, datetime

from django.db import transaction

from linli.ground.people.models import Appointment, Person
from linli.ground.people.separating import keep_roles_apart
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def report_absence(
    appointment: Appointment,
    *,
    away_from: date,
    away_to: date,
    actor: Actor,
    now: datetime,
    deputy: Person | None = None,
) -> Appointment:
    """From `away_from` to `away_to`, both included, the deputy acts in this appointment.

    Args:
        deputy: names the deputy, in place of the one named at appointment.

    Raises:
        ValueError: the period ends before it starts, nobody deputizes, or the person is their own deputy.
        RolesApart: the deputy would be two administrators on one day.
    """
    if away_to < away_from:
        raise ValueError("away_to")
    if deputy is not None:
        appointment.deputy = deputy
    if appointment.deputy_id is None or appointment.deputy_id == appointment.person_id:
        raise ValueError("deputy")
    keep_roles_apart(appointment)
    appointment.away_from, appointment.away_to = away_from, away_to
    appointment.save(update_fields=["deputy", "away_from", "away_to"])
    keep(
        "report_absence",
        actor=actor,
        now=now,
        subject=f"appointment:{appointment.pk}",
        codes={"from": away_from.isoformat(), "to": away_to.isoformat(), "deputy": str(appointment.deputy_id)},
    )
    return appointment

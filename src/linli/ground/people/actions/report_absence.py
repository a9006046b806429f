"""Reporting an absence: the deputy stands in (AB 角)."""

from datetime import date, datetime

from django.db import transaction

from linli.ground.people.models import Appointment
from linli.ground.record.writing import keep
from linli.kernel.access import Actor


@transaction.atomic
def report_absence(
    appointment: Appointment, *, away_from: date, away_to: date, actor: Actor, now: datetime
) -> Appointment:
    """From `away_from` to `away_to`, both included, the deputy acts in this appointment.

    Raises:
        ValueError: the period ends before it starts, or nobody deputizes.
    """
    if away_to < away_from:
        raise ValueError("away_to")
    if appointment.deputy_id is None:
        raise ValueError("deputy")
    appointment.away_from, appointment.away_to = away_from, away_to
    appointment.save(update_fields=["away_from", "away_to"])
    keep("report_absence", actor=actor, now=now, subject=f"appointment:{appointment.pk}")
    return appointment

"""Keeps the administrators' roles apart whenever an appointment is made, prolonged or given a deputy."""

from collections.abc import Iterable

from linli.ground.people.models import Appointment, Person
from linli.ground.people.rules.separation import Term, clash
from linli.kernel.access import ADMINISTRATORS, Role


class RolesApart(ValueError):
    """Somebody would hold two of the administrators' roles on one day; nothing was written."""


def keep_roles_apart(wanted: Appointment) -> None:
    """Refuse an appointment, saved or about to be, that clashes with another one.

    Both people are locked first, so that of two appointments made at once the second sees the first. Call it inside
    the transaction of the change.

    Raises:
        RolesApart: with the role that is in the way.
    """
    if wanted.role not in ADMINISTRATORS:
        return
    people = [key for key in (wanted.person_id, wanted.deputy_id) if key]
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
    others = Appointment.objects.filter(role__in=ADMINISTRATORS).exclude(pk=wanted.pk)
    found = clash(_term(wanted), _terms(others.filter(person__in=people) | others.filter(deputy__in=people)))
    if found is not None:
        raise RolesApart(f"one person may not be {wanted.role} and {found.role} at the same time, nor deputize")


def _terms(rows: Iterable[Appointment]) -> Iterable[Term]:
    return (_term(row) for row in rows)


def _term(row: Appointment) -> Term:
    return Term(Role(row.role), row.person_id, row.deputy_id, row.starts, row.ends)

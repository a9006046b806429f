"""Who held which office, read once for a whole batch of record rows and asked for row by row."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from linli.ground.matters.clocks import local_day
from linli.ground.matters.models import Matter
from linli.ground.matters.scope import at_or_above
from linli.ground.people.models import Account, Appointment
from linli.ground.record.models import Record
from linli.kernel.access import Role

Rows = Sequence[tuple[Record, Matter]]


class Offices:
    """The appointments at the organizations that a batch speaks of: two queries, however many rows there are."""

    def __init__(self, rows: Rows) -> None:
        days = [local_day(row.at) for row, _ in rows]
        found = Appointment.objects.filter(_spoken_of(rows), starts__lte=max(days, default=date.min))
        found = found.exclude(ends__lt=min(days, default=date.min))
        self._at: dict[int, list[Appointment]] = defaultdict(list)
        self._supervisors: dict[str, list[Appointment]] = defaultdict(list)
        for each in found.select_related("organization").order_by("pk") if rows else ():
            self._at[each.organization_id].append(each)
            if each.role == Role.SUPERVISOR:
                self._supervisors[each.organization.path].append(each)
        actors = {row.entry.actor for row, _ in rows if row.entry.actor is not None}
        self._people = dict(Account.objects.filter(pk__in=actors).values_list("pk", "person_id")) if actors else {}

    def appointed(self, organization: int, roles: tuple[Role, ...], day: date, recused_path: str) -> list[UUID]:
        """Who holds one of the roles at an organization."""
        return _in_office([each for each in self._at[organization] if each.role in roles], day, recused_path)

    def superiors(self, path_below: str, day: date, recused_path: str, *, outside: bool = False) -> list[UUID]:
        """The supervisors of the nearest organization at or above a path, or only above it, that has any."""
        for path in reversed(at_or_above([path_below])):
            if outside and path == path_below:
                continue
            found = _in_office(self._supervisors[path], day, recused_path)
            if found:
                return found
        return []

    def handling(self, matter: Matter, day: date) -> list[UUID]:
        """The handler and, while they are away, their deputy; nobody once they have left the holding unit."""
        if matter.handler_id is None:
            return []
        own = [each for each in self._at[matter.holder_id] if each.person_id == matter.handler_id]
        return _in_office(own, day, matter.recused_path)

    def person_of(self, row: Record) -> UUID | None:
        """Who did what the row tells of."""
        return self._people.get(row.entry.actor) if row.entry.actor else None


def _spoken_of(rows: Rows) -> Q:
    """Appointments at the desks and holders of the rows, and at whatever stands above holders and named superiors."""
    ids, paths = set(), set()
    for row, matter in rows:
        ids |= {matter.desk_id, matter.holder_id}
        ids |= {int(row.codes[name]) for name in ("desk", "holder") if name in row.codes}
        paths |= {matter.holder_path, str(row.codes.get("superior", matter.holder_path))}
    return Q(organization__in=ids) | Q(organization__path__in=at_or_above(paths))


def _in_office(rows: Sequence[Appointment], day: date, recused_path: str) -> list[UUID]:
    """Who holds these offices on the day, and who deputizes for the absent (AB 角); not whoever keeps out of it."""
    valid = [
        each
        for each in rows
        if each.starts <= day
        and (each.ends is None or day <= each.ends)
        and not (recused_path and each.organization.path.startswith(recused_path))
    ]
    away = [
        each.deputy_id
        for each in valid
        if each.away_from and each.away_from <= day and (each.away_to is None or day <= each.away_to)
    ]
    return [*(each.person_id for each in valid), *(deputy for deputy in away if deputy)]

"""Who is told of what happens to a demand."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from linli.ground.matters.models import Matter
from linli.ground.people.models import Appointment
from linli.ground.record.models import Record
from linli.ground.record.writing import Audience
from linli.kernel.access import Role

TO_DESK = {
    "receive_case": (Role.DISPATCHER,),
    "dispatch_case": (Role.CLERK,),
    "return_case": (Role.DISPATCHER,),
    "draft_reply": (Role.REVIEWER, Role.SIGNER),
    "review_reply": (Role.SIGNER,),
    "sign_reply": (Role.DISPATCHER,),
    "confirm_solved": (Role.DISPATCHER,),
    "warn_unaccepted": (Role.CLERK,),
    "warn_unverified": (Role.DISPATCHER,),
    "reopen_case": (Role.CLERK,),
    "grant_reopening": (Role.CLERK,),
}
TO_HANDLER = {
    "assign_case",
    "supply_supplement",
    "lapse_supplement",
    "grant_extension",
    "refuse_extension",
    "send_back_reply",
    "urge_case",
    "supervise_case",
    "instruct_case",
    "warn_holder",
    "mark_overdue",
    "reopen_case",
    "grant_reopening",
    "rate_case",
    "withdraw_case",
}
TO_SUPERIOR = {"request_extension", "request_reopening", "mark_overdue", "warn_unaccepted"}
NOT_TO_FILER = {"receive_case", "import_case"}


def recipients(row: Record, matter: Matter) -> Iterable[tuple[UUID, bool]]:
    """People to tell, each with whether as staff; nobody is told of their own act."""
    told: dict[UUID, bool] = {}
    if row.event == "import_case":
        return ()
    if row.event in TO_DESK:
        told |= dict.fromkeys(_appointed(matter.desk_id, TO_DESK[row.event]), True)
    if row.event in TO_HANDLER:
        handler = [matter.handler_id] if matter.handler_id else _appointed(matter.holder_id, (Role.CLERK,))
        told |= dict.fromkeys(handler, True)
    if row.event in TO_SUPERIOR:
        told |= dict.fromkeys(_superiors(matter.place_path), True)
    if matter.filer_id and row.entry.audience != Audience.STAFF and row.event not in NOT_TO_FILER:
        told[matter.filer_id] = False
    actor = _person(row)
    return tuple((person, as_staff) for person, as_staff in told.items() if person != actor)


def _appointed(organization: int, roles: tuple[Role, ...]) -> list[UUID]:
    rows = Appointment.objects.filter(organization=organization, role__in=roles, ends__isnull=True)
    return list(rows.values_list("person_id", flat=True))


def _superiors(place_path: str) -> list[UUID]:
    paths = [place_path[:end] for end in range(4, len(place_path) + 1, 4)]
    rows = Appointment.objects.filter(Q(organization__area__path__in=paths), role=Role.SUPERVISOR, ends__isnull=True)
    return list(rows.values_list("person_id", flat=True))


def _person(row: Record) -> UUID | None:
    if row.entry.actor is None:
        return None
    return Appointment.objects.filter(person__account=row.entry.actor).values_list("person_id", flat=True).first()

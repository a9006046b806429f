"""Who may do what to which matter: one vocabulary for two questions.

`decide` asks whether one actor may do one thing to one subject. `clauses` answers for a whole list; `ground/matters`
compiles the same clauses to one database condition. Because both read the same table, a row is in the list
exactly when its page opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an appointment makes of a person, and the four kinds of actor that hold no appointment."""

    VISITOR = "visitor"
    KEYHOLDER = "keyholder"
    RESIDENT = "resident"
    SYSTEM = "system"
    WINDOW_CLERK = "window_clerk"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    SIGNER = "signer"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    OBSERVER = "observer"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


STAFF_ROLES = tuple(role for role in Role if role not in {Role.VISITOR, Role.KEYHOLDER, Role.RESIDENT, Role.SYSTEM})
# They watch one another (三员分立): no person stands in two of them on the same day.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})


class Reach(StrEnum):
    """How far a grant goes from the one who holds it."""

    PUBLISHED = "published"  # whatever has been published
    KEY = "key"  # the matters whose number and secret code were shown
    OWN = "own"  # the matters that the person filed
    UNIT = "unit"  # held by, or lying at the desk of, the organization or one below it
    AREA = "area"  # within the area that the organization serves
    EVERYTHING = "everything"


IN_OFFICE = frozenset({Reach.UNIT, Reach.AREA})


@dataclass(frozen=True)
class Appointment:
    """A role at an organization, valid today; paths are subtree prefixes of the two trees."""

    role: Role
    organization_id: int
    organization_path: str
    area_path: str
    title: str = ""
    former_organizations: tuple[str, ...] = ()  # of the organizations from which this one took over
    former_areas: tuple[str, ...] = ()

    @property
    def organization_paths(self) -> tuple[str, ...]:
        """Of the organization, and of those whose history it keeps."""
        return (self.organization_path, *self.former_organizations)

    @property
    def area_paths(self) -> tuple[str, ...]:
        """Of the area, and of those whose history it keeps."""
        return (self.area_path, *self.former_areas)


@dataclass(frozen=True)
class Actor:
    """Who is asking. `person` is None for visitors and the system."""

    account: UUID | None = None
    person: UUID | None = None
    name: str = ""
    appointments: tuple[Appointment, ...] = ()
    keys: frozenset[int] = frozenset()
    is_system: bool = False
    acting: Appointment | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role the actor stands in at once."""
        held = {appointment.role for appointment in self.appointments}
        if self.is_system:
            return frozenset({Role.SYSTEM})
        held.add(Role.VISITOR)
        if self.keys:
            held.add(Role.KEYHOLDER)
        if self.person is not None:
            held.add(Role.RESIDENT)
        return frozenset(held)

    @property
    def is_staff(self) -> bool:
        """Whether any appointment is held."""
        return bool(self.appointments)

    @property
    def office(self) -> Appointment | None:
        """The appointment shown beside the actor's acts: the one that allows the act, else the first one held."""
        return self.acting or (self.appointments[0] if self.appointments else None)

    def in_office(self, office: Appointment | None) -> Actor:
        """The same actor, acting under one of their appointments, or with None in no office: as a resident."""
        return replace(self, acting=office) if office else replace(self, acting=None, appointments=())

    def holds(self, *roles: Role) -> bool:
        """Whether the actor stands in any of `roles`."""
        return bool(self.roles.intersection(roles))


SYSTEM = Actor(name="系统", is_system=True)
VISITOR = Actor()


@dataclass(frozen=True)
class Subject:
    """What access has to know of a matter."""

    id: int
    kind: str
    published: bool
    withheld: bool
    filer: UUID | None
    holder_path: str
    desk_path: str
    place_path: str
    recused_path: str = ""  # the organization that keeps out of it (回避), with all below it


@dataclass(frozen=True)
class Clause:
    """One way in: a reach and what it is measured from.

    `offices` are the organization paths of all of the actor's appointments: recusal is the person's, so another
    office of theirs is no way around it.
    """

    reach: Reach
    path: str = ""
    person: UUID | None = None
    keys: frozenset[int] = frozenset()
    offices: tuple[str, ...] = ()
    appointment: Appointment | None = None

    def holds(self, subject: Subject) -> bool:
        """Whether `subject` lies within this clause. Rows of an unreleased import lie within none."""
        if subject.withheld:
            return False
        if self.reach in IN_OFFICE and self._is_recused(subject.recused_path):
            return False
        match self.reach:
            case Reach.PUBLISHED:
                return subject.published
            case Reach.KEY:
                return subject.id in self.keys
            case Reach.OWN:
                return self.person is not None and subject.filer == self.person
            case Reach.UNIT:
                return subject.holder_path.startswith(self.path) or subject.desk_path.startswith(self.path)
            case Reach.AREA:
                return subject.place_path.startswith(self.path)
            case Reach.EVERYTHING:
                return True

    def _is_recused(self, recused_path: str) -> bool:
        return bool(recused_path) and any(office.startswith(recused_path) for office in self.offices)


@dataclass(frozen=True)
class Decision:
    """Yes or no, with a reason code and whether signing in may change the answer.

    `office` is the appointment under which the act is allowed; None for those who act in no office.
    """

    allowed: bool
    reason: str = ""
    sign_in_may_help: bool = False
    office: Appointment | None = field(default=None, compare=False)


@dataclass(frozen=True)
class AccessTable:
    """The grants of one kind of matter: action → role → reach, or several reaches of which any will do."""

    grants: Mapping[str, Mapping[Role, Reach | tuple[Reach, ...]]] = field(default_factory=dict)

    def clauses(self, actor: Actor, action: str) -> tuple[Clause, ...]:
        """Every way in that `actor` has to `action`; empty when there is none."""
        granted = self.grants.get(action, {})
        return tuple(_clauses(actor, granted)) if granted else ()

    def decide(self, actor: Actor, action: str, subject: Subject) -> Decision:
        """Whether `actor` may do `action` to `subject`.

        Reasons: `not_granted` (no role of the actor may), `out_of_scope` (a role may, but not here).
        """
        if action not in self.grants:
            return Decision(allowed=False, reason="not_granted")
        clauses = self.clauses(actor, action)
        held = next((clause for clause in clauses if clause.holds(subject)), None)
        if held is not None:
            return Decision(allowed=True, office=held.appointment)
        anonymous = actor.person is None and not actor.is_system
        return Decision(allowed=False, reason="out_of_scope" if clauses else "not_granted", sign_in_may_help=anonymous)

    def office_for(self, actor: Actor, action: str) -> Appointment | None:
        """The first appointment whose role may do `action` to something."""
        granted = self.grants.get(action, {})
        return next((each for each in actor.appointments if reaches(granted, each.role)), None)

    def is_granted(self, actor: Actor, action: str) -> bool:
        """Whether the actor may do `action` to anything at all."""
        return bool(actor.roles.intersection(self.grants.get(action, {})))


def reaches(granted: Mapping[Role, Reach | tuple[Reach, ...]], role: Role) -> tuple[Reach, ...]:
    """The reaches of a role; empty when it is granted nothing."""
    given = granted.get(role, ())
    return (given,) if isinstance(given, Reach) else given


def _clauses(actor: Actor, granted: Mapping[Role, Reach | tuple[Reach, ...]]) -> Iterable[Clause]:
    for role in (Role.SYSTEM, Role.VISITOR, Role.KEYHOLDER, Role.RESIDENT):
        if role in actor.roles:
            for reach in reaches(granted, role):
                yield Clause(reach, person=actor.person, keys=actor.keys)
    offices = tuple(path for appointment in actor.appointments for path in appointment.organization_paths)
    for appointment in actor.appointments:
        for reach in reaches(granted, appointment.role):
            paths = appointment.area_paths if reach is Reach.AREA else appointment.organization_paths
            for path in paths if reach in IN_OFFICE else paths[:1]:
                if path or reach not in IN_OFFICE:
                    yield Clause(reach, path=path, person=actor.person, offices=offices, appointment=appointment)

"""The offices that the model gives every district: its centre, each street's office and five units, each committee."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.ground.territory.facade import Level, Unit, district, units
from linli.kernel.access import Actor


@dataclass
class _Founding:
    """What is there already, by what makes an office unique, and what has been added."""

    actor: Actor
    now: datetime
    known: dict[tuple[str, str, int | None], Organization] = field(default_factory=dict)
    added: int = 0

    def office(
        self, name: str, kind: Kind, area: Unit, parent: Organization | None, street_unit: str = ""
    ) -> Organization:
        key = (str(kind), street_unit, area.pk)
        if key not in self.known:
            self.known[key] = establish_organization(
                name=name, kind=kind, area=area, parent=parent, street_unit=street_unit, actor=self.actor, now=self.now
            )
            self.added += 1
        return self.known[key]


@transaction.atomic
def found_offices(*, actor: Actor, now: datetime) -> int:
    """Establish whatever of these offices is missing; safe to repeat after a territory import. Returns how many.

    Every street has exactly five units, four departments and one centre (四部一中心, R07).
    """
    known = {
        (row.kind, row.street_unit, row.area_id): row
        for row in Organization.objects.exclude(kind__in=[Kind.DEPARTMENT, Kind.SOCIAL, Kind.RESIDENT_UNIT, Kind.PARTY])
    }
    founding = _Founding(actor, now, known)
    whole = district()
    top = founding.office(f"{whole.name}人民政府", Kind.DISTRICT, whole, None)
    founding.office(f"{whole.name}诉求受理中心", Kind.DISTRICT_CENTRE, whole, top)
    streets: dict[str, Organization] = {}
    for street in units(Level.STREET):
        office = founding.office(f"{street.name}办事处", Kind.STREET_OFFICE, street, top)
        streets[street.path] = office
        for unit in StreetUnit:
            founding.office(f"{street.name}{unit.label}", Kind.STREET_UNIT, street, office, unit)
    for community in units(Level.COMMUNITY):
        parent = streets[community.path[: -community.steplen]]
        founding.office(_committee_name(community.name), Kind.COMMITTEE, community, parent)
    return founding.added


def _committee_name(community: str) -> str:
    return community if community.endswith("委会") else f"{community}居民委员会"

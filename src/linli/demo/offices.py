"""The offices and people of the fictional district."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from linli.demo.topics import CATALOGUE, DEPARTMENTS, CatalogueRow
from linli.ground.organizations.actions.change_phone import change_phone
from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.actions.found_offices import found_offices
from linli.ground.organizations.models import Kind, Organization, StreetUnit
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.kernel.access import SYSTEM, Actor, Role
from linli.kernel.identity import with_check_digit
from linli.services.catalogue.facade import CataloguePreview, PlannedTopic, Topic, import_topics

PREFIXES = {Kind.PARTY: "11", Kind.SOCIAL: "52", Kind.RESIDENT_UNIT: "12"}
# Family and given names are drawn apart, so that nobody real is meant.
SURNAMES = "程沈柳方秦陶范苏叶傅梁孟康贺"
GIVEN = ("云舒", "知远", "若溪", "景行", "安澜", "南星", "明朗", "书言", "初晴", "怀瑾", "采薇", "望舒", "思齐", "子衿")


@dataclass
class Offices:
    """Who works where, by organization and role."""

    centre: Organization
    departments: dict[str, Organization]
    street_units: dict[tuple[str, str], Organization]
    street_offices: dict[str, Organization]
    accounts: dict[tuple[int, Role], Account] = field(default_factory=dict)

    def actor(self, organization: Organization, role: Role, now: datetime) -> Actor:
        """The person in this office as an actor; appointed when first asked for."""
        key = (organization.pk, role)
        if key not in self.accounts:
            self.accounts[key] = self._appoint(organization, role, now)
        return actor_of(self.accounts[key], now)

    def _appoint(self, organization: Organization, role: Role, now: datetime) -> Account:
        number = len(self.accounts)
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number // len(SURNAMES) % len(GIVEN)]
        account = open_account(login=f"{role}-{organization.pk}", name=name, actor=SYSTEM, now=now)
        appoint_person(account.person, organization, role, starts=date(2020, 1, 1), actor=SYSTEM, now=now)
        return account


def establish_offices(now: datetime, more_departments: Sequence[str] = ()) -> Offices:
    """Every office of the model, and the district's departments."""
    found_offices(actor=SYSTEM, now=now)
    rows = list(Organization.objects.select_related("area").order_by("path"))
    top = next(row for row in rows if row.kind == Kind.DISTRICT)
    departments = {
        name: establish_organization(name=name, kind=Kind.DEPARTMENT, area=top.area, parent=top, actor=SYSTEM, now=now)
        for name in (*DEPARTMENTS, *more_departments)
    }
    establish_neighbours(rows, top, now)
    give_telephones(rows, now)
    return Offices(
        centre=next(row for row in rows if row.kind == Kind.DISTRICT_CENTRE),
        departments=departments,
        street_units={(row.area.code, row.street_unit): row for row in rows if row.kind == Kind.STREET_UNIT},
        street_offices={row.area.code: row for row in rows if row.kind == Kind.STREET_OFFICE},
    )


def give_telephones(rows: list[Organization], now: datetime) -> None:
    """Numbers for the centres that residents turn to, the district's first; invented like everything here."""
    street_centres = [row for row in rows if row.street_unit == StreetUnit.CITIZEN_SERVICE_CENTER]
    centres = [*(row for row in rows if row.kind == Kind.DISTRICT_CENTRE), *street_centres]
    for serial, centre in enumerate(centres):
        change_phone(centre, phone=f"025-8466{serial:04}", actor=SYSTEM, now=now)


def establish_neighbours(rows: list[Organization], top: Organization, now: datetime) -> None:
    """The party committee of each street, and organizations that serve or stand in it, under codes nobody bears."""
    serial = 0
    for area in [row.area for row in rows if row.kind == Kind.STREET_OFFICE and row.area]:
        street = area.name
        for kind, name in (
            (Kind.PARTY, f"中共{street}工作委员会"),
            (Kind.SOCIAL, f"{street}邻里互助服务社"),
            (Kind.RESIDENT_UNIT, f"{street}第一小学"),
        ):
            serial += 1
            # 990000 is no division, so the code can belong to nobody.
            uscc = with_check_digit(f"{PREFIXES[kind]}990000LINLI{serial:04}".replace("I", "1"))
            establish_organization(name=name, kind=kind, area=area, parent=top, uscc=uscc, actor=SYSTEM, now=now)


def establish_catalogue(offices: Offices, now: datetime, more: Sequence[CatalogueRow] = ()) -> dict[str, Topic]:
    """The topics of the district by name, brought in as a district brings in its own."""
    planned = tuple(
        PlannedTopic(
            path=(first, second, name),
            responsible=responsible,
            street_unit=street_unit,
            department=offices.departments[department].pk if department else None,
            promised_days=days,
            waives_second_person=waives,
        )
        for first, second, name, responsible, street_unit, department, days, waives in (*CATALOGUE, *more)
    )
    import_topics(CataloguePreview((), planned, ()), actor=SYSTEM, now=now)
    return {topic.name: topic for topic in Topic.objects.filter(numchild=0)}

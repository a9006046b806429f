"""Reads of people. Personal fields leave this module masked, or through `unmask` which keeps a record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from linli.ground.organizations.models import Organization
from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Account, Appointment, Household, Person
from linli.ground.record.prepared import Prepared
from linli.ground.record.shaped import Shaped
from linli.ground.territory.facade import Unit
from linli.kernel import access
from linli.kernel.identity import mask_name, mask_phone, mask_resident_number, normalize_phone
from linli.kernel.personal import Finding, Kind, mask

_APPOINTMENTS = Shaped(
    lambda condition: (
        Appointment.objects.filter(condition)
        .order_by("id")
        .values(
            "role",
            "title",
            "organization",
            "organization__path",
            "organization__name",
            "organization__former_paths",
            "organization__area__path",
            "organization__area__former_paths",
        )
    )
)


_PEOPLE: Prepared[Person] = Prepared(Person.objects.filter(pk=UUID(int=0)), UUID(int=0))


def person_of(key: UUID) -> Person:
    """The person of this key.

    Raises:
        Person.DoesNotExist: there is none.
    """
    row = _PEOPLE.first(key)
    if row is None:
        raise Person.DoesNotExist
    return row


def actor_of(account: Account, now: datetime, *, keys: Iterable[int] = ()) -> access.Actor:
    """The actor that an account is today: own appointments, and those of the absent it deputizes for."""
    today = local_day(now)
    valid = Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gte=today))
    away = Q(away_from__lte=today) & (Q(away_to__isnull=True) | Q(away_to__gte=today))
    rows = _APPOINTMENTS.dicts(valid & (Q(person=account.person_id) | (Q(deputy=account.person_id) & away)))
    return access.Actor(
        account=account.pk,
        person=account.person_id,
        name=account.person.name,
        appointments=tuple(
            access.Appointment(
                role=access.Role(row["role"]),
                organization_id=row["organization"],
                organization_path=row["organization__path"],
                area_path=row["organization__area__path"] or "",
                title=f"{row['organization__name']} {row['title']}".strip(),
                former_organizations=tuple(row["organization__former_paths"]),
                former_areas=tuple(row["organization__area__former_paths"] or ()),
            )
            for row in rows
        ),
        keys=frozenset(keys),
    )


def people_with_phone(phone: str, most: int = 20) -> list[Person]:
    """Everybody who left this phone number, found through the blind index; who has proved it stands first."""
    normal = normalize_phone(phone)
    if normal is None:
        return []
    rows = Person.objects.filter(phone_index=blind_index(normal, "phone"))
    return list(rows.order_by("-phone_verified", "pk")[:most])


def phone_login(phone: str) -> str:
    """The login name of whoever registered with a telephone (in its one form): a digest, since the number is personal.

    Login names are unique, and so a telephone registers once.
    """
    return f"phone-{blind_index(phone, 'login')[:40]}"


def is_phone_login(login: str) -> bool:
    """Whether a login name is that of somebody who registered with a telephone."""
    return login.startswith("phone-")


def account_by_phone(phone: str) -> Account | None:
    """The account that was registered with a telephone (in its one form)."""
    return Account.objects.filter(login=phone_login(phone), is_active=True).first()


def account_by_login(typed: str, *, active_only: bool = True) -> tuple[str, Account | None]:
    """The login name that somebody means, and its account; whoever registered with a telephone types that."""
    normal = normalize_phone(typed)
    names = [typed, phone_login(normal)] if normal else [typed]
    rows = Account.objects.select_related("person").filter(login__in=names)
    found = {row.login: row for row in (rows.filter(is_active=True) if active_only else rows)}
    name = next((each for each in names if each in found), names[-1])
    return name, found.get(name)


def sign_on_index(issuer: str, identifier: str) -> str:
    """A keyed digest of how an issuer calls somebody; empty for nobody."""
    return blind_index(f"{issuer}\x00{identifier}", "sign_on") if identifier else ""


def account_by_sign_on(issuer: str, identifier: str) -> Account | None:
    """The account that an administrator has linked to somebody of a single sign-on."""
    index = sign_on_index(issuer, identifier)
    rows = Account.objects.select_related("person").filter(sign_on_index=index, is_active=True)
    return rows.first() if index else None


def has_account(person: Person) -> bool:
    """Whether the person can sign in."""
    return Account.objects.filter(person=person).exists()


def holds_office(person: Person, now: datetime) -> bool:
    """Whether an appointment of the person goes on, or is to come."""
    goes_on = Q(ends__isnull=True) | Q(ends__gte=local_day(now))
    return Appointment.objects.filter(goes_on, person=person).exists()


def clerks_of(organization: Organization, now: datetime) -> list[Person]:
    """Who handles matters at an organization today."""
    rows = Appointment.objects.filter(in_force(now), organization=organization, role=access.Role.CLERK)
    return list(Person.objects.filter(appointments__in=rows).distinct().order_by("pk"))


def absent_whom(actor: access.Actor, now: datetime) -> list[UUID]:
    """The people for whom the actor deputizes today (AB 角)."""
    if actor.person is None:
        return []
    today = local_day(now)
    away = Q(away_from__lte=today) & (Q(away_to__isnull=True) | Q(away_to__gte=today))
    rows = Appointment.objects.filter(in_force(now) & away, deputy=actor.person)
    return list(rows.values_list("person_id", flat=True).distinct())


@dataclass(frozen=True)
class MaskedMember:
    """Somebody who lives in a household, as lists show them."""

    name: str
    resident_number: str
    phone: str


@dataclass(frozen=True)
class MaskedHousehold:
    """A household as lists show it."""

    id: int
    community: str
    address: str
    entered_on: date
    members: tuple[MaskedMember, ...]


def households(community: Unit | None = None) -> Iterator[MaskedHousehold]:
    """The households that live in a community, or in all of them, in the order of the communities."""
    living = Person.objects.filter(household=OuterRef("pk"))  # those who move on leave an empty household behind
    rows = Household.objects.filter(Exists(living), left_on__isnull=True).select_related("dwelling__community")
    if community is not None:
        rows = rows.filter(dwelling__community=community)
    rows = rows.prefetch_related("person_set").order_by("dwelling__community__code", "pk")
    for row in rows.iterator(500):
        address = row.dwelling.address
        yield MaskedHousehold(
            row.pk,
            row.dwelling.community.name,
            mask(address, [Finding(0, len(address), Kind.ADDRESS)]),
            row.entered_on,
            tuple(
                MaskedMember(mask_name(each.name), mask_resident_number(each.resident_number), mask_phone(each.phone))
                for each in row.person_set.all()
            ),
        )


def local_day(now: datetime) -> date:
    """The day in the district."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def in_force(now: datetime) -> Q:
    """Appointments that hold today."""
    today = local_day(now)
    return Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gte=today))

"""Reads of people. Personal fields leave this module masked, or through `unmask` which keeps a record."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from linli.ground.organizations.models import Organization
from linli.ground.people.encryption import blind_index
from linli.ground.people.models import Account, Appointment, Person
from linli.kernel import access
from linli.kernel.identity import normalize_phone


def actor_of(account: Account, now: datetime, *, keys: Iterable[int] = ()) -> access.Actor:
    """The actor that an account is today: own appointments, and those of the absent it deputizes for."""
    today = _today(now)
    valid = Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gte=today))
    away = Q(away_from__lte=today) & (Q(away_to__isnull=True) | Q(away_to__gte=today))
    rows = (
        Appointment.objects.filter(valid & (Q(person=account.person_id) | (Q(deputy=account.person_id) & away)))
        .select_related("organization__area")
        .order_by("id")
    )
    return access.Actor(
        account=account.pk,
        person=account.person_id,
        name=account.person.name,
        appointments=tuple(
            access.Appointment(
                role=access.Role(row.role),
                organization_id=row.organization_id,
                organization_path=row.organization.path,
                area_path=row.organization.area.path if row.organization.area else "",
                title=f"{row.organization.name} {row.title}".strip(),
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


def account_by_phone(phone: str) -> Account | None:
    """The account that was registered with a telephone (in its one form)."""
    return Account.objects.filter(login=phone_login(phone), is_active=True).first()


def account_by_login(typed: str) -> tuple[str, Account | None]:
    """The login name that somebody means, and its account; whoever registered with a telephone types that."""
    normal = normalize_phone(typed)
    names = [typed, phone_login(normal)] if normal else [typed]
    found = {row.login: row for row in Account.objects.select_related("person").filter(login__in=names, is_active=True)}
    name = next((each for each in names if each in found), names[-1])
    return name, found.get(name)


def has_account(person: Person) -> bool:
    """Whether the person can sign in."""
    return Account.objects.filter(person=person).exists()


def clerks_of(organization: Organization, now: datetime) -> list[Person]:
    """Who handles matters at an organization today."""
    rows = Appointment.objects.filter(_valid(now), organization=organization, role=access.Role.CLERK)
    return list(Person.objects.filter(appointments__in=rows).distinct().order_by("pk"))


def absent_whom(actor: access.Actor, now: datetime) -> list[UUID]:
    """The people for whom the actor deputizes today (AB 角)."""
    if actor.person is None:
        return []
    today = _today(now)
    away = Q(away_from__lte=today) & (Q(away_to__isnull=True) | Q(away_to__gte=today))
    rows = Appointment.objects.filter(_valid(now) & away, deputy=actor.person)
    return list(rows.values_list("person_id", flat=True).distinct())


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _valid(now: datetime) -> Q:
    today = _today(now)
    return Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gte=today))

"""Reads of people. Personal fields leave this module masked, or through `unmask` which keeps a record."""

from collections.abc import Iterable
from datetime import datetime
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
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
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


def person_by_phone(phone: str) -> Person | None:
    """The person known by a phone number, found through the blind index."""
    normal = normalize_phone(phone)
    if normal is None:
        return None
    return Person.objects.filter(phone_index=blind_index(normal, "phone")).order_by("pk").first()


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


def colleagues(actor: access.Actor, now: datetime) -> list[Person]:
    """People appointed as clerks today in the organizations where the actor is appointed."""
    organizations = [appointment.organization_id for appointment in actor.appointments]
    rows = Appointment.objects.filter(_valid(now), organization__in=organizations, role=access.Role.CLERK)
    return list(Person.objects.filter(appointments__in=rows).distinct().order_by("pk"))


def staff_of(organization: Organization, now: datetime) -> list[UUID]:
    """Everyone appointed to an organization today."""
    rows = Appointment.objects.filter(_valid(now), organization=organization)
    return list(rows.values_list("person_id", flat=True).distinct())


def _valid(now: datetime) -> Q:
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gte=today))

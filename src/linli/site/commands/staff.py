"""Commands: the people in the offices, their absences and passwords."""

from dataclasses import dataclass
from datetime import datetime

import click
from django.conf import settings
from django.db import transaction

from linli.ground.matters.clocks import local_day
from linli.ground.organizations.models import Organization
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.end_appointment import end_appointment
from linli.ground.people.actions.link_sign_on import AlreadyLinked, link_sign_on
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.report_absence import report_absence
from linli.ground.people.actions.reset_second_factor import reset_second_factor
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Account, Appointment
from linli.ground.people.rules.passwords import fresh_password
from linli.kernel.access import STAFF_ROLES, SYSTEM, Role
from linli.site.commands.reporting import report, with_json

DAY = click.DateTime(formats=["%Y-%m-%d"])


@dataclass(frozen=True)
class Appointed:
    """A person appointed; the password is shown once, and only when the account is new."""

    login: str
    role: str
    organization: str
    password: str


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(staff)


@click.group()
def staff() -> None:
    """The people who work in the offices."""


@staff.command()
@click.argument("login")
@click.argument("name")
@click.argument("role", type=click.Choice([str(role) for role in STAFF_ROLES]))
@click.argument("organization")
@with_json
def appoint(*, login: str, name: str, role: str, organization: str, as_json: bool) -> None:
    """Appoint NAME, who signs in as LOGIN, to ROLE at ORGANIZATION (its full name); opens the account if it is new."""
    office = Organization.objects.filter(name=organization, active=True).first()
    if office is None:
        raise click.ClickException(
            f"no office is called {organization}; names are those of `linli organizations found`"
        )
    now = settings.LINLI_CLOCK.now()
    try:
        password = _appoint(login, name, Role(role), office, now)
    except ValueError as error:
        raise click.ClickException(f"not possible: {error}") from error
    done = Appointed(login, role, office.name, password)
    words = f"{login} is {role} at {office.name}" + (f"; password {password}" if password else "")
    report(done, as_json=as_json, lines=lambda: [words])


@staff.command()
@click.argument("login")
@click.argument("away_from", type=DAY)
@click.argument("away_to", type=DAY)
@click.argument("deputy")
@with_json
def away(*, login: str, away_from: datetime, away_to: datetime, deputy: str, as_json: bool) -> None:
    """LOGIN is away from AWAY_FROM to AWAY_TO, both included; the person who signs in as DEPUTY acts meanwhile."""
    stand_in = _account(deputy)
    now = settings.LINLI_CLOCK.now()
    rows = _appointments(login, now)
    for row in rows:
        try:
            report_absence(
                row,
                away_from=away_from.date(),
                away_to=away_to.date(),
                deputy=stand_in.person,
                actor=SYSTEM,
                now=now,
            )
        except ValueError as error:
            raise click.ClickException(f"not possible: check {error}") from error
    words = f"{deputy} stands in for {login} in {len(rows)} offices"
    report({"login": login, "deputy": deputy, "offices": len(rows)}, as_json=as_json, lines=lambda: [words])


@staff.command()
@click.argument("login")
@click.argument("last_day", type=DAY)
@with_json
def end(*, login: str, last_day: datetime, as_json: bool) -> None:
    """End every appointment of LOGIN after LAST_DAY. What they handle stays with their unit."""
    now = settings.LINLI_CLOCK.now()
    rows = _appointments(login, now)
    for row in rows:
        try:
            end_appointment(row, last_day.date(), actor=SYSTEM, now=now)
        except ValueError as error:
            raise click.ClickException(f"not possible: check {error}") from error
    words = f"{len(rows)} appointments of {login} end after {last_day:%Y-%m-%d}"
    report({"login": login, "ended": len(rows)}, as_json=as_json, lines=lambda: [words])


@staff.command()
@click.argument("login")
@with_json
def password(*, login: str, as_json: bool) -> None:
    """Give LOGIN a new password, printed once, and lift a lock."""
    fresh = fresh_password()
    set_password(_account(login), fresh, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    words = f"{login}: password {fresh}"
    report({"login": login, "password": fresh}, as_json=as_json, lines=lambda: [words])


@transaction.atomic
def _appoint(login: str, name: str, role: Role, office: Organization, now: datetime) -> str:
    """Returns the password of a new account; refused, it leaves no account behind."""
    account = Account.objects.select_related("person").filter(login=login).first()
    password = ""
    if account is None:
        password = fresh_password()
        account = open_account(login=login, name=name, actor=SYSTEM, now=now)
        set_password(account, password, actor=SYSTEM, now=now)
    appoint_person(account.person, office, role, starts=local_day(now), actor=SYSTEM, now=now)
    return password


@staff.command("reset")
@click.argument("login")
@click.argument("why")
@with_json
def reset_factor(*, login: str, why: str, as_json: bool) -> None:
    """Take a lost second factor off LOGIN, for the reason WHY: for when no security administrator can."""
    reset_second_factor(_account(login), why=why, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    report({"login": login}, as_json=as_json, lines=lambda: [f"{login} adds a new second factor at the next sign-in"])


@staff.command()
@click.argument("login")
@click.argument("identifier")
@click.argument("why")
@with_json
def link(*, login: str, identifier: str, why: str, as_json: bool) -> None:
    """Link LOGIN to whom the single sign-on (LINLI_OIDC_ISSUER) calls IDENTIFIER; "" takes the link away."""
    if not settings.OIDC_ISSUER:
        raise click.ClickException("there is no single sign-on; set LINLI_OIDC_ISSUER first")
    given = {"issuer": settings.OIDC_ISSUER, "identifier": identifier, "why": why}
    try:
        link_sign_on(_account(login), actor=SYSTEM, now=settings.LINLI_CLOCK.now(), **given)
    except AlreadyLinked as error:
        raise click.ClickException("another account is linked to that identifier") from error
    report({"login": login, "linked": bool(identifier)}, as_json=as_json, lines=lambda: [f"{login} is linked"])


def _account(login: str) -> Account:
    account = Account.objects.select_related("person").filter(login=login, is_active=True).first()
    if account is None:
        raise click.ClickException(f"nobody signs in as {login}")
    return account


def _appointments(login: str, now: datetime) -> list[Appointment]:
    rows = Appointment.objects.filter(person=_account(login).person_id).exclude(ends__lt=local_day(now))
    found = list(rows.order_by("id"))
    if not found:
        raise click.ClickException(f"{login} holds no office")
    return found

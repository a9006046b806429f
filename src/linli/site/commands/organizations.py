"""Commands: the offices of a district and the people in them."""

import secrets
from dataclasses import dataclass

import click
from django.conf import settings

from linli.ground.matters.clocks import local_day
from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.actions.found_offices import found_offices
from linli.ground.organizations.models import Kind, Organization
from linli.ground.people.actions.appoint_person import appoint_person
from linli.ground.people.actions.open_account import open_account
from linli.ground.people.actions.set_password import set_password
from linli.ground.people.models import Account
from linli.ground.territory.facade import district
from linli.kernel.access import STAFF_ROLES, SYSTEM, Role
from linli.site.commands.reporting import report, with_json


@dataclass(frozen=True)
class Appointed:
    """A person appointed; the password is shown once, and only when the account is new."""

    login: str
    role: str
    organization: str
    password: str


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(organizations)
    group.add_command(staff)


@click.group()
def organizations() -> None:
    """The offices of the district."""


@organizations.command()
@with_json
def found(*, as_json: bool) -> None:
    """Establish the centre, each street's office and five units, and each residents' committee that is missing."""
    added = found_offices(actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    report({"added": added}, as_json=as_json, lines=lambda: [f"{added} offices established"])


@organizations.command("department")
@click.argument("name")
@with_json
def add_department(*, name: str, as_json: bool) -> None:
    """Establish a department of the district."""
    top = Organization.objects.filter(kind=Kind.DISTRICT).first()
    if top is None:
        raise click.ClickException("there are no offices yet: run `linli organizations found` first")
    if Organization.objects.filter(kind=Kind.DEPARTMENT, name=name).exists():
        raise click.ClickException(f"{name} is there already")
    now = settings.LINLI_CLOCK.now()
    row = establish_organization(name=name, kind=Kind.DEPARTMENT, area=district(), parent=top, actor=SYSTEM, now=now)
    report({"id": row.pk, "name": name}, as_json=as_json, lines=lambda: [f"{name} established"])


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
    account = Account.objects.select_related("person").filter(login=login).first()
    password = ""
    if account is None:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        account = open_account(login=login, name=name, actor=SYSTEM, now=now)
        set_password(account, password, actor=SYSTEM, now=now)
    appoint_person(account.person, office, Role(role), starts=local_day(now), actor=SYSTEM, now=now)
    done = Appointed(login, role, office.name, password)
    words = f"{login} is {role} at {office.name}" + (f"; password {password}" if password else "")
    report(done, as_json=as_json, lines=lambda: [words])

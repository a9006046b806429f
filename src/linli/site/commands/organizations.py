"""Commands: the offices of a district."""

import click
from django.conf import settings

from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.actions.found_offices import found_offices
from linli.ground.organizations.models import Kind, Organization
from linli.ground.territory.facade import district
from linli.kernel.access import SYSTEM
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(organizations)


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

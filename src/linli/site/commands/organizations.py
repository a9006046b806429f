"""Commands: the offices of a district."""

import click
from django.conf import settings
from django.core.exceptions import ValidationError

from linli.ground.organizations.actions.change_phone import change_phone
from linli.ground.organizations.actions.close_organization import StillNeeded, close_organization
from linli.ground.organizations.actions.establish_organization import establish_organization
from linli.ground.organizations.actions.found_offices import found_offices
from linli.ground.organizations.models import Kind, Organization
from linli.ground.organizations.selectors import directory
from linli.ground.territory.facade import Unit, by_code, district
from linli.kernel.access import SYSTEM
from linli.kernel.identity import canonical_code
from linli.site.commands.reporting import report, with_json

# What the model does not found by itself.
OF_THEIR_OWN = (Kind.DEPARTMENT, Kind.PARTY, Kind.SOCIAL, Kind.RESIDENT_UNIT)


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


@organizations.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice([str(each.value) for each in OF_THEIR_OWN]), required=True)
@click.option("--under", default="", help="Full name of the organization above it; by default the district.")
@click.option("--area", default="", help="Code of the street or community that it serves; by default the district.")
@click.option("--uscc", default="", help="Unified social credit code (统一社会信用代码), 18 characters.")
@click.option("--phone", default="")
@with_json
def add(*, name: str, kind: str, under: str, area: str, uscc: str, phone: str, as_json: bool) -> None:
    """Establish a department, a party or social organization, or a resident unit. The other offices are `found`."""
    above = _organization(under) if under else Organization.objects.filter(kind=Kind.DISTRICT).first()
    if above is None:
        raise click.ClickException("there are no offices yet: run `linli organizations found` first")
    if Organization.objects.filter(name=name, active=True).exists():
        raise click.ClickException(f"{name} is there already")
    try:
        served = by_code(area) if area else district()
        if served.valid_to is not None:
            raise click.ClickException(f"{served.name} has ended; name the unit that came after it")
        row = establish_organization(
            name=name, kind=Kind(kind), area=served, parent=above, uscc=canonical_code(uscc), phone=phone,
            actor=SYSTEM, now=settings.LINLI_CLOCK.now(),
        )  # fmt: skip
    except Unit.DoesNotExist as error:
        raise click.ClickException(f"no street or community has the code {area}") from error
    except ValidationError as error:
        raise click.ClickException("; ".join(error.messages)) from error
    report({"id": row.pk, "name": name}, as_json=as_json, lines=lambda: [f"{name} established"])


@organizations.command("phone")
@click.argument("name")
@click.argument("number")
@with_json
def phone(*, name: str, number: str, as_json: bool) -> None:
    """Give the organization NAME the telephone NUMBER. The district centre's stands at the foot of every page."""
    row = _organization(name)
    try:
        change_phone(row, phone=number, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    except ValidationError as error:
        raise click.ClickException("; ".join(error.messages)) from error
    report({"id": row.pk, "name": name, "phone": row.phone}, as_json=as_json, lines=lambda: [f"{name}: {row.phone}"])


@organizations.command("close")
@click.argument("name")
@with_json
def close(*, name: str, as_json: bool) -> None:
    """Close the organization called NAME: it takes on nothing more; what it holds stays until handed over."""
    row = _organization(name)
    try:
        close_organization(row, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    except StillNeeded as needed:
        raise click.ClickException(f"{needed.below} organizations stand below {name}; close them first") from needed
    report({"id": row.pk, "name": name}, as_json=as_json, lines=lambda: [f"{name} closed"])


@organizations.command("list")
@click.option("--kind", type=click.Choice([str(each.value) for each in Kind]), default="")
@with_json
def show(*, kind: str, as_json: bool) -> None:
    """Every organization in the order of the tree."""
    rows = directory().filter(kind=kind) if kind else directory()
    found = [
        {"id": row.pk, "name": row.name, "kind": row.kind, "area": row.area.name if row.area else "", "uscc": row.uscc}
        for row in rows
    ]
    lines = [f"{'  ' * (row.depth - 1)}{row.name}  ({row.kind})" for row in rows]
    report(found, as_json=as_json, lines=lambda: lines)


def _organization(name: str) -> Organization:
    row: Organization | None = Organization.objects.filter(name=name, active=True).first()
    if row is None:
        raise click.ClickException(f"no organization is called {name}; see `linli organizations list`")
    return row

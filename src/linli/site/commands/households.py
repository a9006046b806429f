"""Commands: who lives where."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from linli.ground.people.actions.import_households import import_households
from linli.ground.people.importing_households import HouseholdsPreview, preview_households
from linli.ground.people.selectors import MaskedHousehold
from linli.ground.people.selectors import households as masked_households
from linli.ground.territory.facade import Level, Unit, by_code
from linli.kernel.access import SYSTEM
from linli.site.commands.reporting import report, with_json

SHOWN_FAULTS = 200


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(households)


@click.group()
def households() -> None:
    """Dwellings and who lives in them."""


@households.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", "only_preview", is_flag=True, help="Tell what would happen; write nothing.")
@with_json
def import_file(file: Path, *, only_preview: bool, as_json: bool) -> None:
    """Import households from an .xlsx file, one row for each person: whole, or not at all.

    Columns: 社区 (full name or code), 地址, 入住日期, 姓名; optional 公民身份号码, 电话, and 户号 where several
    households share an address. Households that an earlier import has entered are counted and left as they are.
    """
    preview = preview_households(file.read_bytes())
    if only_preview or preview.faults:
        content: dict[str, Any] = {
            "columns": preview.columns,
            "households": len(preview.households),
            "members": sum(len(each.members) for each in preview.households),
            "known": preview.known,
            "faults": preview.faults,
        }
        report(content, as_json=as_json, lines=lambda: _preview_lines(content, preview))
        if preview.faults:
            raise click.exceptions.Exit(1)
        return
    done = import_households(preview, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    line = f"{done.households} households with {done.members} members entered, {done.known} known already"
    report(asdict(done), as_json=as_json, lines=lambda: [line])


@households.command("list")
@click.option("--community", default="", help="Code of the community; by default all of them.")
@with_json
def show(*, community: str, as_json: bool) -> None:
    """The households that live here now, personal details masked."""
    try:
        place = by_code(community) if community else None
    except Unit.DoesNotExist as error:
        raise click.ClickException(f"no community has the code {community}") from error
    if place is not None and place.level != Level.COMMUNITY:
        raise click.ClickException(f"{place.name} is no community")
    found = list(masked_households(place))
    report(found, as_json=as_json, lines=lambda: [_line(each) for each in found])


def _preview_lines(content: dict[str, Any], preview: HouseholdsPreview) -> list[str]:
    lines = [f"Columns: {', '.join(preview.columns)}"] if preview.columns else []
    if not preview.faults:
        lines.append("Households: {households}, members: {members}, known already: {known}".format(**content))
    lines += [
        f"Row {fault.row}, {fault.column}: {fault.problem} → {fault.remedy}" for fault in preview.faults[:SHOWN_FAULTS]
    ]
    more = len(preview.faults) - SHOWN_FAULTS
    return [*lines, f"… and {more} more (all of them with --json)"] if more > 0 else lines


def _line(household: MaskedHousehold) -> str:
    members = ", ".join(member.name for member in household.members)
    return f"{household.id}  {household.community}  {household.address}  {household.entered_on}  {members}"

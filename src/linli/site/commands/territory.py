"""Commands: the district's division codes and outlines."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from linli.ground.matters.clocks import local_day
from linli.ground.reforms.actions.carry_out_reform import ReformRefused, ReformResult, carry_out_reform
from linli.ground.reforms.figures import matters_as_of
from linli.ground.reforms.previewing import preview_reform
from linli.ground.reforms.reading import UnreadablePlan, read_plan
from linli.ground.reforms.wording import reform_fault_words
from linli.ground.territory.facade import (
    Fault,
    ImportRefused,
    Level,
    TopologyFault,
    TopologyProblem,
    import_territory,
    read_units,
    topology_faults,
    units_as_of,
)
from linli.kernel.access import SYSTEM
from linli.kernel.geodesy import Datum
from linli.site.commands.reporting import report, with_json

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN_FAULTS = 200
SHOWN_CODES = 10

OUTLINE_WORDS = {
    TopologyProblem.OVERLAP: "overlap",
    TopologyProblem.GAP: "is not covered by what is below it",
    TopologyProblem.OUTSIDE_PARENT: "the first reaches out of the second",
    TopologyProblem.NOT_DRAWN: "not drawn",
    TopologyProblem.NOT_VALID: "crosses itself",
}


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(territory)


@click.group()
def territory() -> None:
    """District, streets, communities and grids."""


@territory.command("import")
@click.argument("streets", type=EXISTING_FILE)
@click.argument("communities", type=EXISTING_FILE)
@click.option("--outline", type=EXISTING_FILE, help="GeoJSON with the outlines.")
@click.option(
    "--datum",
    type=click.Choice([each.value.lower() for each in Datum], case_sensitive=False),
    default=Datum.GCJ02.value.lower(),
    show_default=True,
    help="Of the coordinates in the outlines.",
)
@click.option("--name", default="", help="The district's name, if the outlines do not give it.")
@with_json
def import_files(
    *, streets: Path, communities: Path, outline: Path | None, datum: str, name: str, as_json: bool
) -> None:
    """Bring STREETS and COMMUNITIES (CSV) in: whole or not at all; again, to bring them up to date.

    Where outlines overlap or leave gaps is told, and keeps nothing out: a point there belongs to no single unit.
    """
    preview = read_units(streets, communities, outline, Datum(datum.upper()), name=name)
    if preview.faults:
        report({"faults": preview.faults}, as_json=as_json, lines=lambda: _fault_lines(preview.faults))
        raise SystemExit(1)
    try:
        result = import_territory(preview, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    except ImportRefused as error:
        raise click.ClickException(str(error)) from error
    line = (
        f"{preview.plan.district.name}: {result.created} units created, {result.renamed} renamed, "
        f"{result.redrawn} redrawn, {result.unchanged} unchanged"
    )
    outlines = topology_faults()
    report({**asdict(result), "outlines": outlines}, as_json=as_json, lines=lambda: [line, *_outline_lines(outlines)])


@territory.command()
@with_json
def check(*, as_json: bool) -> None:
    """Compare the outlines of each level: a point should lie in exactly one unit. Exit code 1 where it does not."""
    outlines = topology_faults()
    lines = _outline_lines(outlines)
    report({"outlines": outlines}, as_json=as_json, lines=lambda: lines or ["every outline fits"])
    raise SystemExit(1 if lines else 0)


@territory.command()
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help="Any day; by default today.")
@with_json
def show(*, day: datetime | None, as_json: bool) -> None:
    """Every unit of a day with its households and how many matters had been opened there by then."""
    asked = day.date() if day else local_day(settings.LINLI_CLOCK.now())
    matters = matters_as_of(asked)
    found = [
        {
            "code": unit.place.code,
            "name": unit.place.name,
            "level": unit.place.level.value,
            "households": unit.households,
            "matters": matters[unit.place.code],
        }
        for unit in units_as_of(asked)
    ]
    report(found, as_json=as_json, lines=lambda: ["  ".join(str(value) for value in row.values()) for row in found])


@territory.command()
@click.argument("file", type=EXISTING_FILE)
@click.option("--preview", "mode", flag_value="preview", help="Say what would move; write nothing.")
@click.option("--confirm", "mode", flag_value="confirm", help="Carry it out, on its day, whole.")
@with_json
def change(*, file: Path, mode: str | None, as_json: bool) -> None:
    """Merge, split, renumber or move communities, grids and offices as FILE (JSON) says; see docs/operations.md.

    Homes, appointments and open matters follow, each matter by a record row of its own; deadlines stay.
    """
    if mode is None:
        raise click.UsageError("say --preview or --confirm")
    now = settings.LINLI_CLOCK.now()
    try:
        plan = read_plan(file)
        carry_out = carry_out_reform if mode == "confirm" else preview_reform
        result = carry_out(plan, actor=SYSTEM, now=now)
    except UnreadablePlan as error:
        problems = [str(each) for each in error.problems]
        report({"faults": problems}, as_json=as_json, lines=lambda: problems)
        raise SystemExit(1) from error
    except ReformRefused as refusal:
        words = [reform_fault_words(fault) for fault in refusal.faults]
        report({"faults": words}, as_json=as_json, lines=lambda: words)
        raise SystemExit(1) from refusal
    report(result, as_json=as_json, lines=lambda: _reform_lines(result, confirmed=mode == "confirm"))


def _reform_lines(result: ReformResult, *, confirmed: bool) -> list[str]:
    moved = ", ".join(f"{count} open {kind}s" for kind, count in result.matters.items())
    line = (
        f"{'carried out' if confirmed else 'would be carried out'}: {result.units} units and {result.offices} offices "
        f"take over; {result.homes} homes, {result.appointments} appointments and {moved} move"
    )
    return [line] if confirmed else [line, "nothing was written; --confirm carries it out on its day"]


def _fault_lines(faults: tuple[Fault, ...]) -> list[str]:
    lines = [
        f"{each.file}:{each.row} {each.column}: {each.problem}（{each.remedy}）".replace(" :", ":")
        for each in faults[:SHOWN_FAULTS]
    ]
    more = len(faults) - len(lines)
    return [*lines, f"… {more} more"] if more > 0 else lines


def _outline_lines(outlines: dict[Level, tuple[TopologyFault, ...]]) -> list[str]:
    lines = [f"outlines, {level}: {_outline_words(fault)}" for level, faults in outlines.items() for fault in faults]
    more = len(lines) - SHOWN_FAULTS
    return [*lines[:SHOWN_FAULTS], f"… {more} more (all of them with --json)"] if more > 0 else lines


def _outline_words(fault: TopologyFault) -> str:
    codes = ", ".join(fault.codes[:SHOWN_CODES])
    more = f" and {len(fault.codes) - SHOWN_CODES} more" if len(fault.codes) > SHOWN_CODES else ""
    where = f" ({fault.area_m2:,.1f} m², at {fault.longitude:.6f}, {fault.latitude:.6f})" if fault.longitude else ""
    return f"{codes}{more}: {OUTLINE_WORDS[fault.problem]}{where}"

"""Commands: the calendar of working days."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import click
from django.conf import settings

from linli.ground.matters.calendars import (
    CalendarPreview,
    CalendarRefused,
    calendar_year,
    load_calendar,
    preview_calendar,
)
from linli.kernel.access import SYSTEM
from linli.kernel.workdays import YearTable
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(calendar)


@click.group()
def calendar() -> None:
    """Working days, rest days and make-up days."""


@calendar.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", "only_preview", is_flag=True, help="Tell what would change; write nothing.")
@with_json
def load(*, file: Path, only_preview: bool, as_json: bool) -> None:
    """Put a year's table (TOML) in force and compute every open clock that reaches into the year again."""
    try:
        text = file.read_text("utf-8")
        preview = preview_calendar(text)
        lines = _preview_lines(preview)
        if only_preview:
            report(preview, as_json=as_json, lines=lambda: lines)
            return
        loaded = load_calendar(text, actor=SYSTEM, now=settings.LINLI_CLOCK.now())
    except (CalendarRefused, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    lines.append(f"loaded: {loaded.moved} due dates moved, {loaded.confirmed} are provisional no longer")
    report(loaded, as_json=as_json, lines=lambda: lines)


@calendar.command()
@click.argument("year", type=int)
@with_json
def show(*, year: int, as_json: bool) -> None:
    """Show the table in force for YEAR and where it comes from."""
    try:
        table, loaded_at = calendar_year(year)
    except LookupError as error:
        raise click.ClickException(f"no table for {year}: load one with `linli calendar load FILE`") from error
    days = _working_days(table)
    content = asdict(table) | {"off": sorted(table.off), "work": sorted(table.work)}
    report(
        content | {"loaded_at": loaded_at, "working_days": days},
        as_json=as_json,
        lines=lambda: [
            f"{year}: {table.status}, {table.source}",
            f"in force: {f'loaded {loaded_at:%Y-%m-%d %H:%M}' if loaded_at else 'shipped with the program'}",
            f"working days: {days}",
            f"rest days: {_listed(table.off)}",
            f"make-up working days: {_listed(table.work)}",
        ],
    )


def _preview_lines(preview: CalendarPreview) -> list[str]:
    before = preview.before.status if preview.before else "no table"
    return [
        f"{preview.table.year}: {before} → {preview.table.status}, {preview.table.source}",
        f"becomes a rest day: {_listed(preview.now_off)}",
        f"becomes a working day: {_listed(preview.now_worked)}",
        f"open matters whose period reaches into {preview.table.year}: {preview.matters}",
    ]


def _listed(days: frozenset[date] | tuple[date, ...]) -> str:
    return ", ".join(f"{day:%m-%d}" for day in sorted(days)) or "none"


def _working_days(table: YearTable) -> int:
    first = date(table.year, 1, 1)
    length = (date(table.year + 1, 1, 1) - first).days
    return sum(table.is_workday(first + timedelta(days=each)) for each in range(length))

"""Commands: demands from other systems."""

import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from linli.ground.matters.action import Refused
from linli.ground.record.following import follow_all
from linli.ground.record.log import checkpoint, seal
from linli.kernel.access import SYSTEM
from linli.services.cases.importing import (
    ImportPreview,
    Progress,
    confirm_import,
    continue_import,
    preview_upload,
    upload_import,
)
from linli.services.cases.importing_words import refusal_words
from linli.services.cases.models import CaseImport
from linli.services.cases.rules.imported import HEADINGS
from linli.services.cases.rules.vocabulary import Channel
from linli.site.commands.reporting import report, with_json

SHOWN_FAULTS = 200


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    file: str
    rows: int
    written: int
    repeated: int
    open: int
    closed: int
    answered_elsewhere: int
    median_days: float | None
    seconds: float
    phases: dict[str, float]


class Phases:
    """Seconds spent in each part of a command."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self.seconds: dict[str, float] = {}

    def end(self, name: str) -> None:
        """A part is over."""
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 2)
        self._last = now

    @property
    def total(self) -> float:
        """Seconds since the beginning."""
        return round(self._last - self._started, 2)


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(cases)


@click.group()
def cases() -> None:
    """Demands (诉求) from other systems."""


@cases.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", "only_preview", is_flag=True, help="Tell what would happen; write nothing.")
@click.option(
    "--channel",
    type=click.Choice([each.value for each in Channel]),
    default=Channel.PLATFORM.value,
    show_default=True,
    help="Where the numbers come from; a number is taken over once per channel.",
)
@click.option(
    "--column",
    "chosen",
    multiple=True,
    metavar="FIELD=HEADING",
    help=f"The heading of a field, where it is not a usual one. Fields: {', '.join(HEADINGS)}.",
)
@with_json
def import_cases(file: Path, channel: str, chosen: tuple[str, ...], *, only_preview: bool, as_json: bool) -> None:
    """Import demands from an .xlsx file: whole, or not at all.

    Rows that the channel has delivered before are counted and left as they are.
    """
    columns = _columns(chosen)
    now: datetime = settings.LINLI_CLOCK.now()
    phases = Phases()
    content = file.read_bytes()
    preview = preview_upload(content, channel=Channel(channel), columns=columns, now=now)
    phases.end("preview")
    if only_preview or not preview.can_be_confirmed:
        report(preview, as_json=as_json, lines=lambda: preview_lines(preview))
        if not preview.can_be_confirmed:
            raise click.exceptions.Exit(1)
        return
    progress = Progress(preview.rows, 0, preview.already_known, released=True)
    if preview.new:
        progress = _import(file.name, content, channel=Channel(channel), columns=columns, now=now, phases=phases)
    done = ImportReport(
        file=file.name,
        rows=progress.rows,
        written=progress.written,
        repeated=progress.repeated,
        open=preview.open,
        closed=preview.closed,
        answered_elsewhere=preview.answered_elsewhere,
        median_days=preview.median_days,
        seconds=phases.total,
        phases=phases.seconds,
    )
    report(done, as_json=as_json, lines=lambda: report_lines(done))


def _import(
    file_name: str, content: bytes, *, channel: Channel, columns: dict[str, str], now: datetime, phases: Phases
) -> Progress:
    """Upload, confirm and do the worker's part here; a worker that runs at the same time shares the work."""
    try:
        source = upload_import(file_name, content, channel=channel, columns=columns, actor=SYSTEM, now=now)
        source = confirm_import(source, actor=SYSTEM, now=now)
    except Refused as refusal:
        raise click.ClickException(
            "; ".join(refusal_words(each.code, each.values) for each in refusal.blockers)
        ) from refusal
    phases.end("upload")
    progress = _write(source, now)
    phases.end("write")
    while seal():
        pass
    checkpoint(settings.LINLI_CLOCK.now(), at_once=True)
    phases.end("seal")
    while follow_all():
        pass
    phases.end("index")
    return progress


def _write(source: CaseImport, now: datetime) -> Progress:
    with click.progressbar(length=source.rows, label="Writing", file=sys.stderr) as bar:

        def show(progress: Progress) -> None:
            bar.update(progress.done - bar.pos)

        progress = continue_import(source.pk, now, after_batch=show)
    if progress.problem:
        raise click.ClickException(refusal_words(progress.problem))
    return progress


def _columns(chosen: tuple[str, ...]) -> dict[str, str]:
    columns = {field: heading for field, _, heading in (each.partition("=") for each in chosen)}
    unknown = [field for field, heading in columns.items() if field not in HEADINGS or not heading]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: write FIELD=HEADING, with one of {', '.join(HEADINGS)}")
    return columns


def preview_lines(preview: ImportPreview) -> list[str]:
    """A preview for people."""
    lines = [f"  {field:<12} {heading}" for field, heading in preview.columns.items()]
    lines = ["Columns:", *lines] if lines else []
    if preview.unused:
        lines.append(f"Not used: {', '.join(preview.unused)}")
    if preview.rows:
        lines += [
            f"Rows: {preview.rows}, good {preview.good}, bad {preview.bad}",
            f"Open: {preview.open}, answered: {preview.closed}",
            f"Known already: {preview.already_known}, new: {preview.new}",
        ]
    if preview.median_days is not None:
        lines.append(f"Median days to answer: {preview.median_days}")
    if preview.answered_elsewhere:
        lines.append(f"Open here, answered in this file, left as they are: {preview.answered_elsewhere}")
    lines += [
        f"Row {fault.row}, {fault.column}: {fault.problem} {fault.value!r} → {fault.remedy}"
        for fault in preview.faults[:SHOWN_FAULTS]
    ]
    if len(preview.faults) > SHOWN_FAULTS:
        lines.append(f"… and {len(preview.faults) - SHOWN_FAULTS} more (all of them with --json)")
    if preview.refusal:
        lines.append(preview.refusal_words())
    return lines


def report_lines(done: ImportReport) -> list[str]:
    """An import for people."""
    lines: list[Any] = [
        f"{done.file}: {done.rows} rows in {done.seconds} s",
        f"Written: {done.written}, known already: {done.repeated}",
        f"Open: {done.open}, answered: {done.closed}",
    ]
    if done.median_days is not None:
        lines.append(f"Median days to answer: {done.median_days}")
    if done.answered_elsewhere:
        lines.append(f"Open here, answered in this file, left as they are: {done.answered_elsewhere}")
    lines.append("Seconds: " + ", ".join(f"{name} {seconds}" for name, seconds in done.phases.items()))
    return lines

"""Commands: installation."""

import sys
from pathlib import Path

import click
from django.conf import settings

from linli.ground.files.storage import StorageSilent
from linli.ground.record.alone import UnderWay
from linli.ground.record.keys import KeysMissing
from linli.site.archives import BackupRefused
from linli.site.backups import back_up
from linli.site.commands.record import verified_lines
from linli.site.commands.reporting import report, with_json
from linli.site.marks import HALF_RESTORED, standing_mark
from linli.site.readiness import Finding, readiness
from linli.site.restoring import Restored, finish_restore, restore_archive

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(backup)
    group.add_command(restore)
    group.add_command(check)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keys-separately",
    "keys_file",
    type=NEW_FILE,
    help="Write the keys to this archive instead, kept elsewhere: the other alone gives no personal data away.",
)
@with_json
def backup(*, target: Path, keys_file: Path | None, as_json: bool) -> None:
    """Write database, files and keys to TARGET: a folder, or a file that ends in .tar.gz."""
    try:
        made = back_up(target, now=settings.LINLI_CLOCK.now(), keys_file=keys_file)
    except (BackupRefused, KeysMissing, StorageSilent) as error:
        raise click.ClickException(str(error)) from error
    line = f"{made.file}: {made.log_size} rows in the log, {made.files} files, {made.bytes:,} bytes"
    report(made, as_json=as_json, lines=lambda: [line, *([f"keys: {made.keys_file}"] if keys_file else [])])


@click.command()
@click.argument("file", type=EXISTING_FILE, required=False)
@click.option("--keys", "keys_archive", type=EXISTING_FILE, help="The archive that --keys-separately wrote.")
@click.option("--replace", is_flag=True, help="Set aside the installation that is here and put this one in its place.")
@with_json
def restore(*, file: Path | None, keys_archive: Path | None, replace: bool, as_json: bool) -> None:
    """Bring an installation back from FILE, then verify its record. Stop all processes first, start them after.

    When a restore was interrupted, nothing else starts until it is finished: `linli restore` without a file.
    """
    if file is None and (keys_archive or replace):
        raise click.UsageError("name the FILE to restore; without one, an interrupted restore is finished as it began")
    try:
        done = _restore(file, keys_archive, replace=replace)
    except BackupRefused as error:
        raise click.ClickException(f"{error} [{error.code}]") from error
    except UnderWay as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error}; {HALF_RESTORED}" if standing_mark() else str(error)) from error
    lines = [f"restored the backup of {done.made_at}: {done.files} files", *verified_lines("record", done.verified)]
    if done.set_aside:
        lines.append(f"what stood here before lies in {done.set_aside}")
    report(done, as_json=as_json, lines=lambda: lines)
    sys.exit(0 if done.verified.whole else 1)


@click.command()
@click.option("--deploy", is_flag=True, help="Ask what a real district needs, too.")
@with_json
def check(*, deploy: bool, as_json: bool) -> None:
    """Tell what this installation lacks, and what to do about it; exit code 1 when something essential does."""
    findings = readiness(settings.LINLI_CLOCK.now(), deploy=deploy)
    report(findings, as_json=as_json, lines=lambda: [_finding_line(each) for each in findings])
    sys.exit(1 if any(each.essential and not each.fulfilled for each in findings) else 0)


def _finding_line(finding: Finding) -> str:
    state = "ok" if finding.fulfilled else ("MISSING" if finding.essential else "advice")
    return f"{state:<8} {finding.code}" + (f": {finding.todo}" if finding.todo else "")


def _restore(file: Path | None, keys_archive: Path | None, *, replace: bool) -> Restored:
    if file is None:
        return finish_restore()
    return restore_archive(file, now=settings.LINLI_CLOCK.now(), keys_archive=keys_archive, replace=replace)

"""Commands: checking, publishing and sealing the record."""

import sys
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from linli.ground.files.storage import StorageSilent
from linli.ground.record.bundle import BundleUnreadable, publish_bundle, verify_bundle
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.receipts import ReceiptCheck, ReceiptUnreadable, verify_receipt
from linli.ground.record.signing import Verified
from linli.ground.record.verifying import verify_database
from linli.site.commands.reporting import report, with_json

FOLDER = click.Path(file_okay=False, path_type=Path)
EXISTING_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(record)


@click.group()
def record() -> None:
    """The append-only record and its public log."""


@record.command()
@click.option("--database", is_flag=True, help="Check the rows of this installation (what happens without options).")
@click.option("--bundle", type=EXISTING_FOLDER, help="Check published files alone.")
@click.option("--key", type=EXISTING_FILE, help="A public key kept from before, to check the published files against.")
@click.option("--earlier", type=EXISTING_FOLDER, help="An earlier publication that the files must continue.")
@click.option("--receipt", metavar="TEXT", help="Check a receipt.")
@with_json
def verify(
    *, database: bool, bundle: Path | None, key: Path | None, earlier: Path | None, receipt: str | None, as_json: bool
) -> None:
    """Check the record; each fault is named with its place, and the exit code is then 1."""
    if bundle is None and (key or earlier):
        raise click.UsageError("--key and --earlier go with --bundle")
    whole: list[bool] = []
    content: dict[str, Any] = {}
    lines: list[str] = []
    if bundle is not None:
        try:
            verified = verify_bundle(bundle, key, earlier)
        except BundleUnreadable as error:
            raise click.ClickException(str(error)) from error
        _add("bundle", verified, content, lines, whole)
    if receipt is not None:
        try:
            check = verify_receipt(receipt)
        except ReceiptUnreadable as error:
            raise click.ClickException("this is not a receipt: characters may have been lost while copying") from error
        content["receipt"] = check
        lines += receipt_lines(check)
        whole.append(check.holds)
    if database or (bundle is None and receipt is None):
        try:
            _add("database", verify_database(), content, lines, whole)
        except StorageSilent as error:
            raise click.ClickException(str(error)) from error
    report({"whole": all(whole), **content}, as_json=as_json, lines=lambda: lines)
    sys.exit(0 if all(whole) else 1)


@record.command()
@click.argument("folder", type=FOLDER)
@with_json
def publish(*, folder: Path, as_json: bool) -> None:
    """Seal, sign a checkpoint and write the public files to FOLDER."""
    _seal_everything()
    rows = publish_bundle(folder, settings.LINLI_CLOCK.now())
    report({"folder": str(folder), "rows": rows}, as_json=as_json, lines=lambda: [f"{rows} rows published in {folder}"])


@record.command("seal")
@with_json
def seal_now(*, as_json: bool) -> None:
    """Place every committed row in the log and sign a checkpoint at once."""
    placed = _seal_everything()
    newest = checkpoint(settings.LINLI_CLOCK.now(), at_once=True)
    size, root = (newest.size, bytes(newest.root).hex()) if newest else (0, "")
    report(
        {"placed": placed, "size": size, "root": root},
        as_json=as_json,
        lines=lambda: [f"{placed} rows placed; the log has {size} rows, root {root}"],
    )


def receipt_lines(check: ReceiptCheck) -> list[str]:
    """What a receipt is worth, in words."""
    answers = [
        ("the signature fits", "the signature does not fit", check.signature_ok),
        ("the record row exists", "the record row is gone", check.row_found),
        ("the row is the one that was promised", "the row is not the one that was promised", check.leaf_matches),
    ]
    lines = [f"receipt {check.receipt.number}: {yes if holds else no}" for yes, no, holds in answers]
    if not check.sealed:
        return [*lines, f"receipt {check.receipt.number}: not under a checkpoint yet"]
    proof = "proven" if check.proof_ok else "NOT proven"
    return [*lines, f"receipt {check.receipt.number}: position {check.position} of {check.size}, {proof}"]


def verified_lines(what: str, verified: Verified) -> list[str]:
    """The outcome of a verification, in words."""
    head = f"{what}: {verified.rows} rows, {verified.checkpoints} checkpoints, {verified.covered} rows under the newest"
    if verified.whole:
        return [f"{head}: whole"]
    return [f"{head}: {len(verified.faults)} faults", *(f"  {each.place}: {each.problem}" for each in verified.faults)]


def _add(what: str, verified: Verified, content: dict[str, Any], lines: list[str], whole: list[bool]) -> None:
    content[what] = verified
    lines += verified_lines(what, verified)
    whole.append(verified.whole)


def _seal_everything() -> int:
    placed = 0
    while rows := seal():
        placed += rows
    return placed

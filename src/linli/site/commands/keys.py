"""Commands: the keys of encrypted columns."""

import click
from django.conf import settings

from linli.ground.people.rotation import ValueUnreadable, drop_old_keys, rotate_keys, versions_in_use
from linli.ground.record.alone import UnderWay
from linli.ground.record.keys import field_keys
from linli.kernel.access import SYSTEM
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(keys)


@click.group()
def keys() -> None:
    """The keys under which personal data is encrypted."""


@keys.command()
@click.option("--drop-old", is_flag=True, help="Make no new key; drop the versions that no value uses any more.")
@with_json
def rotate(*, drop_old: bool, as_json: bool) -> None:
    """Encrypt every personal field under a new key, or go on where an interrupted rotation stopped.

    The old key stays in the ring until `--drop-old`. Make a backup afterwards: older ones keep their own keys.
    """
    now = settings.LINLI_CLOCK.now()
    try:
        rotated = drop_old_keys(actor=SYSTEM, now=now) if drop_old else rotate_keys(actor=SYSTEM, now=now)
    except (UnderWay, ValueUnreadable) as error:
        raise click.ClickException(str(error)) from error
    dropped = ", ".join(map(str, rotated.dropped)) or "none"
    line = f"key version {rotated.version}: {rotated.values} values written; versions dropped: {dropped}"
    report(rotated, as_json=as_json, lines=lambda: [line])


@keys.command("list")
@with_json
def list_keys(*, as_json: bool) -> None:
    """Show the key versions and how many values lie under each."""
    ring, used = field_keys(), versions_in_use()
    rows = [{"version": number, "newest": number == ring.newest, "values": used[number]} for number in ring.versions]
    report(
        rows,
        as_json=as_json,
        lines=lambda: [f"version {each['version']}{' (newest)' * each['newest']}: {each['values']}" for each in rows],
    )

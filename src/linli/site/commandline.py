"""The command line: `.venv/bin/linli`. Every command that reports takes `--json`."""

import os
from importlib import import_module

import click
import django

from linli.site.marks import HALF_RESTORED, standing_mark

GROUPS = (
    "installation",
    "territory",
    "organizations",
    "staff",
    "households",
    "catalogue",
    "cases",
    "record",
    "triage",
    "topics",
    "similarity",
    "retention",
    "calendar",
    "keys",
    "tokens",
    "running",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main_group(context: click.Context) -> None:
    """邻里 Linli: the software of a district's community governance."""
    if context.invoked_subcommand != "restore" and standing_mark():
        raise click.ClickException(HALF_RESTORED)


def main() -> None:
    """Set Django up, gather the commands, run one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    django.setup()
    for name in GROUPS:
        import_module(f"linli.site.commands.{name}").register(main_group)
    main_group(prog_name="linli")


if __name__ == "__main__":
    main()

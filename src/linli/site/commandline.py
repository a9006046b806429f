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
    "retention",
    "calendar",
    "keys",
    "tokens",
    "running",
)


# Their libraries take seconds to load, so they are read when they are asked for.
LATER = ("similarity", "topics", "triage")


class CommandsOfTheHouse(click.Group):
    """The commands, those of `LATER` too."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in order."""
        return sorted({*super().list_commands(ctx), *LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, read now where it is one of `LATER`."""
        if cmd_name in LATER and cmd_name not in self.commands:
            import_module(f"linli.site.commands.{cmd_name}").register(self)
        return super().get_command(ctx, cmd_name)


@click.group(cls=CommandsOfTheHouse, context_settings={"help_option_names": ["-h", "--help"]})
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

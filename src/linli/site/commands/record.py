"""Commands: record."""

import click


def register(group: click.Group) -> None:
    """Add the commands of this file."""

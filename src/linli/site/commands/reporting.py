"""How a command reports: lines for people, or one JSON value."""

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

import click

with_json = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


def report(content: Any, *, as_json: bool, lines: Callable[[], list[str]]) -> None:
    """Print `content` as JSON, or the lines."""
    if as_json:
        click.echo(json.dumps(_plain(content), ensure_ascii=False, indent=2))
    else:
        for line in lines():
            click.echo(line)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value

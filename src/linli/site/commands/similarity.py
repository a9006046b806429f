"""Commands: near-duplicates of a text."""

from pathlib import Path

import click

from linli.methods.similarity import LEAST_LIKENESS, NearDuplicates
from linli.methods.topics.reading import read_period
from linli.site.commands.refusing import read_or_stop
from linli.site.commands.reporting import report, with_json


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(similarity)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text", required=True, help="The new text.")
@click.option("--least", type=click.FloatRange(0, 1, min_open=True), default=LEAST_LIKENESS, show_default=True)
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="How many at most.")
@with_json
def similarity(*, file: Path, text: str, least: float, most: int, as_json: bool) -> None:
    """Show the messages in FILE (xlsx, csv: id, title, time, detail) that are nearly the same as a text."""
    messages = read_or_stop(lambda: read_period(file), as_json=as_json)
    title_of = {each.number: each.title for each in messages}
    try:
        texts = ((each.number, f"{each.title} {each.detail}") for each in messages)
        known = NearDuplicates((number, content) for number, content in texts if any(map(str.isalnum, content)))
        found = known.query(text, least=least, most=most)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    content = [{"id": each.key, "likeness": each.likeness, "title": title_of[each.key]} for each in found]
    lines = [f"{each.likeness:.2f}  {each.key}  {title_of[each.key]}" for each in found]
    report(content, as_json=as_json, lines=lambda: lines or [f"none of {len(messages)} messages"])

"""How far a long story is, on one line of the terminal; where that is none, on a line of its own now and then."""

import sys
import time

import click

from linli.demo.year import Played

PLAIN_EVERY = 15.0


class ProgressLine:
    """Says what is being done, and after each day of the story how far it is and how long it will take."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._began: float | None = None
        self._said_at = 0.0
        self._open = False

    def say(self, line: str) -> None:
        """A line of its own."""
        if self._open:
            click.echo(err=True)
            self._open = False
        click.echo(line, err=True)

    def after_day(self, played: Played) -> None:
        """The line of progress, written over on a terminal."""
        now = time.monotonic()
        self._began = self._began or now
        is_last = played.demands == played.of
        if not self._on_terminal and now - self._said_at < PLAIN_EVERY and not is_last:
            return
        line = progress_line(played, now - self._began)
        if self._on_terminal:
            click.echo(f"\r{line:<78}", nl=False, err=True)
            self._open = True
        elif not is_last or self._said_at:
            click.echo(line, err=True)
        self._said_at = now


def progress_line(played: Played, seconds: float) -> str:
    """Share, month of the story, demands a second, and what remains."""
    share = played.demands / max(played.of, 1)
    speed = played.demands / seconds if seconds else 0.0
    left = round((played.of - played.demands) / speed) if speed else 0
    return (
        f"{share:4.0%}  {played.day:%Y-%m}  {played.demands:,} demands, {played.acts:,} acts  "
        f"{speed:.0f}/s  {left // 60}:{left % 60:02} left"
    )

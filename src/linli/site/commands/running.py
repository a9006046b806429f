"""Commands: running an installation."""

import sys

import click
from django.conf import settings

from linli.demo.year import Extent
from linli.ground.matters.ticking import tick
from linli.site.commands.progress import ProgressLine
from linli.site.commands.reporting import report, with_json
from linli.site.founding import found_installation
from linli.site.running import run_clock, run_worker, start_processes


def register(group: click.Group) -> None:
    """Add the commands of this file."""
    group.add_command(init)
    group.add_command(start)
    group.add_command(worker)
    group.add_command(clock)
    group.add_command(tick_once)


@click.command()
@click.option("--empty", is_flag=True, help="A district without the demo's story.")
@click.option("--year", is_flag=True, help="A whole year of the district, 20,000 demands; takes about ten minutes.")
@with_json
def init(*, empty: bool, year: bool, as_json: bool) -> None:
    """Make keys and tables; on the first run play the demo's story. Safe to repeat."""
    if empty and year:
        raise click.UsageError("--empty wants no story, --year a long one; give one of them")
    progress = ProgressLine()
    founding = found_installation(
        empty=empty, say=progress.say, year=Extent() if year else None, after_day=progress.after_day
    )

    def lines() -> list[str]:
        if not founding.logins:
            return ["ready; an empty district: go on with `linli territory import`" if empty else "ready"]
        width = max(len(each.login) for each in founding.logins)
        head = f"sample logins (password {founding.password}):"
        return [head, *(f"  {each.login:<{width}}  {each.role}  {each.who}" for each in founding.logins)]

    report(founding, as_json=as_json, lines=lines)


@click.command()
@click.option("--port", default=settings.LINLI_PORT, show_default=True, help="Port of the web server.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", default=None, type=int, help="Web processes; as many as cores when not given.")
def start(port: int, host: str, workers: int | None) -> None:
    """Run web, worker and clock as one process group until stopped."""
    click.echo(f"http://{host}:{port}/")
    sys.exit(start_processes(port, host, workers))


@click.command()
def worker() -> None:
    """Run background tasks, the sealer and the notices."""
    run_worker()


@click.command()
def clock() -> None:
    """Let time act on matters."""
    run_clock()


@click.command("tick")
@with_json
def tick_once(as_json: bool) -> None:  # noqa: FBT001 -- click passes options by name
    """Take every step that is due now, once."""
    taken = tick(settings.LINLI_CLOCK.now())
    report({"taken": taken}, as_json=as_json, lines=lambda: [f"{taken} steps taken"])

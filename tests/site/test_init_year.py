"""How `linli init --year` says how far it is."""

from datetime import date

from click.testing import CliRunner

from linli.demo.year import Played
from linli.site.commands.progress import ProgressLine, progress_line
from linli.site.commands.running import init


def test_the_line_tells_share_month_speed_and_what_remains() -> None:
    line = progress_line(Played(date(2026, 3, 9), 5_000, 20_000, 61_000), 125.0)
    assert line == " 25%  2026-03  5,000 demands, 61,000 acts  40/s  6:15 left"
    assert "0/s" in progress_line(Played(date(2026, 3, 9), 0, 20_000, 0), 0.0)


def test_where_there_is_no_terminal_lines_are_few(capsys) -> None:  # type: ignore[no-untyped-def]
    progress = ProgressLine()
    for number in range(1, 100):
        progress.after_day(Played(date(2026, 3, 9), number, 100, number))
    assert 1 <= len(capsys.readouterr().err.splitlines()) <= 3


def test_nobody_wants_no_story_and_a_long_one() -> None:
    done = CliRunner().invoke(init, ["--empty", "--year"])
    assert done.exit_code == 2
    assert "--year" in done.output

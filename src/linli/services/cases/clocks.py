"""The clocks of a demand: promised date, warning, waiting for a supplement, verification, reopening."""

from datetime import date, datetime, timedelta

from linli.ground.matters.action import Move
from linli.ground.matters.clocks import end_of, local_day, workdays
from linli.services.cases.models import Case
from linli.services.cases.timing import set_case_clock


def run_clock(move: Move[Case], days: int) -> None:
    """Promise an answer in `days` working days from today (B0.2, B0.4) and set the warning before it."""
    set_case_clock(move.row, move.now, days, workdays())
    move.note(due=move.matter.due_at.isoformat(), days=days)


def working_days_from(move: Move[Case], rule: str) -> datetime:
    """The end of the working day that lies as many working days ahead as `rule` says."""
    return end_of(workdays().add(local_day(move.now), move.facts.rules.integer(rule)))


def pause_clock(move: Move[Case]) -> None:
    """Stop the clock while somebody else has the turn; keep the working days that are left."""
    today, due = local_day(move.now), workdays_end(move)
    move.row.paused_days_left = max(workdays().between(today, due), 0)


def resume_clock(move: Move[Case]) -> None:
    """Let the clock run on with the working days that were left; at least one."""
    left = move.row.paused_days_left
    move.row.paused_days_left = None
    move.row.waits_until = None
    run_clock(move, max(left or 0, 1))


def workdays_end(move: Move[Case]) -> date:
    """The last day of the promised period."""
    return workdays().add(move.matter.clock_start, move.matter.clock_days)


def end_of_clock_start(move: Move[Case]) -> datetime:
    """A moment on the day from which the present clock runs."""
    return end_of(move.matter.clock_start) - timedelta(seconds=1)


def restart_case(move: Move[Case]) -> None:
    """Lay the case before its holder again, with a new clock and none of the old answers."""
    case = move.row
    move.lay_before(move.matter.holder)
    case.drafted_by_id = case.reviewed_by_id = case.signed_by_id = None
    case.handled_at = case.replied_at = case.verify_by = None
    case.solved, case.call_attempts = None, 0
    case.extension_asked_days = None
    days = case.topic.promised_days if case.topic else move.facts.rules.integer("promised_days")
    run_clock(move, days)

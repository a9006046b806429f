"""The clocks of a demand: promised date, warning, waiting for a supplement, verification, reopening."""

from datetime import datetime

from linli.ground.matters.action import Move
from linli.ground.matters.clocks import end_of, last_day, local_day, workdays
from linli.ground.matters.models import MatterLink, Relation
from linli.services.cases.models import Case
from linli.services.cases.rules.promise import days_left, filed_due, resumed
from linli.services.cases.timing import set_case_clock


def run_clock(move: Move[Case], days: int) -> None:
    """Promise an answer in `days` working days from today (B0.2, B0.4) and set the warning before it."""
    set_case_clock(move.row, local_day(move.now), days, workdays())
    note_clock(move)


def rectification_clock(move: Move[Case], rule: str) -> None:
    """Let the clock of the rectification run, in all phases from the day on which it was opened."""
    opened = move.row.rectification_opened_at or move.now
    set_case_clock(move.row, local_day(opened), move.facts.rules.integer(rule), workdays())
    note_clock(move)


def note_clock(move: Move[Case]) -> None:
    """Write the promise as it stands now into the record."""
    move.note(due=move.matter.due_at.isoformat(), days=move.matter.clock_days)


def file_clock(move: Move[Case], days: int) -> None:
    """Let the topic's days replace those of the receipt, from the same day on; what was warned of in time stays so.

    A clock that has been stopped or lengthened already goes on as it is.
    """
    case, matter, calendar = move.row, move.matter, workdays()
    case.promised_days = days
    before, start = matter.due_at, matter.clock_start
    if case.supplement_asked_at is None and not case.extended_days:
        due = filed_due(last_day(before), calendar.add(start, days), local_day(move.now), calendar)
        if end_of(due) != before:
            set_case_clock(case, start, calendar.between(start, due), calendar)
            move.note(due_before=before.isoformat())
    note_clock(move)


def working_days_from(move: Move[Case], rule: str) -> datetime:
    """The end of the working day that lies as many working days ahead as `rule` says."""
    return end_of(workdays().add(local_day(move.now), move.facts.rules.integer(rule)))


def pause_clock(move: Move[Case]) -> None:
    """Stop the clock while somebody else has the turn; keep the working days that are left, if any can be."""
    move.row.paused_days_left = days_left(local_day(move.now), last_day(move.matter.due_at), workdays())


def resume_clock(move: Move[Case]) -> None:
    """Let the clock run on with the working days that were left; what was overdue before stays so."""
    left, until, today = move.row.paused_days_left, move.row.waits_until, local_day(move.now)
    if left is not None:
        period = resumed(left, today, last_day(until) if until else today, workdays())
        set_case_clock(move.row, period.start, period.days, workdays())
    move.row.paused_days_left = move.row.waits_until = None
    note_clock(move)


def part_from_lead(move: Move[Case]) -> None:
    """Let a merged demand go on alone, with the days that were left."""
    MatterLink.objects.filter(origin=move.matter, relation=Relation.DUPLICATES).delete()
    move.row.merged_at = None
    resume_clock(move)


def forget_call_backs(case: Case) -> None:
    """What was said of the last reply says nothing of the next one."""
    case.solved, case.call_attempts = None, 0
    case.called_at = case.confirmed_at = None


def restart_case(move: Move[Case]) -> None:
    """Lay the case before its holder again, with a new clock and none of the old answers."""
    case = move.row
    move.lay_before(move.matter.holder)
    case.drafted_by_id = case.reviewed_by_id = case.signed_by_id = None
    case.handled_at = case.replied_at = case.verify_by = None
    forget_call_backs(case)
    case.merged_at = case.rectified_at = None
    case.extension_asked_days = case.supplement_asked_at = case.rectification_asked_at = None
    case.extended_days = 0
    case.promised_days = days = case.topic.promised_days if case.topic else move.facts.rules.integer("promised_days")
    run_clock(move, days)

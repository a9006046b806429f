"""Due date and warning of a demand, from its start, its days and a calendar."""

from datetime import datetime, timedelta

from linli.ground.matters.clocks import end_of, local_day, set_clock
from linli.kernel.workdays import Workdays
from linli.services.cases.models import Case
from linli.services.cases.rules.rulebook import rulebook


def set_case_clock(case: Case, start: datetime, days: int, calendar: Workdays) -> None:
    """Set due date and warning; a new clock has not warned yet."""
    set_clock(case.matter, local_day(start), days, calendar)
    rules = rulebook().on(local_day(case.matter.opened_at))
    warning = max(days - rules.integer("warn_days"), 0)
    case.warn_at = end_of(calendar.add(case.matter.clock_start, warning)) if warning else start
    case.warned_at = case.overdue_at = None


def reclock_case(case: Case, calendar: Workdays) -> None:
    """Set every clock again under another calendar; what was promised to a closed case stays.

    What has warned stays warned, unless by the new calendar it was too early: then time will tell again.
    """
    matter = case.matter
    rules = rulebook().on(local_day(matter.opened_at))
    if matter.closed_at is None:
        warned, overdue = case.warned_at, case.overdue_at
        set_case_clock(case, end_of(matter.clock_start) - timedelta(seconds=1), matter.clock_days, calendar)
        case.warned_at = warned if warned and case.warn_at and warned >= case.warn_at else None
        case.overdue_at = overdue if overdue and overdue >= matter.due_at else None

    def counted(anchor: datetime | None, rule: str, present: datetime | None) -> datetime | None:
        if present is None or anchor is None:
            return present
        return end_of(calendar.add(local_day(anchor), rules.integer(rule)))

    case.waits_until = counted(case.supplement_asked_at, "supplement_days", case.waits_until)
    case.verify_by = counted(case.replied_at, "verify_days", case.verify_by)
    case.reopen_until = counted(matter.closed_at or case.replied_at, "reopen_days", case.reopen_until)

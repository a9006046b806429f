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
    """Set the running clock again under another calendar; what has already warned stays warned."""
    warned, overdue = case.warned_at, case.overdue_at
    start = end_of(case.matter.clock_start) - timedelta(seconds=1)
    set_case_clock(case, start, case.matter.clock_days, calendar)
    case.warned_at, case.overdue_at = warned, overdue
